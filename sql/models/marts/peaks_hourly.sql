-- grain: one row per organisation, platform (or `all`) and hour in which more was said than could be expected
select
    organisation,
    platform,
    posted_date,
    hour_begins_at,
    hour_of_day,
    volume,
    weeks_count,
    expected,
    spread,
    threshold
from {{ ref('int_hourly_peaks') }}
