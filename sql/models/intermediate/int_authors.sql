-- grain: one row per author_number and handle_number under which one author was seen with both id and handle
select
    platform,
    author_number,
    handle_number
from {{ ref('stg_posts') }}
where
    has_author_id
    and handle_number is not null
    and handle_number <> author_number
group by platform, author_number, handle_number
