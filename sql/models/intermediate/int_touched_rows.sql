-- grain: one row per post_number of int_touched_posts, deleted ones left out: the post itself, read once for all that
-- is made of it; none when all is made again
with

posts as (

    select * from {{ ref('stg_posts') }}

),

touched as (

    select * from {{ ref('int_touched_posts') }}

),

final as (

    select
        posts.post_number,
        posts.parent_number,
        posts.shared_number,
        posts.author_number,
        posts.handle_number,
        posts.parent_author_number,
        posts.text_number,
        posts.platform,
        posts.post_id,
        posts.parent_id,
        posts.shared_id,
        posts.kind,
        posts.posted_at,
        posts.posted_date,
        posts.has_author_id,
        posts.author_key,
        posts.title,
        posts.text,
        posts.language,
        posts.mentions,
        posts.tags,
        posts.links,
        posts.rating,
        posts.likes_count,
        posts.reposts_count,
        posts.replies_count,
        posts.first_source
    from posts
    where
        posts.post_number in (select touched.post_number from touched)
        {{ when_adding('', 'and false') }}

)

select * from final
