-- grain: one row per configured source
select
    source,
    platform
from {{ source('conf', 'sources') }}
