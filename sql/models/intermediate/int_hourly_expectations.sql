-- grain: one row per organisation, platform (or `all`) and hour with enough posts to be shown, and at least four of its
-- weekday and clock in the 8 weeks before: their median, and the median of their distances from it
with

hours as (

    select
        scopes.organisation,
        scopes.scope as platform,
        hourly.posted_date,
        hourly.hour_of_day,
        hourly.hour_begins_at,
        cast(sum(hourly.volume) as bigint) as volume
    from {{ ref('int_counts_hourly') }} as hourly
    inner join {{ ref('int_scopes') }} as scopes
        on
            hourly.organisation = scopes.organisation
            and hourly.platform = scopes.platform
    group by scopes.organisation, scopes.scope, hourly.posted_date, hourly.hour_of_day, hourly.hour_begins_at

),

night as (

    select * from {{ ref('int_night') }}

),

-- on one day the clock leaves an hour out, on another it shows one twice
clock as (

    select
        moments.calendar_date,
        moments.hour_begins_at,
        {{ local_hour('moments.hour_begins_at', 'moments.timezone') }} as hour_of_day
    from (
        select
            calendar.calendar_date,
            night.timezone,
            {{ explode(hours_from_to(
                local_midnight('calendar.calendar_date', 'night.timezone'),
                local_midnight(days_later('calendar.calendar_date', 1), 'night.timezone'),
            )) }} as hour_begins_at
        from {{ ref('int_calendar') }} as calendar
        cross join night
    ) as moments
    where {{ local_date('moments.hour_begins_at', 'moments.timezone') }} = moments.calendar_date

),

busy as (

    select hours.*
    from hours
    cross join night
    where hours.volume >= night.minimum_n

),

{{ weeks_before() }},

{{ begun() }},

spoken as (

    select
        organisation,
        platform,
        posted_date
    from hours
    group by organisation, platform, posted_date

),

seen as (

    select
        busy.organisation,
        busy.platform,
        busy.posted_date,
        busy.hour_begins_at,
        busy.volume,
        clock.hour_begins_at as before_begins_at,
        coalesce(befores.volume, 0) as volume_before
    from busy
    cross join weeks
    inner join clock
        on
            busy.posted_date = {{ days_later('clock.calendar_date', 'weeks.days_before') }}
            and busy.hour_of_day = clock.hour_of_day
    inner join begun
        on
            busy.organisation = begun.organisation
            and busy.platform = begun.platform
    left join hours as befores
        on
            busy.organisation = befores.organisation
            and busy.platform = befores.platform
            and clock.hour_begins_at = befores.hour_begins_at
    left join spoken
        on
            busy.organisation = spoken.organisation
            and busy.platform = spoken.platform
            and clock.calendar_date = spoken.posted_date
    where
        clock.calendar_date >= begun.first_day
        or spoken.posted_date is not null

),

earlier as (

    select
        organisation,
        platform,
        posted_date,
        hour_begins_at,
        volume,
        volume_before,
        row_number() over (
            partition by organisation, platform, posted_date, hour_begins_at
            order by volume_before, before_begins_at
        ) as place,
        count(*) over (partition by organisation, platform, posted_date, hour_begins_at) as weeks_count
    from seen

),

{{ robust_expectation(['organisation', 'platform', 'posted_date', 'hour_begins_at']) }}

select * from final
