-- grain: one row per organisation and reply that names whom it answers or is signed by whoever wrote it
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='thread_number') }}
with

replies as (

    select *
    from (
        select * from {{ ref('int_acts') }}
        {{ of_changed_threads('int_acts') }}
    ) as changed
    where act = 'reply'

),

posts as (

    select * from {{ ref('int_posts') }}
    {{ of_changed_threads('int_posts') }}

),

texts as (

    select
        post_number,
        {{ mask('text') }} as text
    from {{ when_adding(ref('int_touched_rows'), ref('stg_posts')) }}

),

speakers as (

    select * from {{ ref('int_speakers') }}

),

final as (

    select
        replies.organisation,
        replies.post_number,
        replies.thread_number
    from replies
    inner join posts
        on replies.post_number = posts.post_number
    inner join texts
        on replies.post_number = texts.post_number
    left join speakers
        on replies.parent_speaker_number = speakers.speaker_number
    where
        posts.is_signed
        or coalesce(array_contains({{ words_of('texts.text') }}, speakers.first_name), false)

)

select * from final
