-- grain: one row per post_number that is new, other than at the last build, or gone; none when all is made again
with

moved as (

    select * from {{ ref('int_moved_posts') }}

),

{{ with_places('moved') }}

posts as (

    select * from {{ ref('stg_post_prints') }}
    where place in (select places.place from places)

),

{{ with_threads('moved') }}

final as (

    select
        moved.post_number,
        moved.thread_number_before,
        case when posts.post_number is not null then coalesce(threads.thread_number, posts.post_number) end
            as thread_number,
        posts.parent_number,
        posts.shared_number,
        posts.author_number,
        posts.posted_at,
        threads.depth,
        posts.is_shown,
        case when posts.post_number is not null then moved.post_print end as post_print
    from moved
    left join posts
        on moved.post_number = posts.post_number
    left join threads
        on moved.post_number = threads.post_number
    where
        -- what hangs on a post that is gone is nothing by itself
        (posts.post_number is not null or moved.thread_number_before is not null)
        {{ when_adding('', 'and false') }}

)

select * from final
