-- grain: one row per organisation, platform (or `all`), period_grain, period_start and measure with a period before it;
-- the interval of a difference is Newcombe's for shares and Poisson's for counts; other measures have none
with

measures as (

    select * from {{ ref('int_measures') }}
    where period_grain <> 'all'

),

befores as (

    select
        periods.period_grain,
        periods.period_start,
        earlier.period_start as previous_start
    from {{ ref('int_periods') }} as periods
    inner join {{ ref('int_periods') }} as earlier
        on
            periods.period_grain = earlier.period_grain
            and periods.period_start = earlier.period_end

),

paired as (

    select
        measures.organisation,
        measures.platform,
        measures.period_grain,
        measures.period_start,
        measures.measure,
        measures.value,
        measures.low,
        measures.high,
        measures.denominator is null and measures.measure <> 'oldest_waiting_seconds' as is_count,
        earlier.value as previous_value,
        earlier.low as previous_low,
        earlier.high as previous_high,
        measures.value - earlier.value as change
    from measures
    inner join befores
        on
            measures.period_grain = befores.period_grain
            and measures.period_start = befores.period_start
    inner join measures as earlier
        on
            measures.organisation = earlier.organisation
            and measures.platform = earlier.platform
            and measures.period_grain = earlier.period_grain
            and measures.measure = earlier.measure
            and befores.previous_start = earlier.period_start

),

bounded as (

    select
        organisation,
        platform,
        period_grain,
        period_start,
        measure,
        previous_value,
        change,
        case
            when is_count then change - 1.959963984540054 * sqrt(value + previous_value)
            else change - sqrt(power(value - low, 2) + power(previous_high - previous_value, 2))
        end as change_low,
        case
            when is_count then change + 1.959963984540054 * sqrt(value + previous_value)
            else change + sqrt(power(high - value, 2) + power(previous_value - previous_low, 2))
        end as change_high
    from paired

),

final as (

    select
        *,
        change_low > 0 or change_high < 0 as is_change
    from bounded

)

select * from final
