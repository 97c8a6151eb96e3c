-- grain: one row per handle_number under which only one pseudonym was seen: that pseudonym
with

handles as (

    select
        handle_number,
        min(first_key) as author_key,
        max(last_key) as last_key
    from {{ ref('int_authors') }}
    group by handle_number

),

final as (

    select
        handle_number,
        author_key
    from handles
    where author_key = last_key

)

select * from final
