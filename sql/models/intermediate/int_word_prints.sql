-- grain: one row per organisation, platform and day of the last 56, in which words of peaks are counted: a print of
-- what was said
with

said as (

    select * from {{ ref('int_said_days') }}

),

calendar as (

    select max(calendar_date) as last_day from {{ ref('int_calendar') }}

),

final as (

    select
        said.organisation,
        said.platform,
        said.posted_date,
        said.said_print as group_print
    from said
    inner join calendar
        on said.posted_date > {{ days_later('calendar.last_day', -56) }}

)

select * from final
