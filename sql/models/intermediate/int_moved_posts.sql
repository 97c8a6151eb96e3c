-- grain: one row per post_number whose print is not that of the last build; none when all is made again
with

prints as (

    select
        post_number,
        sum(part_print) as post_print
    from {{ ref('int_print_parts') }}
    {{ when_adding('', 'where false') }}
    group by post_number

),

-- what the last build has left: by name and not by ref, because after this int_known_posts is brought up to date
befores as (

    select
        post_number,
        thread_number,
        post_print
    from {{ when_adding('intermediate.int_known_posts', ref('int_post_prints')) }}
    {{ when_adding('', 'where false') }}

),

final as (

    select
        coalesce(prints.post_number, befores.post_number) as post_number,
        befores.thread_number as thread_number_before,
        prints.post_print
    from prints
    full outer join befores
        on prints.post_number = befores.post_number
    where prints.post_print is distinct from befores.post_print

)

select * from final
