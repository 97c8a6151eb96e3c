-- grain: one row per post_number, deleted posts included: its place in its reply tree
select
    {{ number_of('platform', 'post_id') }} as post_number,
    {{ place_of_row(number_of('platform', 'post_id')) }} as place,
    {{ number_of('platform', 'thread_id') }} as thread_number,
    platform,
    thread_id,
    depth
from {{ source('raw', 'threads') }}
