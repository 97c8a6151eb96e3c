-- grain: one row per organisation, platform, day, hour, language and purpose in which something was posted
with

roles as (

    select * from {{ ref('int_roles') }}

),

posts as (

    select * from {{ ref('int_posts') }}

),

night as (

    select * from {{ ref('int_night') }}

),

placed as (

    select
        roles.organisation,
        roles.platform,
        roles.posted_date,
        {{ local_hour('posts.posted_at', 'night.timezone') }} as hour_of_day,
        coalesce(posts.language, 'und') as language,
        coalesce(posts.purpose, 'none') as purpose,
        roles.role
    from roles
    inner join posts
        on roles.post_number = posts.post_number
    cross join night

),

final as (

    select
        organisation,
        platform,
        posted_date,
        hour_of_day,
        language,
        purpose,
        count(*) as volume,
        count(case when role = 'outbound' then 1 end) as outbound_posts,
        count(case when role not in ('outbound', 'context') then 1 end) as inbound_posts,
        count(case when role = 'context' then 1 end) as context_posts
    from placed
    group by organisation, platform, posted_date, hour_of_day, language, purpose

)

select * from final
