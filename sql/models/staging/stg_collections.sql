-- grain: one row per run and source
select
    collections.run_id,
    collections.source,
    collections.platform,
    collections.asked_from,
    collections.asked_through,
    collections.status,
    collections.error_code,
    collections.asked_verbs,
    collections.verbs_without_access,
    collections.secrets_used,
    collections.secrets_missing,
    collections.requests_count,
    collections.rate_limited_seconds,
    collections.posts_count,
    collections.new_posts_count,
    collections.duplicates_count,
    collections.rejected_count
from {{ source('ops', 'collections') }} as collections
