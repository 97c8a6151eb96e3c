-- grain: one row per organisation, platform (or `all`), peak_grain and begins_at: every peak, be it a day or an hour
{{ config(materialized='view') }}
select
    peaks.organisation,
    peaks.platform,
    'day' as peak_grain,
    {{ local_midnight('peaks.posted_date', 'night.timezone') }} as begins_at,
    peaks.posted_date
from {{ ref('int_peaks') }} as peaks
cross join {{ ref('int_night') }} as night

union all

select
    organisation,
    platform,
    'hour' as peak_grain,
    hour_begins_at as begins_at,
    posted_date
from {{ ref('int_hourly_peaks') }}
