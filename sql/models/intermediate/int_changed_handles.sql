-- grain: one row per handle_number that has another pseudonym than at the last build, or none any more; none when all
-- is made again
with

handles as (

    select * from {{ ref('int_handle_keys') }}

),

-- what the last build has left: by name and not by ref, because after this int_known_handles is brought up to date
befores as (

    select * from {{ when_adding('intermediate.int_known_handles', ref('int_handle_keys')) }}

),

final as (

    select
        coalesce(handles.handle_number, befores.handle_number) as handle_number,
        handles.author_key
    from handles
    full outer join befores
        on handles.handle_number = befores.handle_number
    where
        handles.author_key is distinct from befores.author_key
        {{ when_adding('', 'and false') }}

)

select * from final
