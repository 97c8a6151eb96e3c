-- grain: one row per day: every day from the begin of collecting to collected through, and earlier days with posts
with

horizons as (

    select
        min(collected_from) as collected_from,
        max(collected_through) as collected_through
    from {{ ref('int_horizons') }}

),

settings as (

    select * from {{ ref('stg_settings') }}

),

bounds as (

    select
        {{ local_date('horizons.collected_from', 'settings.timezone') }} as first_day,
        {{ local_date('horizons.collected_through', 'settings.timezone') }} as last_day
    from horizons
    cross join settings
    where horizons.collected_through is not null

),

collected as (

    select {{ explode(days_from_to('first_day', 'last_day')) }} as moment
    from bounds

),

spoken as (

    select roles.posted_date
    from {{ ref('int_roles') }} as roles
    inner join bounds
        on roles.posted_date <= bounds.last_day
    where roles.role <> 'context'
    group by roles.posted_date

),

final as (

    select cast(moment as date) as calendar_date
    from collected

    union

    select posted_date as calendar_date
    from spoken

)

select * from final
