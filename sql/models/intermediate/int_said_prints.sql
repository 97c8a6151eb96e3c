-- grain: one row per organisation, platform and day of the calendar on which something was said: a print of it, and of
-- what the clock is
{{ config(materialized='view') }}
select
    said.organisation,
    said.platform,
    said.posted_date,
    {{ print_of(['said.said_print', 'settings.timezone']) }} as group_print
from {{ ref('int_said_days') }} as said
inner join {{ ref('int_calendar') }} as calendar
    on said.posted_date = calendar.calendar_date
cross join {{ ref('stg_settings') }} as settings
