-- grain: one row per organisation, platform (or `all`), period_grain, period_start and measure with a period before it;
-- the interval of a difference is Newcombe's for shares and Poisson's for counts; other measures have none.
-- a share of voice is set against that of the same panel only.
-- Counts are set against each other only when both periods are over and were covered: half a week is no decline.
-- So are shares of people of whom more are answered, or again, the longer the time that is looked at
with

measures as (

    select * from {{ ref('int_measures') }}
    where period_grain <> 'all'

),

night as (

    select * from {{ ref('int_night') }}

),

coverage as (

    select * from {{ ref('int_coverage_periods') }}

),

panels as (

    select
        period_number,
        max(panel_count) as panel_count
    from {{ ref('int_panels') }}
    group by period_number

),

befores as (

    select
        periods.period_grain,
        periods.period_start,
        earlier.period_start as previous_start,
        periods.ends_at >= {{ local_midnight('periods.period_end', 'night.timezone') }} as is_over,
        panels.panel_count = earlier_panels.panel_count as is_same_panel
    from {{ ref('int_periods') }} as periods
    inner join {{ ref('int_periods') }} as earlier
        on
            periods.period_grain = earlier.period_grain
            and periods.period_start = earlier.period_end
    inner join panels
        on periods.period_number = panels.period_number
    inner join panels as earlier_panels
        on earlier.period_number = earlier_panels.period_number
    cross join night

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
        measures.denominator is null
        or measures.measure in ('people_answered_share', 'repeat_converser_share') as grows_with_time,
        least(measures.denominator, earlier.denominator) as fewest,
        befores.is_over
        and coalesce(now_covered.coverage, 1.0) >= 0.95
        and coalesce(then_covered.coverage, 1.0) >= 0.95 as is_whole,
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
    left join coverage as now_covered
        on
            measures.platform = now_covered.platform
            and measures.period_grain = now_covered.period_grain
            and measures.period_start = now_covered.period_start
    left join coverage as then_covered
        on
            measures.platform = then_covered.platform
            and measures.period_grain = then_covered.period_grain
            and befores.previous_start = then_covered.period_start
    where
        befores.is_same_panel
        or measures.measure not in ('share_of_voice', 'story_share_of_voice')

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
        case when is_count then value + previous_value else fewest end as compared_count,
        case
            when grows_with_time and not is_whole then null
            when is_count then change - 1.959963984540054 * sqrt(value + previous_value)
            else change - sqrt(power(value - low, 2) + power(previous_high - previous_value, 2))
        end as change_low,
        case
            when grows_with_time and not is_whole then null
            when is_count then change + 1.959963984540054 * sqrt(value + previous_value)
            else change + sqrt(power(high - value, 2) + power(previous_value - previous_low, 2))
        end as change_high
    from paired

),

final as (

    select
        bounded.organisation,
        bounded.platform,
        bounded.period_grain,
        bounded.period_start,
        bounded.measure,
        bounded.previous_value,
        bounded.change,
        bounded.change_low,
        bounded.change_high,
        bounded.compared_count >= night.minimum_n
        and (bounded.change_low > 0 or bounded.change_high < 0) as is_change
    from bounded
    cross join night

)

select * from final
