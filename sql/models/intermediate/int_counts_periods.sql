-- grain: one row per organisation, platform (or `all`), period_grain and period_start, silent periods included
{%- set counted = [
    'volume', 'outbound_posts', 'inbound_posts', 'addressed_posts', 'mentioned_posts', 'peer_to_peer_posts',
    'employee_posts', 'context_posts', 'voice_posts', 'positive_posts', 'neutral_posts', 'negative_posts',
    'broadcasts', 'self_relays', 'replies', 'relays', 'outreach', 'continuations', 'proactive_replies',
    'audience_questions', 'audience_questions_taken_up', 'broadcasts_with_replies', 'broadcasts_with_reposts',
    'broadcasts_with_likes', 'replies_received', 'reposts_received', 'likes_received',
    'matured_1h', 'answered_1h', 'matured_4h', 'answered_4h', 'matured_24h', 'answered_24h',
    'matured_7d', 'answered_7d', 'needing_matured_24h', 'needing_answered_24h', 'open_queue',
    'personal_replies', 'giving_posts', 'taking_posts', 'press_agentry_posts', 'public_information_posts',
    'two_way_asymmetrical_posts', 'two_way_symmetrical_posts',
] %}
{%- for use in ['service', 'knowledge', 'image', 'sales', 'product', 'internal'] %}
{%- for what in ['demand', 'attention', 'positive', 'neutral', 'negative', 'matured_24h', 'answered_24h'] %}
{%- do counted.append(what ~ '_' ~ use) %}
{%- endfor %}
{%- endfor %}
with

daily as (

    select * from {{ ref('int_counts_daily') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

period_days as (

    select * from {{ ref('int_period_days') }}

),

grid as (

    select * from {{ ref('int_grid') }}

),

panels as (

    select * from {{ ref('int_panels') }}

),

summed as (

    select
        scopes.scope_number,
        period_days.period_number,
        {%- for column in counted %}
        cast(sum(daily.{{ column }}) as bigint) as {{ column }},
        {%- endfor %}
        max(daily.oldest_waiting_seconds) as oldest_waiting_seconds
    from daily
    inner join scopes
        on
            daily.organisation = scopes.organisation
            and daily.platform = scopes.platform
    inner join period_days
        on daily.posted_date = period_days.calendar_date
    group by scopes.scope_number, period_days.period_number

),

filled as (

    {% call counts_on_grid(counted) %},
        summed.oldest_waiting_seconds
    {%- endcall %}

),

final as (

    select
        filled.*,
        filled.outbound_posts - filled.continuations as own_posts_counted,
        filled.positive_posts + filled.neutral_posts + filled.negative_posts as sentiment_posts,
        {{ over_panel('filled', 'panels', 'voice_posts') }}
    from filled
    inner join panels
        on
            filled.period_grain = panels.period_grain
            and filled.period_start = panels.period_start
            and filled.organisation = panels.organisation

)

select * from final
