-- grain: one row per kind of data: how long it is kept
select
    kind,
    kept_days,
    enforced_at
from {{ source('ops', 'retention') }}
