-- grain: one row per post_number: what is counted of a post, without its text
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='thread_number') }}
with

posts as (

    select * from {{ when_adding(ref('int_touched_rows'), ref('stg_posts')) }}

),

others as (

    select
        post_number,
        author_number,
        post_print
    from {{ ref('int_known_posts') }}
    where is_shown

),

prints as (

    select
        post_number,
        post_print
    from {{ ref('int_known_posts') }}
    {{ of_changed_threads('int_known_posts') }}

),

stories as (

    select
        post_number,
        story_number
    from {{ ref('int_stories') }}
    {{ of_posts_in('int_stories', 'int_touched_posts') }}

),

threads as (

    select * from {{ when_adding(ref('int_touched_places'), ref('stg_threads')) }}

),

texts as (

    select * from {{ ref('stg_texts') }}

),

speakers as (

    select * from {{ ref('int_speakers') }}

),

handles as (

    select * from {{ ref('int_handles') }}

),

final as (

    select
        posts.post_number,
        posts.platform,
        posts.kind,
        posts.posted_at,
        posts.posted_date,
        coalesce(threads.thread_number, posts.post_number) as thread_number,
        coalesce(threads.depth, 0) as depth,
        posts.parent_number,
        posts.shared_number,
        posts.author_number,
        coalesce(handles.author_number, posts.author_number) as speaker_number,
        posts.author_key,
        posts.handle_number,
        parents.post_number is not null as is_parent_known,
        coalesce(parents.author_number, posts.parent_author_number) as parent_author_number,
        coalesce(
            shared.author_number,
            -- of what passes another post on and answers none, this tells whose post that is
            case when posts.kind in ('repost', 'quote') and posts.parent_id is null then posts.parent_author_number end
        ) as shared_author_number,
        posts.kind in ('repost', 'quote') as is_share,
        posts.kind in ('reply', 'comment') or (
            posts.parent_number is not null
            and posts.kind not in ('repost', 'review')
        ) as is_reply,
        coalesce(texts.language, posts.language) as language,
        case when posts.kind <> 'repost' then texts.sentiment end as sentiment,
        case when posts.kind <> 'repost' then texts.sentiment_score end as sentiment_score,
        coalesce(posts.kind <> 'repost' and texts.is_question, false) as is_question,
        coalesce(posts.kind <> 'repost' and texts.is_complaint, false) as is_complaint,
        coalesce(posts.kind <> 'repost' and texts.is_request, false) as is_request,
        case when posts.kind <> 'repost' then texts.purpose end as purpose,
        case when posts.kind <> 'repost' then texts.giving end as giving,
        case when posts.kind <> 'repost' then texts.pr_model end as pr_model,
        case when posts.kind <> 'repost' then texts.message_type end as message_type,
        coalesce(posts.kind <> 'repost' and texts.is_signed, false) as is_signed,
        posts.rating,
        posts.likes_count,
        posts.reposts_count,
        posts.replies_count,
        posts.first_source,
        coalesce(speakers.audience_band, 'unknown') as audience_band,
        stories.story_number,
        -- rows of a post also tell of the one that it answers, and of the one that it shares
        {{ print_of([
            'prints.post_print', 'parents.post_print', 'shared.post_print',
        ]) }} as told_print
    from posts
    inner join prints
        on posts.post_number = prints.post_number
    inner join stories
        on posts.post_number = stories.post_number
    left join others as parents
        on posts.parent_number = parents.post_number
    left join others as shared
        on posts.shared_number = shared.post_number
    left join threads
        on posts.post_number = threads.post_number
    left join texts
        on posts.text_number = texts.text_number
    left join handles
        on posts.author_number = handles.handle_number
    left join speakers
        on coalesce(handles.author_number, posts.author_number) = speakers.speaker_number

)

select * from final
