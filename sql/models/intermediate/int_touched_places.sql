-- grain: one row per post_number of int_touched_posts: its place in its reply tree; none when all is made again
with

threads as (

    select * from {{ ref('stg_threads') }}

),

touched as (

    select * from {{ ref('int_touched_posts') }}

),

-- to look for all of a row under its number would be to read all of all rows
places as (

    select place from {{ ref('stg_threads') }}
    where post_number in (select touched.post_number from touched)

),

final as (

    select
        threads.post_number,
        threads.thread_number,
        threads.platform,
        threads.thread_id,
        threads.depth
    from threads
    where
        threads.place in (select places.place from places)
        {{ when_adding('', 'and false') }}

)

select * from final
