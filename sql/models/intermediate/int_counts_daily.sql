-- grain: one row per organisation, platform and day on which something was said: everything that may be summed
{%- set windows = {'1h': 3600, '4h': 14400, '24h': 86400, '7d': 604800} %}
{%- set uses = ['service', 'knowledge', 'image', 'sales', 'product', 'internal'] %}
{%- set pr_models = ['press_agentry', 'public_information', 'two_way_asymmetrical', 'two_way_symmetrical'] %}
with

roles as (

    select * from {{ ref('int_roles') }}

),

acts as (

    select * from {{ ref('int_acts') }}

),

answers as (

    select * from {{ ref('int_answers') }}

),

addressed as (

    select
        *,
        needs_response and observed_seconds >= 86400 as is_needing_matured,
        needs_response and not is_answered and observed_seconds >= 0 as is_open
    from {{ ref('int_addressed') }}

),

moods as (

    select * from {{ ref('int_moods') }}

),

-- posts that are counted alike: every count of a day is the sum of some of these
voices as (

    select
        roles.organisation,
        roles.platform,
        roles.posted_date,
        roles.role,
        {{ sentiment_about('roles.sentiment') }} as sentiment,
        roles.purpose,
        roles.role in ('addressed', 'mentioned', 'peer_to_peer') as is_voice,
        count(*) as posts_count
    from roles
    left join moods
        on
            roles.organisation = moods.organisation
            and roles.post_number = moods.post_number
    group by
        roles.organisation,
        roles.platform,
        roles.posted_date,
        roles.role,
        {{ sentiment_about('roles.sentiment') }},
        roles.purpose

),

volumes as (

    select
        organisation,
        platform,
        posted_date,
        cast(sum(posts_count) as bigint) as volume,
        {{ sum_when("role = 'outbound'") }} as outbound_posts,
        {{ sum_when("is_voice or role = 'employee'") }} as inbound_posts,
        {{ sum_when("role = 'addressed'") }} as addressed_posts,
        {{ sum_when("role in ('mentioned', 'peer_to_peer')") }} as mentioned_posts,
        {{ sum_when("role = 'peer_to_peer'") }} as peer_to_peer_posts,
        {{ sum_when("role = 'employee'") }} as employee_posts,
        {{ sum_when("role = 'context'") }} as context_posts,
        {{ sum_when("is_voice") }} as voice_posts,
        {%- for use in uses %}
        {{ sum_when("is_voice and purpose = '" ~ use ~ "'") }} as demand_{{ use }},
        {{ sum_when("role = 'outbound' and purpose = '" ~ use ~ "'") }} as attention_{{ use }},
        {{ sum_when("is_voice and purpose = '" ~ use ~ "' and sentiment = 'positive'") }} as positive_{{ use }},
        {{ sum_when("is_voice and purpose = '" ~ use ~ "' and sentiment = 'neutral'") }} as neutral_{{ use }},
        {{ sum_when("is_voice and purpose = '" ~ use ~ "' and sentiment = 'negative'") }} as negative_{{ use }},
        {%- endfor %}
        {{ sum_when("is_voice and sentiment = 'positive'") }} as positive_posts,
        {{ sum_when("is_voice and sentiment = 'neutral'") }} as neutral_posts,
        {{ sum_when("is_voice and sentiment = 'negative'") }} as negative_posts
    from voices
    group by organisation, platform, posted_date

),

personal as (

    select * from {{ ref('int_personal_replies') }}

),

-- threads in which somebody replied and the organisation answered that
exchanges as (

    select
        organisation,
        thread_number
    from answers
    group by organisation, thread_number

),

told as (

    select
        acts.organisation,
        acts.platform,
        acts.posted_date,
        acts.act,
        acts.reply_mode,
        acts.is_question,
        acts.replies_count,
        acts.reposts_count,
        acts.likes_count,
        acts.pr_model,
        -- to pass on what others said is to give, whatever it says
        case when acts.act = 'relay' then 'give' else acts.giving end as giving,
        personal.post_number is not null as is_personal,
        exchanges.thread_number is not null as is_taken_up
    from acts
    left join exchanges
        on
            acts.organisation = exchanges.organisation
            and acts.thread_number = exchanges.thread_number
    left join personal
        on
            acts.organisation = personal.organisation
            and acts.post_number = personal.post_number

),

deeds as (

    select
        organisation,
        platform,
        posted_date,
        count(case when act = 'broadcast' then 1 end) as broadcasts,
        count(case when act = 'broadcast' and is_question then 1 end) as audience_questions,
        count(case when act = 'broadcast' and is_question and is_taken_up then 1 end) as audience_questions_taken_up,
        count(case when act = 'broadcast' then replies_count end) as broadcasts_with_replies,
        count(case when act = 'broadcast' then reposts_count end) as broadcasts_with_reposts,
        count(case when act = 'broadcast' then likes_count end) as broadcasts_with_likes,
        coalesce(sum(case when act = 'broadcast' then replies_count end), 0) as replies_received,
        coalesce(sum(case when act = 'broadcast' then reposts_count end), 0) as reposts_received,
        coalesce(sum(case when act = 'broadcast' then likes_count end), 0) as likes_received,
        count(case when act = 'self_relay' then 1 end) as self_relays,
        count(case when act = 'reply' then 1 end) as replies,
        count(case when act = 'relay' then 1 end) as relays,
        count(case when act = 'outreach' then 1 end) as outreach,
        count(case when act = 'continuation' then 1 end) as continuations,
        count(case when reply_mode = 'proactive' then 1 end) as proactive_replies,
        {%- for pr_model in pr_models %}
        count(case when pr_model = '{{ pr_model }}' then 1 end) as {{ pr_model }}_posts,
        {%- endfor %}
        count(case when is_personal then 1 end) as personal_replies,
        count(case when giving = 'give' then 1 end) as giving_posts,
        count(case when giving = 'take' then 1 end) as taking_posts
    from told
    group by organisation, platform, posted_date

),

responses as (

    select
        organisation,
        platform,
        asked_date as posted_date,
        {%- for name, seconds in windows.items() %}
        count(case when observed_seconds >= {{ seconds }} then 1 end) as matured_{{ name }},
        count(
            case when observed_seconds >= {{ seconds }} and seconds <= {{ seconds }} then 1 end
        ) as answered_{{ name }},
        {%- endfor %}
        count(case when is_needing_matured then 1 end) as needing_matured_24h,
        count(case when is_needing_matured and seconds <= 86400 then 1 end) as needing_answered_24h,
        {%- for use in uses %}
        count(case when purpose = '{{ use }}' and observed_seconds >= 86400 then 1 end) as matured_24h_{{ use }},
        count(
            case when purpose = '{{ use }}' and observed_seconds >= 86400 and seconds <= 86400 then 1 end
        ) as answered_24h_{{ use }},
        {%- endfor %}
        count(case when is_open then 1 end) as open_queue,
        max(case when is_open then observed_seconds end) as oldest_waiting_seconds
    from addressed
    group by organisation, platform, asked_date

),

final as (

    select
        volumes.organisation,
        volumes.platform,
        volumes.posted_date,
        volumes.volume,
        volumes.outbound_posts,
        volumes.inbound_posts,
        volumes.addressed_posts,
        volumes.mentioned_posts,
        volumes.peer_to_peer_posts,
        volumes.employee_posts,
        volumes.context_posts,
        volumes.voice_posts,
        volumes.positive_posts,
        volumes.neutral_posts,
        volumes.negative_posts,
        {%- for use in uses %}
        {%- for what in ['demand', 'attention', 'positive', 'neutral', 'negative'] %}
        volumes.{{ what }}_{{ use }},
        {%- endfor %}
        {%- endfor %}
        coalesce(deeds.broadcasts, 0) as broadcasts,
        coalesce(deeds.audience_questions, 0) as audience_questions,
        coalesce(deeds.audience_questions_taken_up, 0) as audience_questions_taken_up,
        coalesce(deeds.broadcasts_with_replies, 0) as broadcasts_with_replies,
        coalesce(deeds.broadcasts_with_reposts, 0) as broadcasts_with_reposts,
        coalesce(deeds.broadcasts_with_likes, 0) as broadcasts_with_likes,
        coalesce(deeds.replies_received, 0) as replies_received,
        coalesce(deeds.reposts_received, 0) as reposts_received,
        coalesce(deeds.likes_received, 0) as likes_received,
        coalesce(deeds.self_relays, 0) as self_relays,
        coalesce(deeds.replies, 0) as replies,
        coalesce(deeds.relays, 0) as relays,
        coalesce(deeds.outreach, 0) as outreach,
        coalesce(deeds.continuations, 0) as continuations,
        coalesce(deeds.proactive_replies, 0) as proactive_replies,
        coalesce(deeds.personal_replies, 0) as personal_replies,
        coalesce(deeds.giving_posts, 0) as giving_posts,
        coalesce(deeds.taking_posts, 0) as taking_posts,
        {%- for pr_model in pr_models %}
        coalesce(deeds.{{ pr_model }}_posts, 0) as {{ pr_model }}_posts,
        {%- endfor %}
        {%- for name in windows %}
        coalesce(responses.matured_{{ name }}, 0) as matured_{{ name }},
        coalesce(responses.answered_{{ name }}, 0) as answered_{{ name }},
        {%- endfor %}
        coalesce(responses.needing_matured_24h, 0) as needing_matured_24h,
        coalesce(responses.needing_answered_24h, 0) as needing_answered_24h,
        {%- for use in uses %}
        coalesce(responses.matured_24h_{{ use }}, 0) as matured_24h_{{ use }},
        coalesce(responses.answered_24h_{{ use }}, 0) as answered_24h_{{ use }},
        {%- endfor %}
        coalesce(responses.open_queue, 0) as open_queue,
        responses.oldest_waiting_seconds
    from volumes
    left join deeds
        on
            volumes.organisation = deeds.organisation
            and volumes.platform = deeds.platform
            and volumes.posted_date = deeds.posted_date
    left join responses
        on
            volumes.organisation = responses.organisation
            and volumes.platform = responses.platform
            and volumes.posted_date = responses.posted_date

)

select * from final
