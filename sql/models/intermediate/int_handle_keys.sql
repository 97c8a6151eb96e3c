-- grain: one row per handle_number that only one author has used: the pseudonym of that author
select
    handle_number,
    min(author_key) as author_key
from {{ ref('int_posts') }}
where handle_number is not null
group by handle_number
having min(author_key) = max(author_key)
