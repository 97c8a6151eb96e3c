-- grain: one row: the night these numbers come from
with

settings as (

    select * from {{ ref('stg_settings') }}

),

horizons as (

    select min(collected_through) as collected_through
    from {{ ref('int_horizons') }}

),

ordered as (

    select
        run_id,
        version,
        row_number() over (order by started_at desc, run_id desc) as run_number
    from {{ ref('stg_runs') }}

),

final as (

    select
        ordered.run_id,
        cast(null as timestamp with time zone) as published_at,
        horizons.collected_through,
        settings.timezone,
        ordered.version
    from settings
    cross join horizons
    left join ordered
        on ordered.run_number = 1

)

select * from final
