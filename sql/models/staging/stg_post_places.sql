-- grain: one row per post_number, deleted ones included: where its row stands among those of stg_told_posts
select
    {{ number_of('platform', 'post_id') }} as post_number,
    {{ place_of_row(number_of('platform', 'post_id')) }} as place
from {{ source('raw', 'posts') }}
