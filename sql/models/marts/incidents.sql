-- grain: one row per source and kind of incident: what its last run makes somebody look at
select
    source,
    platform,
    incident,
    run_id,
    error_code,
    secrets_used,
    secrets_missing,
    new_posts_count,
    usual_posts
from {{ ref('int_incidents') }}
