-- grain: one row per source and platform of its posts
select
    source,
    platform,
    collected_from,
    collected_through
from {{ source('ops', 'progress') }}
