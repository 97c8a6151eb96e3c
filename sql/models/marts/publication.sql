-- grain: one row: the night these numbers come from
with

night as (

    select * from {{ ref('int_night') }}

),

final as (

    select
        run_id,
        {{ no_moment() }} as published_at,
        collected_through,
        timezone,
        version,
        minimum_n
    from night

)

select * from final
