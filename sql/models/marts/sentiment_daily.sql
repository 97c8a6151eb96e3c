-- grain: one row per organisation, platform and day, silent days included
with

counts as (

    select * from {{ ref('int_counts_periods') }}
    where
        period_grain = 'day'
        and platform <> 'all'

),

night as (

    select * from {{ ref('int_night') }}

),

final as (

    select
        counts.organisation,
        counts.platform,
        counts.period_start as posted_date,
        counts.positive_posts,
        counts.neutral_posts,
        counts.negative_posts,
        counts.sentiment_posts as posts_count,
        {{ ratio('counts.positive_posts - counts.negative_posts', 'counts.sentiment_posts') }} as net_sentiment,
        counts.sentiment_posts < night.minimum_n as too_few
    from counts
    cross join night

)

select * from final
