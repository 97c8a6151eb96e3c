-- grain: one row per post_number of int_touched_posts: its place in its reply tree; none when all is made again
with

touched as (

    select * from {{ ref('int_touched_posts') }}

),

{{ with_threads('touched') }}

final as (

    select
        threads.post_number,
        threads.thread_number,
        threads.platform,
        threads.thread_id,
        threads.depth
    from threads
    {{ when_adding('', 'where false') }}

)

select * from final
