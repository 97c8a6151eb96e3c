-- grain: one row per source and post_number with which a thread was asked that was not read to its end since
select
    source,
    {{ number_of('platform', 'post_id') }} as post_number,
    reason,
    is_asked_again,
    first_cut_at,
    last_cut_at
from {{ source('raw', 'cut_threads') }}
where closed_by_run_id is null
