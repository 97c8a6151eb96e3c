-- grain: one row per organisation, platform and addressed post_id: what was asked, and when it was answered
with

roles as (

    select * from {{ ref('int_roles') }}
    where role = 'addressed'

),

posts as (

    select * from {{ ref('int_posts') }}

),

answers as (

    select * from {{ ref('int_answers') }}

),

answered_people as (

    select * from {{ ref('int_answered_people') }}

),

horizons as (

    select * from {{ ref('int_horizons') }}

),

asked as (

    select
        roles.organisation,
        posts.platform,
        posts.post_id,
        posts.thread_id,
        posts.author_key,
        coalesce(posts.author_name, posts.post_id) as person,
        posts.kind,
        posts.posted_at as asked_at,
        posts.posted_date as asked_date,
        case
            when posts.is_complaint then 'complaint'
            when posts.is_question then 'question'
            when posts.is_request then 'request'
            when posts.kind = 'review' and posts.rating <= 3 then 'review'
        end as need,
        answers.answered_at,
        answers.answer_id,
        horizons.collected_through,
        posts.language,
        posts.sentiment,
        posts.rating,
        posts.audience_band
    from roles
    inner join posts
        on
            roles.platform = posts.platform
            and roles.post_id = posts.post_id
    inner join horizons
        on roles.platform = horizons.platform
    left join answers
        on
            roles.organisation = answers.organisation
            and roles.platform = answers.platform
            and roles.post_id = answers.post_id

),

-- what one person said to the organisation in one thread, and the answers to it, in order of time
events as (

    select
        organisation,
        platform,
        thread_id,
        person,
        post_id,
        asked_at as happened_at,
        0 as is_answer
    from asked

    union all

    select
        organisation,
        platform,
        thread_id,
        person,
        null as post_id,
        answered_at as happened_at,
        1 as is_answer
    from answered_people

),

sequences as (

    select
        organisation,
        platform,
        post_id,
        coalesce(
            lag(is_answer) over (
                partition by organisation, platform, thread_id, person
                order by happened_at, is_answer, post_id
            ),
            1
        ) as is_after_answer
    from events

),

clocks as (

    select
        organisation,
        platform,
        post_id
    from sequences
    where
        post_id is not null
        and is_after_answer = 1

),

final as (

    select
        asked.organisation,
        asked.platform,
        asked.post_id,
        asked.thread_id,
        asked.author_key,
        asked.person,
        asked.kind,
        asked.asked_at,
        asked.asked_date,
        asked.need,
        asked.need is not null as needs_response,
        clocks.post_id is not null as starts_clock,
        asked.answered_at is not null as is_answered,
        asked.answered_at,
        asked.answer_id,
        {{ seconds_between('asked.asked_at', 'asked.answered_at') }} as seconds,
        asked.collected_through,
        {{ seconds_between('asked.asked_at', 'asked.collected_through') }} as observed_seconds,
        asked.language,
        asked.sentiment,
        asked.rating,
        asked.audience_band
    from asked
    left join clocks
        on
            asked.organisation = clocks.organisation
            and asked.platform = clocks.platform
            and asked.post_id = clocks.post_id

)

select * from final
