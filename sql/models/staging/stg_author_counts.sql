-- grain: one row per author_number and moment at which the size of the audience was seen to have moved
select
    {{ number_of('platform', 'lower(author_id)') }} as author_number,
    observed_at,
    max(followers_count) as followers_count
from {{ source('raw', 'author_counts') }}
where followers_count is not null
group by {{ number_of('platform', 'lower(author_id)') }}, observed_at
