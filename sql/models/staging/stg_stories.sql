-- grain: one row per post_number that shares its story with another post
select
    {{ number_of('platform', 'post_id') }} as post_number,
    {{ number_of('story_platform', 'story_post_id') }} as story_number,
    story_platform,
    story_post_id
from {{ source('enriched', 'stories') }}
