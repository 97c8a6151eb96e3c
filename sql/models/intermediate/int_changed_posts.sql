-- grain: one row per post_number that is new, other than at the last build, or gone; none when all is made again
with

moved as (

    select * from {{ ref('int_moved_posts') }}

),

-- a repost tells the story of what it passes on
sharing as (

    select
        post_number,
        thread_number as thread_number_before,
        post_print
    from {{ when_adding('intermediate.int_known_posts', ref('int_post_prints')) }}
    where
        shared_number in (select moved.post_number from moved)
        and post_number not in (select moved.post_number from moved)
        {{ when_adding('', 'and false') }}

),

changed as (

    select * from moved

    union all

    select * from sharing

),

{{ with_places('changed') }}

posts as (

    select * from {{ ref('stg_post_prints') }}
    where place in (select places.place from places)

),

-- to look for all of a row under its number would be to read all of all rows
thread_places as (

    select place from {{ ref('stg_threads') }}
    where post_number in (select changed.post_number from changed)

),

threads as (

    select * from {{ ref('stg_threads') }}
    where place in (select thread_places.place from thread_places)

),

final as (

    select
        changed.post_number,
        changed.thread_number_before,
        case when posts.post_number is not null then coalesce(threads.thread_number, posts.post_number) end
            as thread_number,
        posts.parent_number,
        posts.shared_number,
        posts.author_number,
        posts.posted_at,
        threads.depth,
        posts.is_shown,
        case when posts.post_number is not null then changed.post_print end as post_print
    from changed
    left join posts
        on changed.post_number = posts.post_number
    left join threads
        on changed.post_number = threads.post_number
    where
        -- what hangs on a post that is gone is nothing by itself
        (posts.post_number is not null or changed.thread_number_before is not null)
        {{ when_adding('', 'and false') }}

)

select * from final
