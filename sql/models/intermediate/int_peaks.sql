-- grain: one row per organisation, platform (or `all`) and day on which more was said than could be expected
with

expectations as (

    select * from {{ ref('int_expectations') }}

),

night as (

    select * from {{ ref('int_night') }}

),

judged as (

    select
        *,
        {{ peak_threshold() }} as threshold
    from expectations

),

final as (

    select
        judged.organisation,
        judged.platform,
        judged.posted_date,
        judged.volume,
        judged.weeks_count,
        judged.expected,
        judged.spread,
        judged.threshold
    from judged
    cross join night
    where
        judged.volume > judged.threshold
        and judged.volume >= night.minimum_n

)

select * from final
