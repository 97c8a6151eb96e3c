-- grain: one row per scope_number, is_voice, posted_date and previous_date: how many stories were told that day that
-- were last told on previous_date (null: never before); the stories of a period are those not told before in it
with

roles as (

    select * from {{ ref('int_roles') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

stories as (

    select * from {{ ref('int_stories') }}

),

told as (

    select
        scopes.scope_number,
        roles.posted_date,
        stories.story_number,
        max(case when roles.role in ('addressed', 'mentioned', 'peer_to_peer') then 1 else 0 end) as voices
    from roles
    inner join scopes
        on
            roles.organisation = scopes.organisation
            and roles.platform = scopes.platform
    inner join stories
        on roles.post_number = stories.post_number
    group by scopes.scope_number, roles.posted_date, stories.story_number

),

counted as (

    select
        scope_number,
        posted_date,
        story_number,
        false as is_voice
    from told

    union all

    select
        scope_number,
        posted_date,
        story_number,
        true as is_voice
    from told
    where voices = 1

),

followed as (

    select
        scope_number,
        is_voice,
        posted_date,
        lag(posted_date) over (
            partition by scope_number, is_voice, story_number
            order by posted_date
        ) as previous_date
    from counted

),

final as (

    select
        scope_number,
        is_voice,
        posted_date,
        previous_date,
        count(*) as stories_count
    from followed
    group by scope_number, is_voice, posted_date, previous_date

)

select * from final
