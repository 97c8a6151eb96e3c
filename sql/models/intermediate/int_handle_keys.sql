-- grain: one row per handle_number that only one author has used: the pseudonym of that author
with

pairs as (

    select
        handle_number,
        author_key
    from {{ ref('int_posts') }}
    where
        handle_number is not null
        and author_key is not null
    group by handle_number, author_key

),

final as (

    select
        handle_number,
        min(author_key) as author_key
    from pairs
    group by handle_number
    having count(*) = 1

)

select * from final
