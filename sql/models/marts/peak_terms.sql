-- grain: one row per organisation, platform, peak day and rank: the words that day had and the weeks before had not
select
    organisation,
    platform,
    posted_date,
    term_rank,
    term,
    posts_count,
    posts_before_count,
    score
from {{ ref('int_peak_terms') }}
where peak_grain = 'day'
