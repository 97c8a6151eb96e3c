-- grain: one row per period_grain and period_start, with its bounds in UTC
with

period_days as (

    select * from {{ ref('int_period_days') }}

),

settings as (

    select * from {{ ref('stg_settings') }}

),

horizons as (

    select max(collected_through) as collected_through
    from {{ ref('int_horizons') }}

),

periods as (

    select
        period_grain,
        period_start,
        max(calendar_date) as last_day
    from period_days
    group by period_grain, period_start

),

ends as (

    select
        period_grain,
        period_start,
        case period_grain
            when 'week' then {{ days_later('period_start', 7) }}
            when 'month' then cast(date_trunc('month', {{ days_later('period_start', 31) }}) as date)
            when 'quarter' then cast(date_trunc('quarter', {{ days_later('period_start', 92) }}) as date)
            when 'rolling_28d' then {{ days_later('period_start', 28) }}
            else {{ days_later('last_day', 1) }}
        end as period_end
    from periods

),

final as (

    select
        ends.period_grain,
        ends.period_start,
        ends.period_end,
        {{ local_midnight('ends.period_start', 'settings.timezone') }} as begins_at,
        -- the running period lasts until now, and now is what has been collected
        least({{ local_midnight('ends.period_end', 'settings.timezone') }}, horizons.collected_through) as ends_at
    from ends
    cross join settings
    cross join horizons

)

select * from final
