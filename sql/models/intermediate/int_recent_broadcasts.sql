-- grain: one row per organisation and broadcast post_number of the last 92 days whose reactions are told
with

acts as (

    select * from {{ ref('int_acts') }}
    where act = 'broadcast'

),

posts as (

    select * from {{ ref('int_posts') }}

),

calendar as (

    select max(calendar_date) as last_day from {{ ref('int_calendar') }}

),

night as (

    select * from {{ ref('int_night') }}

),

final as (

    select
        acts.organisation,
        acts.post_number,
        acts.posted_at,
        {{ weekday_of('acts.posted_date') }} as weekday,
        case
            when {{ local_hour('acts.posted_at', 'night.timezone') }} < 6 then '00-06'
            when {{ local_hour('acts.posted_at', 'night.timezone') }} < 12 then '06-12'
            when {{ local_hour('acts.posted_at', 'night.timezone') }} < 18 then '12-18'
            else '18-24'
        end as day_part,
        posts.purpose,
        coalesce(posts.replies_count, 0)
        + coalesce(posts.reposts_count, 0)
        + coalesce(posts.likes_count, 0) = 0 as is_ignored
    from acts
    inner join posts
        on acts.post_number = posts.post_number
    inner join calendar
        on acts.posted_date > {{ days_later('calendar.last_day', -92) }}
    cross join night
    where
        posts.replies_count is not null
        or posts.reposts_count is not null
        or posts.likes_count is not null

)

select * from final
