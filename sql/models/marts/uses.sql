-- grain: one row per organisation, platform (or `all`), period_grain, period_start and use
{%- set uses = ['service', 'knowledge', 'image', 'sales', 'product', 'internal'] %}
with

counts as (

    select * from {{ ref('int_counts_periods') }}

),

night as (

    select * from {{ ref('int_night') }}

),

used as (

    {%- for use in uses %}
    select
        organisation,
        platform,
        period_grain,
        period_start,
        '{{ use }}' as purpose,
        demand_{{ use }} as demand_posts,
        attention_{{ use }} as attention_posts,
        matured_24h_{{ use }} as matured_posts,
        answered_24h_{{ use }} as answered_posts,
        positive_{{ use }} as positive_posts,
        negative_{{ use }} as negative_posts,
        positive_{{ use }} + neutral_{{ use }} + negative_{{ use }} as sentiment_posts
    from counts
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

final as (

    select
        used.organisation,
        used.platform,
        used.period_grain,
        used.period_start,
        used.purpose,
        used.demand_posts,
        used.attention_posts,
        {{ ratio(
            'used.demand_posts',
            'sum(used.demand_posts) over ('
                'partition by used.organisation, used.platform, used.period_grain, used.period_start)'
        ) }} as demand_share,
        {{ ratio(
            'used.attention_posts',
            'sum(used.attention_posts) over ('
                'partition by used.organisation, used.platform, used.period_grain, used.period_start)'
        ) }} as attention_share,
        used.matured_posts,
        used.answered_posts,
        used.matured_posts - used.answered_posts as unmet_posts,
        {{ ratio('used.answered_posts', 'used.matured_posts') }} as response_rate_24h,
        {{ wilson_low('used.answered_posts', 'used.matured_posts') }} as response_rate_low,
        {{ wilson_high('used.answered_posts', 'used.matured_posts') }} as response_rate_high,
        used.sentiment_posts,
        {{ ratio('used.positive_posts - used.negative_posts', 'used.sentiment_posts') }} as net_sentiment,
        used.matured_posts < night.minimum_n as too_few
    from used
    cross join night

)

select * from final
