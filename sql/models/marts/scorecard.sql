-- grain: one row per organisation, platform (or `all`), period_grain, period_start and measure
with

measures as (

    select * from {{ ref('int_measures') }}

),

coverage as (

    select * from {{ ref('int_coverage_periods') }}

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
        coalesce(measures.denominator < night.minimum_n, false) as too_few
    from measures
    cross join night
    left join coverage
        on
            measures.platform = coverage.platform
            and measures.period_grain = coverage.period_grain
            and measures.period_start = coverage.period_start

)

select * from final
