-- grain: one row per handle_number that only one author has used: whose it is
select
    handle_number,
    min(author_number) as author_number
from {{ ref('int_authors') }}
where handle_number <> author_number
group by handle_number
having count(*) = 1
