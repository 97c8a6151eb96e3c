-- grain: one row per platform and post_id: what is counted of a post, without its text
with

posts as (

    select * from {{ ref('stg_posts') }}

),

places as (

    select * from {{ ref('int_places') }}

),

shares as (

    select * from {{ ref('int_shares') }}

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
        places.thread_id,
        places.depth,
        posts.parent_id,
        posts.author_name,
        posts.author_key,
        places.is_parent_known,
        places.parent_author_name,
        shares.shared_author_name,
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
    inner join places
        on
            posts.platform = places.platform
            and posts.post_id = places.post_id
    left join shares
        on
            posts.platform = shares.platform
            and posts.post_id = shares.post_id
    left join texts
        on posts.text_key = texts.text_key
    left join authors
        on
            posts.platform = authors.platform
            and posts.author_id = authors.author_id

)

select * from final
