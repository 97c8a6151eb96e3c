-- grain: one row per organisation, platform (or `all`), period_grain, period_start and measure
-- what was said and answered
with

counts as (

    select * from {{ ref('int_counts_periods') }}

),

final as (

    {{ measures('counts', [
        ['own_posts', 'count', 'outbound_posts', none],
        ['broadcasts', 'count', 'broadcasts', none],
        ['replies', 'count', 'replies', none],
        ['relays', 'count', 'relays', none],
        ['outreach', 'count', 'outreach', none],
        ['continuations', 'count', 'continuations', none],
        ['conversation_share', 'share', 'replies', 'own_posts_counted'],
        ['broadcast_share', 'share', 'broadcasts + self_relays', 'own_posts_counted'],
        ['listening_ratio', 'ratio', 'replies + relays + outreach', '(broadcasts + self_relays)'],
        ['proactive_share', 'share', 'proactive_replies', 'replies'],
        ['question_share', 'share', 'audience_questions', 'own_posts_counted'],
        ['questions_answered_share', 'share', 'audience_questions_taken_up', 'audience_questions'],
        ['addressed_posts', 'count', 'addressed_posts', none],
        ['mentioned_posts', 'count', 'mentioned_posts', none],
        ['response_rate_1h', 'share', 'answered_1h', 'matured_1h'],
        ['response_rate_4h', 'share', 'answered_4h', 'matured_4h'],
        ['response_rate_24h', 'share', 'answered_24h', 'matured_24h'],
        ['response_rate_7d', 'share', 'answered_7d', 'matured_7d'],
        ['needs_response_rate_24h', 'share', 'needing_answered_24h', 'needing_matured_24h'],
        ['open_queue', 'count', 'open_queue', none],
        ['oldest_waiting_seconds', 'count', 'oldest_waiting_seconds', none],
        ['conversation_rate', 'ratio', 'replies_received', 'broadcasts_with_replies'],
        ['amplification_rate', 'ratio', 'reposts_received', 'broadcasts_with_reposts'],
        ['applause_rate', 'ratio', 'likes_received', 'broadcasts_with_likes'],
        ['volume', 'count', 'volume', none],
        ['share_of_voice', 'share', 'panel_own_voice_posts', 'panel_voice_posts'],
        ['net_sentiment', 'ratio', 'positive_posts - negative_posts', 'sentiment_posts'],
    ]) }}

)

select * from final
