-- grain: one row per organisation, platform (or `all`), period_grain and period_start in which something was asked
with

survival as (

    select * from {{ ref('int_survival_periods') }}

),

final as (

    select
        organisation,
        platform,
        period_grain,
        period_start,
        cast(sum(answered_count) as bigint) as answered_questions,
        cast(sum(answered_count + censored_count) as bigint) as questions,
        -- the tolerance forgives the last bit of the logarithms; null where the curve does not fall that far
        min(case when answered_count > 0 and survival <= 0.5 + 1e-12 then seconds end) as median_seconds,
        min(case when answered_count > 0 and survival <= 0.1 + 1e-12 then seconds end) as p90_seconds
    from survival
    group by organisation, platform, period_grain, period_start

)

select * from final
