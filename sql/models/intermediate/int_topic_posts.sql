-- grain: one row per organisation, ISO week, term and rank: the posts with that term that drew most reactions,
-- one of each story
{{ config(
    materialized='incremental',
    incremental_strategy='printed',
    unique_key=['organisation', 'week_start'],
    printed_in='int_topic_post_prints',
) }}
with

stale as (

    {{ groups_to_make('int_topic_post_prints', ['organisation', 'week_start']) }}

),

topics as (

    select * from {{ ref('int_topics') }}

),

voices as (

    select * from {{ ref('int_topic_voices') }}

),

words as (

    select * from {{ ref('int_topic_words') }}

),

posts as (

    select * from {{ ref('int_posts') }}

),

keys as (

    select * from {{ ref('int_keys') }}

),

found as (

    select
        topics.organisation,
        topics.week_start,
        stale.group_print,
        topics.term,
        voices.story_number,
        keys.post_key,
        posts.post_number,
        posts.posted_at,
        coalesce(posts.replies_count, 0)
        + coalesce(posts.reposts_count, 0)
        + coalesce(posts.likes_count, 0) as reactions_count
    from topics
    inner join stale
        on
            topics.organisation = stale.organisation
            and topics.week_start = stale.week_start
    inner join voices
        on
            topics.organisation = voices.organisation
            and topics.week_start = voices.week_start
    inner join words
        on
            voices.post_number = words.post_number
            and voices.week_start = words.week_start
            and topics.term = words.term
    inner join posts
        on voices.post_number = posts.post_number
    inner join keys
        on voices.post_number = keys.post_number

),

placed as (

    select
        *,
        row_number() over (
            partition by organisation, week_start, term, story_number
            order by reactions_count desc, posted_at asc, post_number asc
        ) as story_place
    from found

),

ranked as (

    select
        *,
        row_number() over (
            partition by organisation, week_start, term
            order by reactions_count desc, posted_at asc, post_number asc
        ) as post_rank
    from placed
    where story_place = 1

),

final as (

    select
        organisation,
        week_start,
        group_print,
        term,
        cast(post_rank as integer) as post_rank,
        post_key,
        reactions_count
    from ranked
    where post_rank <= 3

)

select * from final
