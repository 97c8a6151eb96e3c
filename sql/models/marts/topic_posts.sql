-- grain: one row per organisation, ISO week, term and rank: the posts with that term that drew most reactions,
-- one of each story
select
    organisation,
    week_start,
    term,
    post_rank,
    post_key,
    reactions_count
from {{ ref('int_topic_posts') }}
