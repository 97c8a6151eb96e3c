-- grain: one row per platform and post_id: its place in its thread, and whom it replies to
with

posts as (

    select
        platform,
        post_id,
        parent_id,
        parent_author_id
    from {{ ref('stg_posts') }}

),

parents as (

    select
        platform,
        post_id,
        author_name
    from {{ ref('stg_posts') }}

),

threads as (

    select * from {{ ref('stg_threads') }}

),

final as (

    select
        posts.platform,
        posts.post_id,
        coalesce(threads.thread_id, posts.post_id) as thread_id,
        coalesce(threads.depth, 0) as depth,
        parents.post_id is not null as is_parent_known,
        coalesce(parents.author_name, posts.parent_author_id) as parent_author_name
    from posts
    left join threads
        on
            posts.platform = threads.platform
            and posts.post_id = threads.post_id
    left join parents
        on
            posts.platform = parents.platform
            and posts.parent_id = parents.post_id

)

select * from final
