-- grain: one row per post_number of a thread in int_changed_threads, and where it stands among the posts
with

posts as (

    select * from {{ ref('int_known_posts') }}

),

threads as (

    select * from {{ ref('int_changed_threads') }}

),

touched as (

    select
        posts.post_number,
        posts.thread_number
    from posts
    inner join threads
        on posts.thread_number = threads.thread_number

),

{{ with_places('touched') }}

final as (

    select
        touched.post_number,
        touched.thread_number,
        places.place
    from touched
    left join places
        on touched.post_number = places.post_number

)

select * from final
