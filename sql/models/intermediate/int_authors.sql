-- grain: one row per author_number and handle_number under which one author was seen, also where they are the same
select
    platform,
    author_number,
    handle_number,
    min(author_key) as first_key,
    max(author_key) as last_key
from {{ ref('stg_posts') }}
where handle_number is not null
group by platform, author_number, handle_number
