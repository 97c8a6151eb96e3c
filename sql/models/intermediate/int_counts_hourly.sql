-- grain: one row per organisation, platform, hour, language and purpose in which something was posted;
-- an hour is known by the moment it began, so that one the clock shows twice is two
{{ config(
    materialized='incremental',
    incremental_strategy='printed',
    unique_key=['organisation', 'platform', 'posted_date'],
    printed_in='int_said_prints',
) }}
with

stale as (

    {{ groups_to_make('int_said_prints', ['organisation', 'platform', 'posted_date']) }}

),

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
        stale.group_print,
        {{ local_hour_begin('roles.posted_at', 'night.timezone') }} as hour_begins_at,
        coalesce(posts.language, 'und') as language,
        coalesce(posts.purpose, 'none') as purpose,
        roles.role
    from roles
    inner join stale
        on
            roles.organisation = stale.organisation
            and roles.platform = stale.platform
            and roles.posted_date = stale.posted_date
    inner join posts
        on roles.post_number = posts.post_number
    cross join night

),

counted as (

    select
        organisation,
        platform,
        posted_date,
        group_print,
        hour_begins_at,
        language,
        purpose,
        count(*) as volume,
        count(case when role = 'outbound' then 1 end) as outbound_posts,
        count(case when role not in ('outbound', 'context') then 1 end) as inbound_posts,
        count(case when role = 'context' then 1 end) as context_posts
    from placed
    group by organisation, platform, posted_date, group_print, hour_begins_at, language, purpose

),

final as (

    select
        counted.*,
        {{ local_hour('counted.hour_begins_at', 'night.timezone') }} as hour_of_day
    from counted
    cross join night

)

select * from final
