-- grain: one row per platform and author_id, as last observed
select
    platform,
    lower(author_id) as author_id,
    max(followers_count) as followers_count
from {{ source('raw', 'authors') }}
group by platform, lower(author_id)
