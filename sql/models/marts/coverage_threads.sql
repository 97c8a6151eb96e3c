-- grain: one row per source and thread_key
select
    source,
    platform,
    thread_key,
    reason,
    is_asked_again,
    first_cut_at,
    last_cut_at
from {{ ref('int_cut_threads') }}
