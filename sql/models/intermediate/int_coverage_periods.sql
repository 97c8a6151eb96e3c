-- grain: one row per platform (or `all`), period_grain and period_start
with

daily as (

    select * from {{ ref('int_coverage_daily') }}

),

sources as (

    select * from {{ ref('stg_sources') }}

),

period_days as (

    select * from {{ ref('int_period_days') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

covered as (

    select
        daily.platform,
        period_days.period_number,
        sum(daily.covered_seconds) as covered_seconds
    from daily
    inner join period_days
        on daily.covered_date = period_days.calendar_date
    group by daily.platform, period_days.period_number

),

platforms as (

    select
        platform,
        count(*) as sources_count
    from sources
    group by platform

),

by_platform as (

    select
        platforms.platform,
        periods.period_grain,
        periods.period_start,
        coalesce(covered.covered_seconds, 0.0) as covered_seconds,
        platforms.sources_count * {{ seconds_between('periods.begins_at', 'periods.ends_at') }} as period_seconds
    from platforms
    cross join periods
    left join covered
        on
            platforms.platform = covered.platform
            and periods.period_number = covered.period_number

),

together as (

    select * from by_platform

    union all

    select
        'all' as platform,
        period_grain,
        period_start,
        sum(covered_seconds) as covered_seconds,
        sum(period_seconds) as period_seconds
    from by_platform
    group by period_grain, period_start

),

final as (

    select
        platform,
        period_grain,
        period_start,
        covered_seconds,
        period_seconds,
        case when period_seconds > 0 then least(covered_seconds / period_seconds, 1.0) end as coverage
    from together

)

select * from final
