-- grain: one row per period_number and organisation: whether it is of the panel of that period
with

organisations as (

    select * from {{ ref('int_organisations') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

judged as (

    select
        periods.period_number,
        periods.period_grain,
        periods.period_start,
        organisations.organisation,
        organisations.panel_from,
        coalesce(organisations.panel_from <= periods.period_start, true) as is_in_panel
    from periods
    cross join organisations

),

final as (

    select
        period_number,
        period_grain,
        period_start,
        organisation,
        is_in_panel,
        count(case when is_in_panel then 1 end) over (partition by period_number) as panel_count,
        max(case when is_in_panel then panel_from end) over (partition by period_number) as panel_since
    from judged

)

select * from final
