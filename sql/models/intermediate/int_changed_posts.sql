-- grain: one row per post_number that is new, other than at the last build, or gone; none when all is made again
with

posts as (

    select * from {{ ref('int_post_prints') }}

),

-- what the last build has left: by name and not by ref, because after this int_known_posts is brought up to date
befores as (

    select * from {{ when_adding('intermediate.int_known_posts', ref('int_post_prints')) }}

),

final as (

    select
        coalesce(posts.post_number, befores.post_number) as post_number,
        befores.thread_number as thread_number_before,
        posts.thread_number,
        posts.parent_number,
        posts.shared_number,
        posts.author_number,
        posts.posted_at,
        posts.depth,
        posts.is_shown,
        posts.post_print
    from posts
    full outer join befores
        on posts.post_number = befores.post_number
    where
        posts.post_print is distinct from befores.post_print
        {{ when_adding('', 'and false') }}

)

select * from final
