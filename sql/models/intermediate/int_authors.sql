-- grain: one row per author_number and handle_number under which one author was seen, also where they are the same
select
    platform,
    author_number,
    handle_number
from {{ ref('stg_posts') }}
where handle_number is not null
group by platform, author_number, handle_number
