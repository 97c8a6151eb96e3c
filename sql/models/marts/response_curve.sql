-- grain: one row per organisation, platform (or `all`) and seconds at which an answer came or observation ended
with

questions as (

    select * from {{ ref('int_questions') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

ends as (

    select
        scopes.organisation,
        scopes.scope as platform,
        questions.watched_seconds as seconds,
        count(*) as questions_count,
        count(case when questions.is_answered then 1 end) as answered_count
    from questions
    inner join scopes
        on
            questions.organisation = scopes.organisation
            and questions.platform = scopes.platform
    group by scopes.organisation, scopes.scope, questions.watched_seconds

),

at_risk as (

    select
        ends.*,
        cast(
            sum(questions_count) over (
                partition by organisation, platform
                order by seconds desc
                rows between unbounded preceding and current row
            ) as bigint
        ) as at_risk_count
    from ends

),

-- the product of (1 - answered / at risk) over the times so far, by logarithms
steps as (

    select
        at_risk.*,
        sum(case when answered_count < at_risk_count then ln(1.0 - 1.0 * answered_count / at_risk_count) end) over (
            partition by organisation, platform
            order by seconds
            rows between unbounded preceding and current row
        ) as log_survival
    from at_risk

),

curve as (

    select
        organisation,
        platform,
        seconds,
        at_risk_count,
        answered_count,
        questions_count - answered_count as censored_count,
        -- all who were left are answered: the end of the curve
        case when answered_count = at_risk_count then 0.0 else exp(coalesce(log_survival, 0.0)) end as survival
    from steps

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
    from curve

)

select * from final
