-- grain: one row per organisation, platform (or `all`) and hour in which more was said than could be expected
with

judged as (

    select
        *,
        {{ peak_threshold() }} as threshold
    from {{ ref('int_hourly_expectations') }}

),

night as (

    select * from {{ ref('int_night') }}

),

final as (

    select
        judged.organisation,
        judged.platform,
        judged.posted_date,
        judged.hour_begins_at,
        {{ local_hour('judged.hour_begins_at', 'night.timezone') }} as hour_of_day,
        judged.volume,
        judged.weeks_count,
        judged.expected,
        judged.spread,
        judged.threshold
    from judged
    cross join night
    where judged.volume > judged.threshold

)

select * from final
