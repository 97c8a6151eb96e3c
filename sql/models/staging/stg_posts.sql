-- grain: one row per platform and post_id that is not deleted and that everybody may read
with

posts as (

    select * from {{ source('raw', 'posts') }}

),

threads as (

    select * from {{ source('raw', 'threads') }}

),

texts as (

    select * from {{ source('enriched', 'texts') }}

),

authors as (

    select * from {{ source('raw', 'authors') }}

),

settings as (

    select * from {{ source('conf', 'settings') }}

),

final as (

    select
        posts.platform,
        posts.post_id,
        posts.kind,
        coalesce(posts.created_at, posts.first_seen_at) as posted_at,
        {{ local_date('coalesce(posts.created_at, posts.first_seen_at)', 'settings.timezone') }} as posted_date,
        posts.parent_id,
        coalesce(posts.reposted_id, posts.quoted_id) as shared_id,
        coalesce(threads.thread_id, posts.post_id) as thread_id,
        coalesce(threads.depth, 0) as depth,
        lower(coalesce(posts.author_id, ltrim(posts.author_handle, '@'))) as author_name,
        lower(posts.author_id) as author_id,
        lower(ltrim(posts.author_handle, '@')) as author_handle,
        lower(posts.parent_author_id) as parent_author_id,
        posts.author_key,
        authors.followers_count,
        posts.title,
        posts.text,
        coalesce(texts.language, posts.language) as language,
        case when posts.kind <> 'repost' then texts.sentiment end as sentiment,
        case when posts.kind <> 'repost' then texts.sentiment_score end as sentiment_score,
        posts.kind <> 'repost' and coalesce(array_contains(texts.intents, 'question'), false) as is_question,
        posts.kind <> 'repost' and coalesce(array_contains(texts.intents, 'complaint'), false) as is_complaint,
        posts.kind <> 'repost' and coalesce(array_contains(texts.intents, 'request'), false) as is_request,
        posts.mentions,
        posts.rating,
        posts.likes_count,
        posts.reposts_count,
        posts.replies_count,
        posts.first_source
    from posts
    cross join settings
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
    where
        posts.deleted_at is null
        and posts.visibility in ('public', 'unlisted')

)

select * from final
