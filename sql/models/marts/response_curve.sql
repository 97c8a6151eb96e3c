-- grain: one row per organisation, platform (or `all`) and seconds at which an answer came or observation ended
with

questions as (

    select * from {{ ref('int_questions') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

names as (

    select
        scope_number,
        organisation,
        scope
    from scopes
    group by scope_number, organisation, scope

),

ends as (

    select
        scopes.scope_number,
        questions.watched_seconds as seconds,
        count(*) as questions_count,
        count(case when questions.is_answered then 1 end) as answered_count
    from questions
    inner join scopes
        on
            questions.organisation = scopes.organisation
            and questions.platform = scopes.platform
    group by scopes.scope_number, questions.watched_seconds

),

at_risk as (

    select
        ends.*,
        cast(
            sum(questions_count) over (
                partition by scope_number
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
            partition by scope_number
            order by seconds
            rows between unbounded preceding and current row
        ) as log_survival
    from at_risk

),

curve as (

    select
        scope_number,
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
        names.organisation,
        names.scope as platform,
        curve.seconds,
        curve.at_risk_count,
        curve.answered_count,
        curve.censored_count,
        curve.survival,
        1 - curve.survival as answered_share
    from curve
    inner join names
        on curve.scope_number = names.scope_number

)

select * from final
