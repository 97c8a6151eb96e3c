-- grain: one row per organisation and post_number by which others spoke to or of it, in their own words, in the weeks
-- that are searched for what was new and the weeks before those
{{ config(
    materialized='incremental',
    incremental_strategy='printed',
    unique_key=['organisation', 'week_start'],
    printed_in='int_topic_prints',
) }}
with

stale as (

    {{ groups_to_make('int_topic_prints', ['organisation', 'week_start']) }}

),

roles as (

    select
        *,
        cast(date_trunc('week', posted_date) as date) as week_start
    from {{ ref('int_roles') }}
    where role in ('addressed', 'mentioned', 'peer_to_peer')

),

posts as (

    select * from {{ ref('int_posts') }}
    where kind <> 'repost'

),

final as (

    select
        roles.organisation,
        roles.post_number,
        roles.story_number,
        coalesce(posts.speaker_number, posts.post_number) as person_number,
        stale.week_start,
        stale.group_print
    from roles
    inner join stale
        on
            roles.organisation = stale.organisation
            and roles.week_start = stale.week_start
    inner join posts
        on roles.post_number = posts.post_number

)

select * from final
