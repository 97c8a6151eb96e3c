-- grain: one row per organisation, platform (or `all`), period_grain and period_start: what the scorecard must have
with

scopes as (

    select
        organisation,
        scope as platform
    from {{ ref('int_scopes') }}
    group by organisation, scope

),

periods as (

    select * from {{ ref('int_periods') }}

),

final as (

    select
        scopes.organisation,
        scopes.platform,
        periods.period_grain,
        periods.period_start
    from scopes
    cross join periods

)

select * from final
