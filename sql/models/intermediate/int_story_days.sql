-- grain: one row per scope_number, is_voice, posted_date and previous_date: how many stories were told that day that
-- were last told on previous_date (null: never before); the stories of a period are those not told before in it
with

roles as (

    select * from {{ ref('int_roles') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

-- of the posts that tell one story, all but one tell that of another post: few, where counting all stories is much
shared as (

    select
        organisation,
        story_number
    from roles
    where story_number <> post_number
    group by organisation, story_number

),

-- a story that one post tells was never told before
repeated as (

    select
        roles.organisation,
        roles.story_number
    from roles
    inner join shared
        on
            roles.organisation = shared.organisation
            and roles.story_number = shared.story_number
    group by roles.organisation, roles.story_number
    having count(*) > 1

),

once as (

    select
        roles.organisation,
        roles.platform,
        roles.posted_date,
        count(*) as stories_count,
        count(case when roles.role in ('addressed', 'mentioned', 'peer_to_peer') then 1 end) as voice_stories_count
    from roles
    left join repeated
        on
            roles.organisation = repeated.organisation
            and roles.story_number = repeated.story_number
    where repeated.story_number is null
    group by roles.organisation, roles.platform, roles.posted_date

),

told as (

    select
        scopes.scope_number,
        roles.posted_date,
        roles.story_number,
        max(case when roles.role in ('addressed', 'mentioned', 'peer_to_peer') then 1 else 0 end) as voices
    from roles
    inner join repeated
        on
            roles.organisation = repeated.organisation
            and roles.story_number = repeated.story_number
    inner join scopes
        on
            roles.organisation = scopes.organisation
            and roles.platform = scopes.platform
    group by scopes.scope_number, roles.posted_date, roles.story_number

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

each_way as (

    select
        scope_number,
        is_voice,
        posted_date,
        previous_date,
        1 as stories_count
    from followed

    union all

    select
        scopes.scope_number,
        false as is_voice,
        once.posted_date,
        null as previous_date,
        once.stories_count
    from once
    inner join scopes
        on
            once.organisation = scopes.organisation
            and once.platform = scopes.platform

    union all

    select
        scopes.scope_number,
        true as is_voice,
        once.posted_date,
        null as previous_date,
        once.voice_stories_count as stories_count
    from once
    inner join scopes
        on
            once.organisation = scopes.organisation
            and once.platform = scopes.platform
    where once.voice_stories_count > 0

),

final as (

    select
        scope_number,
        is_voice,
        posted_date,
        previous_date,
        cast(sum(stories_count) as bigint) as stories_count
    from each_way
    group by scope_number, is_voice, posted_date, previous_date

)

select * from final
