-- grain: one row per post_key under which a row of int_changed_rows was published at the last build
with

changed as (

    select * from {{ ref('int_changed_rows') }}

),

threads as (

    select * from {{ ref('int_changed_threads') }}

),

-- what the last build has left: by name and not by ref, because after this int_keys is brought up to date
befores as (

    {{ when_adding(
        "select post_number, thread_number, post_key from intermediate.int_keys",
        "select post_number, post_number as thread_number, cast(null as string) as post_key from "
        ~ ref('int_changed_rows') ~ " where false",
    ) }}

),

final as (

    select post_key
    from befores
    where
        post_number in (select changed.post_number from changed)
        -- one that is gone is in no thread any more
        or thread_number in (select threads.thread_number from threads)

)

select * from final
