-- grain: one row per organisation, platform (or `all`) and day on which more was said than could be expected
select
    organisation,
    platform,
    posted_date,
    volume,
    weeks_count,
    expected,
    spread,
    threshold
from {{ ref('int_peaks') }}
