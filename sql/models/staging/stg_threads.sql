-- grain: one row per platform and post_id, deleted posts included: its place in its reply tree
select
    platform,
    post_id,
    thread_id,
    depth
from {{ source('raw', 'threads') }}
