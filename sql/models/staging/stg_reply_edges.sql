-- grain: one row per post_number of a reply whose parent is known, deleted ones included: they hold a branch together
with

threads as (

    select
        {{ number_of('platform', 'post_id') }} as post_number,
        {{ number_of('platform', 'thread_id') }} as thread_number,
        depth
    from {{ source('raw', 'threads') }}

),

posts as (

    select
        {{ number_of('platform', 'post_id') }} as post_number,
        {{ number_of('platform', 'parent_id') }} as parent_number,
        coalesce(created_at, first_seen_at) as posted_at
    from {{ source('raw', 'posts') }}

),

placed as (

    select
        posts.post_number,
        posts.parent_number,
        posts.posted_at,
        threads.thread_number,
        threads.depth
    from posts
    inner join threads
        on posts.post_number = threads.post_number

),

final as (

    select
        children.post_number,
        children.parent_number,
        children.thread_number,
        children.posted_at < parents.posted_at as is_before_parent
    from placed as children
    inner join placed as parents
        on
            children.parent_number = parents.post_number
            and children.thread_number = parents.thread_number
    -- depth falls on the way to the root: a circle in bad data cannot be walked for ever
    where children.depth > parents.depth

)

select * from final
