-- grain: one row per platform and reply whose parent is known, deleted ones included: they still hold a branch together
with

posts as (

    select
        posts.platform,
        posts.post_id,
        posts.parent_id,
        threads.thread_id,
        threads.depth,
        coalesce(posts.created_at, posts.first_seen_at) as posted_at
    from {{ source('raw', 'posts') }} as posts
    inner join {{ source('raw', 'threads') }} as threads
        on
            posts.platform = threads.platform
            and posts.post_id = threads.post_id

),

final as (

    select
        children.platform,
        children.post_id,
        children.parent_id,
        children.thread_id,
        children.posted_at < parents.posted_at as is_before_parent
    from posts as children
    inner join posts as parents
        on
            children.platform = parents.platform
            and children.parent_id = parents.post_id
            and children.thread_id = parents.thread_id
    -- depth falls on the way to the root: a circle in bad data cannot be walked for ever
    where children.depth > parents.depth

)

select * from final
