-- grain: one row per organisation, platform (or `all`), peak hour and rank: posts that drew most reactions then
select
    organisation,
    platform,
    posted_date,
    begins_at as hour_begins_at,
    post_rank,
    post_key,
    role,
    reactions_count
from {{ ref('int_peak_posts') }}
where peak_grain = 'hour'
