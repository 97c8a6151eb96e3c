-- grain: one row per platform and person who addressed an organisation or was replied to
with

named as (

    select
        platform,
        person
    from {{ ref('int_addressed') }}

    union

    select
        platform,
        parent_author_name as person
    from {{ ref('int_acts') }}
    where
        act = 'reply'
        and parent_author_name is not null

),

final as (

    select
        cast(row_number() over (order by platform, person) as integer) as person_number,
        platform,
        person
    from named

)

select * from final
