-- grain: one row per organisation and post_number by which others spoke to or of it, in their own words, in the weeks
-- that are searched for what was new and the weeks before those
with

calendar as (

    select cast(date_trunc('week', max(calendar_date)) as date) as newest_week
    from {{ ref('int_calendar') }}

),

roles as (

    select * from {{ ref('int_roles') }}
    where role in ('addressed', 'mentioned', 'peer_to_peer')

),

posts as (

    select * from {{ ref('int_posts') }}
    where kind <> 'repost'

),

stories as (

    select * from {{ ref('int_stories') }}

),

final as (

    select
        roles.organisation,
        roles.post_number,
        stories.story_number,
        coalesce(posts.author_number, posts.post_number) as person_number,
        cast(date_trunc('week', roles.posted_date) as date) as week_start
    from roles
    inner join posts
        on roles.post_number = posts.post_number
    inner join stories
        on roles.post_number = stories.post_number
    cross join calendar
    where
        cast(date_trunc('week', roles.posted_date) as date) <= calendar.newest_week
        -- eight weeks, and the four before the first of them
        and roles.posted_date >= {{ days_later('calendar.newest_week', -77) }}

)

select * from final
