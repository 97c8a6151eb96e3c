-- grain: one row per organisation, platform (or `all`), period_grain, period_start and measure
with

measures as (

    select * from {{ ref('int_measures') }}

),

coverage as (

    select * from {{ ref('int_coverage_periods') }}

),

changes as (

    select * from {{ ref('int_changes') }}

),

published as (

    select
        measure,
        value as benchmark,
        row_number() over (partition by measure order by coalesce(year, 0) desc, benchmark) as place
    from {{ ref('benchmarks') }}
    where is_same_definition

),

benchmarks as (

    select
        measure,
        benchmark
    from published
    where place = 1

),

panels as (

    select
        period_grain,
        period_start,
        max(panel_since) as panel_since
    from {{ ref('int_panels') }}
    group by period_grain, period_start

),

night as (

    select * from {{ ref('int_night') }}

),

final as (

    select
        measures.organisation,
        measures.platform,
        measures.period_grain,
        measures.period_start,
        measures.measure,
        measures.value,
        measures.numerator,
        measures.denominator,
        measures.low,
        measures.high,
        coverage.coverage,
        coalesce(measures.denominator < night.minimum_n, false) as too_few,
        benchmarks.benchmark,
        changes.previous_value,
        changes.change,
        changes.change_low,
        changes.change_high,
        coalesce(changes.is_change, false) as is_change,
        panels.panel_since
    from measures
    cross join night
    left join coverage
        on
            measures.platform = coverage.platform
            and measures.period_grain = coverage.period_grain
            and measures.period_start = coverage.period_start
    left join changes
        on
            measures.organisation = changes.organisation
            and measures.platform = changes.platform
            and measures.period_grain = changes.period_grain
            and measures.period_start = changes.period_start
            and measures.measure = changes.measure
    left join benchmarks
        on measures.measure = benchmarks.measure
    left join panels
        on
            measures.measure in ('share_of_voice', 'story_share_of_voice')
            and measures.period_grain = panels.period_grain
            and measures.period_start = panels.period_start

)

select * from final
