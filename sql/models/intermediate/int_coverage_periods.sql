-- grain: one row per platform (or `all`), period_grain and period_start
with

daily as (

    select * from {{ ref('int_coverage_daily') }}

),

sources as (

    select * from {{ ref('stg_sources') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

covered_days as (

    select
        platform,
        covered_date,
        sum(covered_seconds) as covered_seconds
    from daily
    group by platform, covered_date

),

-- also the days on which the calendar pauses: silence was listened to
days as (

    select covered_date
    from daily
    group by covered_date

),

period_days as (

    select
        periods.period_number,
        days.covered_date
    from days
    inner join periods
        on
            days.covered_date >= periods.period_start
            and days.covered_date < periods.period_end

),

covered as (

    select
        covered_days.platform,
        period_days.period_number,
        sum(covered_days.covered_seconds) as covered_seconds
    from covered_days
    inner join period_days
        on covered_days.covered_date = period_days.covered_date
    group by covered_days.platform, period_days.period_number

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
