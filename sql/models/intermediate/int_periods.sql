-- grain: one row per period_number, that is per period_grain and period_start, with its bounds
with

calendar as (

    select * from {{ ref('int_calendar') }}

),

settings as (

    select * from {{ ref('stg_settings') }}

),

horizons as (

    select max(collected_through) as collected_through
    from {{ ref('int_horizons') }}

),

periods as (

    select
        'day' as period_grain,
        calendar_date as period_start,
        {{ days_later('calendar_date', 1) }} as period_end
    from calendar

    union

    select
        'week' as period_grain,
        cast(date_trunc('week', calendar_date) as date) as period_start,
        {{ days_later("cast(date_trunc('week', calendar_date) as date)", 7) }} as period_end
    from calendar

    union

    select
        'month' as period_grain,
        cast(date_trunc('month', calendar_date) as date) as period_start,
        cast(date_trunc('month', {{ days_later("cast(date_trunc('month', calendar_date) as date)", 31) }}) as date)
            as period_end
    from calendar

    union

    select
        'quarter' as period_grain,
        cast(date_trunc('quarter', calendar_date) as date) as period_start,
        cast(
            date_trunc('quarter', {{ days_later("cast(date_trunc('quarter', calendar_date) as date)", 92) }}) as date
        ) as period_end
    from calendar

    union

    select
        'rolling_28d' as period_grain,
        {{ days_later('calendar_date', -27) }} as period_start,
        {{ days_later('calendar_date', 1) }} as period_end
    from calendar

    union

    select
        'all' as period_grain,
        min(calendar_date) as period_start,
        {{ days_later('max(calendar_date)', 1) }} as period_end
    from calendar
    having count(*) > 0

),

final as (

    select
        -- the same number in every build, but for `all`, which there is one of
        cast(
            case periods.period_grain
                when 'all' then 0
                when 'day' then 100000000
                when 'week' then 200000000
                when 'month' then 300000000
                when 'quarter' then 400000000
                else 500000000
            end
            + case
                when periods.period_grain = 'all' then 0
                else
                    extract(year from periods.period_start) * 10000
                    + extract(month from periods.period_start) * 100
                    + extract(day from periods.period_start)
            end as integer
        ) as period_number,
        periods.period_grain,
        periods.period_start,
        periods.period_end,
        {{ local_midnight('periods.period_start', 'settings.timezone') }} as begins_at,
        -- the running period lasts until now, and now is what has been collected
        least({{ local_midnight('periods.period_end', 'settings.timezone') }}, horizons.collected_through) as ends_at
    from periods
    cross join settings
    cross join horizons

)

select * from final
