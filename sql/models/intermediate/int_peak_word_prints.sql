-- grain: one row per organisation, platform and day with a peak, of the last 28 days: a print of its peaks, of what was
-- said that day, and in the 28 days before it
with

calendar as (

    select max(calendar_date) as last_day from {{ ref('int_calendar') }}

),

peaks as (

    select prints.*
    from {{ ref('int_peak_prints') }} as prints
    inner join calendar
        on prints.posted_date > {{ days_later('calendar.last_day', -28) }}
    where prints.platform <> 'all'

),

days as (

    select * from {{ ref('int_said_days') }}

),

final as (

    select
        peaks.organisation,
        peaks.platform,
        peaks.posted_date,
        {{ print_of([
            'max(peaks.group_print)', 'sum(' ~ print_of(['days.posted_date', 'days.said_print']) ~ ')',
        ]) }} as group_print
    from peaks
    inner join days
        on
            peaks.organisation = days.organisation
            and peaks.platform = days.platform
            and peaks.posted_date >= days.posted_date
            and peaks.posted_date <= {{ days_later('days.posted_date', 28) }}
    group by peaks.organisation, peaks.platform, peaks.posted_date

)

select * from final
