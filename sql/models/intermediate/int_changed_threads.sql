-- grain: one row per thread_number whose rows in any model may be other than at the last build, also one that is gone
with

changed as (

    select * from {{ ref('int_changed_posts') }}

),

posts as (

    select * from {{ ref('int_known_posts') }}

),

-- a row tells of the parent, and of the post that it shares, wherever these stand
beside as (

    select
        posts.post_number,
        posts.thread_number
    from posts
    where
        posts.parent_number in (select changed.post_number from changed)
        or posts.shared_number in (select changed.post_number from changed)

),

final as (

    select thread_number_before as thread_number
    from changed
    where thread_number_before is not null

    union

    select thread_number
    from changed
    where thread_number is not null

    union

    select thread_number
    from beside

)

select * from final
