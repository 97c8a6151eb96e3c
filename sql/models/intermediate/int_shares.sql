-- grain: one row per platform and post_id that reposts or quotes a collected post: whose words it passes on
with

posts as (

    select
        platform,
        post_id,
        shared_id
    from {{ ref('stg_posts') }}
    where shared_id is not null

),

originals as (

    select
        platform,
        post_id,
        author_name
    from {{ ref('stg_posts') }}

),

final as (

    select
        posts.platform,
        posts.post_id,
        originals.author_name as shared_author_name
    from posts
    inner join originals
        on
            posts.platform = originals.platform
            and posts.shared_id = originals.post_id

)

select * from final
