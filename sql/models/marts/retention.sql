-- grain: one row per kind of data: how long it is kept, and when that was last enforced
select
    kind,
    kept_days,
    enforced_at
from {{ ref('int_retention') }}
