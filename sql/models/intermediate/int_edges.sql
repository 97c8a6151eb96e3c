-- grain: one row per post_number and speaker it turned to by reply, repost, quote or tag; nobody to himself
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='thread_number') }}
with

posts as (

    select * from {{ ref('int_posts') }}
    where speaker_number is not null

),

speaking as (

    select * from posts
    {{ of_changed_threads() }}

),

handles as (

    select * from {{ ref('int_handles') }}

),

mentions as (

    select
        post_number,
        author_number,
        is_id,
        max(case when is_id then 1 else 0 end) over (partition by post_number) = 1 as has_ids
    from {{ ref('int_mentions') }}

),

turns as (

    select
        speaking.post_number,
        parents.speaker_number
    from speaking
    inner join posts as parents
        on speaking.parent_number = parents.post_number

    union

    select
        speaking.post_number,
        originals.speaker_number
    from speaking
    inner join posts as originals
        on speaking.shared_number = originals.post_number

    union

    select
        mentions.post_number,
        coalesce(handles.author_number, mentions.author_number) as speaker_number
    from mentions
    left join handles
        on mentions.author_number = handles.handle_number
    -- where a post tags ids (a DID holds a colon), the handles beside them are the same accounts once more
    where
        mentions.is_id
        or not mentions.has_ids

),

final as (

    select
        speaking.post_number,
        speaking.thread_number,
        speaking.speaker_number as from_number,
        turns.speaker_number as to_number
    from speaking
    inner join turns
        on speaking.post_number = turns.post_number
    where speaking.speaker_number <> turns.speaker_number

)

select * from final
