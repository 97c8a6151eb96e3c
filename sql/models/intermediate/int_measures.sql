-- grain: one row per organisation, platform (or `all`), period_grain, period_start and measure, without coverage
with

counts as (

    select * from {{ ref('int_counts_periods') }}

),

grid as (

    select * from {{ ref('int_grid') }}

),

response_times as (

    select
        grid.*,
        coalesce(times.answered_questions, 0) as answered_questions,
        coalesce(times.questions, 0) as questions,
        times.median_seconds,
        times.p90_seconds
    from grid
    left join {{ ref('int_response_times') }} as times
        on
            grid.scope_number = times.scope_number
            and grid.period_number = times.period_number

),

people as (

    select
        grid.*,
        coalesce(answered.people_answered, 0) as people_answered,
        coalesce(answered.repeat_conversers, 0) as repeat_conversers,
        coalesce(addressing.people_addressing, 0) as people_addressing,
        coalesce(addressing.askers_answered, 0) as askers_answered,
        coalesce(addressing.answers_count, 0) as answers_count,
        addressing.answer_gini
    from grid
    left join {{ ref('int_people_answered') }} as answered
        on
            grid.scope_number = answered.scope_number
            and grid.period_number = answered.period_number
    left join {{ ref('int_people_addressing') }} as addressing
        on
            grid.scope_number = addressing.scope_number
            and grid.period_number = addressing.period_number

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
        ['addressed_posts', 'count', 'addressed_posts', none],
        ['mentioned_posts', 'count', 'mentioned_posts', none],
        ['response_rate_1h', 'share', 'answered_1h', 'matured_1h'],
        ['response_rate_4h', 'share', 'answered_4h', 'matured_4h'],
        ['response_rate_24h', 'share', 'answered_24h', 'matured_24h'],
        ['response_rate_7d', 'share', 'answered_7d', 'matured_7d'],
        ['needs_response_rate_24h', 'share', 'needing_answered_24h', 'needing_matured_24h'],
        ['open_queue', 'count', 'open_queue', none],
        ['oldest_waiting_seconds', 'count', 'oldest_waiting_seconds', none],
        ['volume', 'count', 'volume', none],
        ['share_of_voice', 'share', 'voice_posts', 'panel_voice_posts'],
        ['net_sentiment', 'ratio', 'positive_posts - negative_posts', 'sentiment_posts'],
    ]) }}

    union all

    {{ measures('people', [
        ['people_answered', 'count', 'people_answered', none],
        ['people_answered_share', 'share', 'askers_answered', 'people_addressing'],
        ['repeat_converser_share', 'share', 'repeat_conversers', 'people_answered'],
    ]) }}

    union all

    select
        organisation,
        platform,
        period_grain,
        period_start,
        'answer_gini' as measure,
        answer_gini as value,
        cast(answers_count as double) as numerator,
        cast(people_addressing as double) as denominator,
        cast(null as double) as low,
        cast(null as double) as high
    from people

    union all

    select
        organisation,
        platform,
        period_grain,
        period_start,
        'first_response_seconds_median' as measure,
        median_seconds as value,
        cast(answered_questions as double) as numerator,
        cast(questions as double) as denominator,
        cast(null as double) as low,
        cast(null as double) as high
    from response_times

    union all

    select
        organisation,
        platform,
        period_grain,
        period_start,
        'first_response_seconds_p90' as measure,
        p90_seconds as value,
        cast(answered_questions as double) as numerator,
        cast(questions as double) as denominator,
        cast(null as double) as low,
        cast(null as double) as high
    from response_times

)

select * from final
