-- grain: one row per author_number, as last observed
select
    {{ number_of('platform', 'lower(author_id)') }} as author_number,
    max(followers_count) as followers_count,
    {{ first_name('max(author_name)') }} as first_name
from {{ source('raw', 'authors') }}
group by {{ number_of('platform', 'lower(author_id)') }}
