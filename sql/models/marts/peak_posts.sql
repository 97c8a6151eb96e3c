-- grain: one row per organisation, platform (or `all`), peak day and rank: the posts that drew most reactions that day
select
    organisation,
    platform,
    posted_date,
    post_rank,
    post_key,
    role,
    reactions_count
from {{ ref('int_peak_posts') }}
where peak_grain = 'day'
