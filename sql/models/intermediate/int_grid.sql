-- grain: one row per scope_number and period_number: every cell the scorecard must have
with

scopes as (

    select
        scope_number,
        organisation,
        scope as platform
    from {{ ref('int_scopes') }}
    group by scope_number, organisation, scope

),

periods as (

    select * from {{ ref('int_periods') }}

),

final as (

    select
        scopes.scope_number,
        periods.period_number,
        scopes.organisation,
        scopes.platform,
        periods.period_grain,
        periods.period_start
    from scopes
    cross join periods

)

select * from final
