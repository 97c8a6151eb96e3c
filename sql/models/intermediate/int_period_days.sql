-- grain: one row per period_grain, period_start and day of the calendar that belongs to it
with

calendar as (

    select * from {{ ref('int_calendar') }}

),

first_days as (

    select min(calendar_date) as first_day
    from calendar

),

final as (

    select
        'day' as period_grain,
        calendar_date as period_start,
        calendar_date
    from calendar

    union all

    select
        'week' as period_grain,
        cast(date_trunc('week', calendar_date) as date) as period_start,
        calendar_date
    from calendar

    union all

    select
        'month' as period_grain,
        cast(date_trunc('month', calendar_date) as date) as period_start,
        calendar_date
    from calendar

    union all

    select
        'quarter' as period_grain,
        cast(date_trunc('quarter', calendar_date) as date) as period_start,
        calendar_date
    from calendar

    union all

    select
        'rolling_28d' as period_grain,
        {{ days_later('last_days.calendar_date', -27) }} as period_start,
        calendar.calendar_date
    from calendar as last_days
    inner join calendar
        on
            last_days.calendar_date >= calendar.calendar_date
            and {{ days_later('last_days.calendar_date', -27) }} <= calendar.calendar_date

    union all

    select
        'all' as period_grain,
        first_days.first_day as period_start,
        calendar.calendar_date
    from calendar
    cross join first_days

)

select * from final
