-- grain: one row: the night that is counted, and how luister.toml wants it counted
with

settings as (

    select * from {{ ref('stg_settings') }}

),

horizons as (

    select min(collected_through) as collected_through
    from {{ ref('int_horizons') }}

),

runs as (

    select
        run_id,
        version,
        row_number() over (order by started_at desc, run_id desc) as run_number
    from {{ ref('stg_runs') }}

),

final as (

    select
        runs.run_id,
        runs.version,
        horizons.collected_through,
        settings.timezone,
        settings.minimum_n
    from settings
    cross join horizons
    left join runs
        on runs.run_number = 1

)

select * from final
