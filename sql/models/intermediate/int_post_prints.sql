-- grain: one row per post_number, deleted ones included: where it stands, and a print of all that its rows in any model
-- are made of, its own and what hangs on it; where the print is that of the last build, so are the rows
{{ config(materialized='view') }}
with

posts as (

    select * from {{ ref('stg_post_prints') }}

),

threads as (

    select * from {{ ref('stg_threads') }}

),

prints as (

    select
        post_number,
        sum(part_print) as post_print
    from {{ ref('int_print_parts') }}
    group by post_number

),

final as (

    select
        posts.post_number,
        coalesce(threads.thread_number, posts.post_number) as thread_number,
        posts.parent_number,
        posts.shared_number,
        posts.author_number,
        posts.posted_at,
        threads.depth,
        posts.is_shown,
        prints.post_print
    from posts
    inner join prints
        on posts.post_number = prints.post_number
    left join threads
        on posts.post_number = threads.post_number

)

select * from final
