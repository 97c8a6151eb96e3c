-- grain: one row per run and source
select
    run_id,
    source,
    platform,
    asked_from,
    asked_through,
    status,
    error_code,
    asked_verbs,
    verbs_without_access,
    secrets_used,
    secrets_missing,
    requests_count,
    posts_count,
    new_posts_count,
    duplicates_count,
    rejected_count,
    rate_limited_seconds,
    open_gaps_count,
    open_gap_seconds
from {{ ref('int_source_runs') }}
