-- grain: one row per organisation, platform (or `all`) and number of seconds at which an answer came or observation ended
with

survival as (

    select * from {{ ref('int_survival_periods') }}
    where period_grain = 'all'

),

final as (

    select
        organisation,
        platform,
        seconds,
        at_risk_count,
        answered_count,
        censored_count,
        survival,
        1 - survival as answered_share
    from survival

)

select * from final
