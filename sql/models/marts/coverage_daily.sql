-- grain: one row per source and day from the first to the newest day collected
with

daily as (

    select * from {{ ref('int_coverage_daily') }}

),

posts as (

    select
        first_source as source,
        posted_date,
        count(*) as posts_count
    from {{ ref('int_posts') }}
    group by first_source, posted_date

),

counted as (

    select
        daily.source,
        daily.platform,
        daily.covered_date,
        daily.day_seconds,
        daily.covered_seconds,
        coalesce(posts.posts_count, 0) as posts_count,
        avg(coalesce(posts.posts_count, 0)) over (
            partition by daily.source
            order by daily.covered_date
            rows between 28 preceding and 1 preceding
        ) as usual_count
    from daily
    left join posts
        on
            daily.source = posts.source
            and daily.covered_date = posts.posted_date

),

final as (

    select
        source,
        platform,
        covered_date,
        day_seconds / 3600 as hours,
        covered_seconds / 3600 as covered_hours,
        {{ ratio('covered_seconds', 'day_seconds') }} as coverage,
        posts_count,
        posts_count = 0
        and covered_seconds >= 72000
        and coalesce(usual_count >= 5, false) as is_silent
    from counted

)

select * from final
