-- grain: one row per organisation and rule that fires, the weightiest first
with

advices as (

    select * from {{ ref('int_advices') }}

),

final as (

    select
        organisation,
        cast(row_number() over (partition by organisation order by weight desc, rule asc) as integer) as advice_rank,
        rule,
        subject,
        value,
        numerator,
        denominator,
        compared_with,
        weight
    from advices

)

select * from final
