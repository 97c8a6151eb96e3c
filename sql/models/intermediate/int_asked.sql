-- grain: one row per organisation and addressed post_number: what was asked, and when it was answered, whenever
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='thread_number') }}
with

roles as (

    select *
    from (
        select * from {{ ref('int_roles') }}
        {{ of_changed_threads('int_roles') }}
    ) as changed
    where role = 'addressed'

),

posts as (

    select * from {{ ref('int_posts') }}
    {{ of_changed_threads('int_posts') }}

),

answers as (

    select * from {{ ref('int_answers') }}
    {{ of_changed_threads('int_answers') }}

),

answered_people as (

    select * from {{ ref('int_answered_people') }}

),

keys as (

    select * from {{ ref('int_keys') }}

),

asked as (

    select
        roles.organisation,
        posts.platform,
        posts.post_number,
        posts.thread_number,
        posts.depth,
        posts.author_key,
        coalesce(posts.speaker_number, posts.post_number) as person_number,
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
        answers.answer_number,
        posts.language,
        posts.sentiment,
        posts.purpose,
        posts.rating,
        posts.audience_band
    from roles
    inner join posts
        on roles.post_number = posts.post_number
    left join answers
        on
            roles.organisation = answers.organisation
            and roles.post_number = answers.post_number

),

-- what one person said to the organisation in one thread, and the answers to it, in order of time
events as (

    select
        organisation,
        thread_number,
        person_number,
        post_number,
        asked_at as happened_at,
        depth,
        0 as is_answer
    from asked

    union all

    select
        organisation,
        thread_number,
        person_number,
        null as post_number,
        answered_at as happened_at,
        null as depth,
        1 as is_answer
    from answered_people

),

sequences as (

    select
        organisation,
        post_number,
        coalesce(
            lag(is_answer) over (
                partition by organisation, thread_number, person_number
                order by happened_at, is_answer, depth, post_number
            ),
            1
        ) as is_after_answer
    from events

),

clocks as (

    select
        organisation,
        post_number
    from sequences
    where
        post_number is not null
        and is_after_answer = 1

),

final as (

    select
        asked.organisation,
        asked.platform,
        asked.post_number,
        asked.thread_number,
        keys.post_key,
        keys.thread_key,
        asked.author_key,
        asked.person_number,
        asked.kind,
        asked.asked_at,
        asked.asked_date,
        asked.need,
        asked.need is not null as needs_response,
        clocks.post_number is not null as starts_clock,
        asked.answered_at is not null as is_answered,
        asked.answered_at,
        asked.answer_number,
        answer_keys.post_key as answer_key,
        {{ seconds_between('asked.asked_at', 'asked.answered_at') }} as seconds,
        asked.language,
        asked.sentiment as read_sentiment,
        asked.purpose,
        asked.rating,
        asked.audience_band
    from asked
    inner join keys
        on asked.post_number = keys.post_number
    left join keys as answer_keys
        on asked.answer_number = answer_keys.post_number
    left join clocks
        on
            asked.organisation = clocks.organisation
            and asked.post_number = clocks.post_number

)

select * from final
