-- grain: one row per organisation, platform, day, hour, language and purpose in which something was posted
select
    organisation,
    platform,
    posted_date,
    hour_of_day,
    language,
    purpose,
    cast(sum(volume) as bigint) as volume,
    cast(sum(outbound_posts) as bigint) as outbound_posts,
    cast(sum(inbound_posts) as bigint) as inbound_posts,
    cast(sum(context_posts) as bigint) as context_posts
from {{ ref('int_counts_hourly') }}
group by organisation, platform, posted_date, hour_of_day, language, purpose
