-- grain: one row per organisation, platform (or `all`), period_grain, period_start and number of watched seconds
with

questions as (

    select * from {{ ref('int_questions') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

period_days as (

    select * from {{ ref('int_period_days') }}

),

ends as (

    select
        questions.organisation,
        scopes.scope as platform,
        period_days.period_grain,
        period_days.period_start,
        questions.watched_seconds as seconds,
        count(*) as questions_count,
        count(case when questions.is_answered then 1 end) as answered_count
    from questions
    inner join scopes
        on
            questions.organisation = scopes.organisation
            and questions.platform = scopes.platform
    inner join period_days
        on questions.asked_date = period_days.calendar_date
    group by
        questions.organisation,
        scopes.scope,
        period_days.period_grain,
        period_days.period_start,
        questions.watched_seconds

),

at_risk as (

    select
        ends.*,
        cast(
            sum(questions_count) over (
                partition by organisation, platform, period_grain, period_start
                order by seconds desc
                rows between unbounded preceding and current row
            ) as bigint
        ) as at_risk_count
    from ends

),

steps as (

    select
        at_risk.*,
        -- the product of (1 - answered / at risk), by logarithms; it stays 0 once all who are left are answered
        sum(case when answered_count < at_risk_count then ln(1.0 - cast(answered_count as double) / at_risk_count) end)
            over (
                partition by organisation, platform, period_grain, period_start
                order by seconds
                rows between unbounded preceding and current row
            ) as log_survival,
        max(case when answered_count = at_risk_count then 1 else 0 end)
            over (
                partition by organisation, platform, period_grain, period_start
                order by seconds
                rows between unbounded preceding and current row
            ) as is_exhausted
    from at_risk

),

final as (

    select
        organisation,
        platform,
        period_grain,
        period_start,
        seconds,
        at_risk_count,
        answered_count,
        questions_count - answered_count as censored_count,
        case when is_exhausted = 1 then 0.0 else exp(coalesce(log_survival, 0.0)) end as survival
    from steps

)

select * from final
