-- grain: one row per organisation, platform, peak hour and rank: the words that hour had and the weeks before had not
select
    organisation,
    platform,
    posted_date,
    begins_at as hour_begins_at,
    term_rank,
    term,
    posts_count,
    posts_before_count,
    score
from {{ ref('int_peak_terms') }}
where peak_grain = 'hour'
