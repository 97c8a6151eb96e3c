-- grain: one row per organisation, ISO week and rank: what others spoke of that week and the weeks before did not;
-- log-odds with an informative prior (Monroe, Colaresi & Quinn 2008), stories counted rather than words
select
    organisation,
    week_start,
    topic_rank,
    term,
    stories_count,
    stories_before_count,
    score
from {{ ref('int_topics') }}
