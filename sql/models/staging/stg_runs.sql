-- grain: one row per run
select
    run_id,
    started_at,
    finished_at,
    status,
    version
from {{ source('ops', 'runs') }}
