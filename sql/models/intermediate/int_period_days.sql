-- grain: one row per period_number and day of the calendar that belongs to it
with

calendar as (

    select * from {{ ref('int_calendar') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

final as (

    select
        periods.period_number,
        calendar.calendar_date
    from periods
    inner join calendar
        on
            periods.period_start <= calendar.calendar_date
            and periods.period_end > calendar.calendar_date

)

select * from final
