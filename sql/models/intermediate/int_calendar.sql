-- grain: one row per day on which somebody spoke, and silent day from the begin of collecting to collected through;
-- where nobody at all has spoken for a quarter the calendar pauses: one old post in an import makes no years of zeros
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

spoken as (

    select roles.posted_date
    from {{ ref('int_roles') }} as roles
    inner join bounds
        on roles.posted_date <= bounds.last_day
    where roles.role <> 'context'
    group by roles.posted_date

),

-- the silence before the first post since collecting began
awaited as (

    select min(spoken.posted_date) as first_day
    from spoken
    inner join bounds
        on spoken.posted_date >= bounds.first_day

),

followed as (

    select {{ explode(days_from_to('posted_date', days_later('posted_date', 92))) }} as moment
    from spoken

    union

    select {{ explode(days_from_to(days_later('first_day', -92), 'first_day')) }} as moment
    from awaited
    where first_day is not null

    union

    select {{ explode(days_from_to(days_later('last_day', -92), 'last_day')) }} as moment
    from bounds

),

final as (

    select cast(followed.moment as date) as calendar_date
    from followed
    inner join bounds
        on
            cast(followed.moment as date) >= bounds.first_day
            and cast(followed.moment as date) <= bounds.last_day

    union

    select posted_date as calendar_date
    from spoken

)

select * from final
