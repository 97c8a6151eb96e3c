-- grain: one row per post_number of a thread in int_changed_threads
with

posts as (

    select * from {{ ref('int_known_posts') }}

),

threads as (

    select * from {{ ref('int_changed_threads') }}

),

final as (

    select
        posts.post_number,
        posts.thread_number
    from posts
    inner join threads
        on posts.thread_number = threads.thread_number

)

select * from final
