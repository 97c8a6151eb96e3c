-- grain: one row per post_number and speaker it turned to by reply, repost, quote or tag; nobody to himself
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='thread_number') }}
with

posts as (

    select * from {{ ref('int_posts') }}
    where speaker_number is not null

),

speaking as (

    select *
    from (
        select * from {{ ref('int_posts') }}
        {{ of_changed_threads('int_posts') }}
    ) as changed
    where speaker_number is not null

),

handles as (

    select * from {{ ref('int_handles') }}

),

authors as (

    select author_number from {{ ref('int_authors') }}
    group by author_number

),

mentions as (

    select
        post_number,
        author_number,
        is_id,
        max(case when is_id then 1 else 0 end) over (partition by post_number) = 1 as has_ids
    from {{ ref('int_mentions') }}

),

-- where a post tags ids (a DID holds a colon), the handles beside them are the same accounts once more
tags as (

    select
        mentions.post_number,
        coalesce(handles.author_number, mentions.author_number) as speaker_number,
        handles.author_number is null and not mentions.is_id as is_unknown
    from mentions
    left join handles
        on mentions.author_number = handles.handle_number
    where
        mentions.is_id
        or not mentions.has_ids

),

unknown_tags as (

    select post_number from tags
    where is_unknown
    group by post_number

),

-- also below a post that was not collected: the reply itself then tells whom it answers
answered as (

    select
        speaking.post_number,
        coalesce(handles.author_number, speaking.parent_author_number) as speaker_number,
        speaking.is_parent_known or handles.author_number is not null or authors.author_number is not null as is_known
    from speaking
    left join handles
        on speaking.parent_author_number = handles.handle_number
    left join authors
        on speaking.parent_author_number = authors.author_number
    where speaking.parent_author_number is not null

),

turns as (

    select
        answered.post_number,
        answered.speaker_number
    from answered
    left join unknown_tags
        on answered.post_number = unknown_tags.post_number
    -- of whom no handle is known (any more) only the id is: an unknown handle that is tagged may be the same person's
    where
        answered.is_known
        or unknown_tags.post_number is null

    union

    select
        speaking.post_number,
        originals.speaker_number
    from speaking
    inner join posts as originals
        on speaking.shared_number = originals.post_number

    union

    select
        post_number,
        speaker_number
    from tags

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
