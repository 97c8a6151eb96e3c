-- grain: one row per platform and post_id: what is counted of a post, without its text
with

posts as (

    select * from {{ ref('stg_posts') }}

),

others as (

    select
        platform,
        post_id,
        author_name
    from posts

),

threads as (

    select * from {{ ref('stg_threads') }}

),

texts as (

    select * from {{ ref('stg_texts') }}

),

authors as (

    select * from {{ ref('stg_authors') }}

),

final as (

    select
        posts.platform,
        posts.post_id,
        posts.kind,
        posts.posted_at,
        posts.posted_date,
        coalesce(threads.thread_id, posts.post_id) as thread_id,
        coalesce(threads.depth, 0) as depth,
        posts.parent_id,
        posts.author_name,
        posts.author_key,
        parents.post_id is not null as is_parent_known,
        coalesce(parents.author_name, posts.parent_author_id) as parent_author_name,
        shared.author_name as shared_author_name,
        posts.kind in ('repost', 'quote') as is_share,
        posts.kind in ('reply', 'comment') or (
            posts.parent_id is not null
            and posts.kind not in ('repost', 'quote', 'review')
        ) as is_reply,
        coalesce(texts.language, posts.language) as language,
        case when posts.kind <> 'repost' then texts.sentiment end as sentiment,
        case when posts.kind <> 'repost' then texts.sentiment_score end as sentiment_score,
        coalesce(posts.kind <> 'repost' and texts.is_question, false) as is_question,
        coalesce(posts.kind <> 'repost' and texts.is_complaint, false) as is_complaint,
        coalesce(posts.kind <> 'repost' and texts.is_request, false) as is_request,
        posts.rating,
        posts.likes_count,
        posts.reposts_count,
        posts.replies_count,
        posts.first_source,
        case
            when authors.followers_count is null then 'unknown'
            when authors.followers_count < 100 then '0-99'
            when authors.followers_count < 1000 then '100-999'
            when authors.followers_count < 10000 then '1000-9999'
            else '10000+'
        end as audience_band
    from posts
    left join others as parents
        on
            posts.platform = parents.platform
            and posts.parent_id = parents.post_id
    left join others as shared
        on
            posts.platform = shared.platform
            and posts.shared_id = shared.post_id
    left join threads
        on
            posts.platform = threads.platform
            and posts.post_id = threads.post_id
    left join texts
        on posts.text_key = texts.text_key
    left join authors
        on
            posts.platform = authors.platform
            and posts.author_id = authors.author_id

)

select * from final
