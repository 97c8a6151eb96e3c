-- grain: one row per post_number of a reply whose parent is known, deleted ones included: they hold a branch together;
-- on a night that adds only of the threads that changed
with

placed as (

    select
        post_number,
        parent_number,
        thread_number,
        posted_at,
        depth
    from {{ ref('int_known_posts') }}
    {{ of_changed_threads('int_known_posts') }}

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
