-- grain: one row per source and stretch of time that no run has covered yet
select
    source,
    platform,
    gap_from,
    gap_to,
    reason,
    run_id,
    verb
from {{ source('ops', 'gaps') }}
where
    closed_by_run_id is null
    and gap_to > gap_from
