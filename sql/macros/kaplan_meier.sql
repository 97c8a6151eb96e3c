{#-
  CTEs, the last of them `final`: Kaplan-Meier quantiles per group, of a relation with watched_seconds and is_answered.
  The product of (1 - 1 / at risk) over the answers, one by one, is the estimate of survival, ties included:
  with d answers at one time and n at risk, (n - 1)/n * (n - 2)/(n - 1) * ... = (n - d)/n. Here as a sum of logarithms.
-#}
{% macro survival_quantiles(relation, groups) -%}
{%- set group = groups | join(', ') -%}
-- in order of time, answers before ends of observation; who stands at place p has n - p + 1 questions at risk
placed as (

    select
        {{ group }},
        watched_seconds,
        is_answered,
        count(*) over (
            partition by {{ group }}
        ) - row_number() over (
            partition by {{ group }}
            order by watched_seconds asc, is_answered desc
        ) + 1 as at_risk_count
    from {{ relation }}

),

survival as (

    select
        {{ group }},
        watched_seconds,
        is_answered,
        sum(
            case
                when not is_answered then 0.0
                when at_risk_count = 1 then -1000.0
                else ln(1.0 - 1.0 / at_risk_count)
            end
        ) over (
            partition by {{ group }}
            order by at_risk_count desc
            rows between unbounded preceding and current row
        ) as log_survival
    from placed

),

final as (

    select
        {{ group }},
        count(*) as questions_count,
        count(case when is_answered then 1 end) as answered_count,
        -- the tolerance forgives the last bits of the sum; null where the curve does not fall that far
        min(case when is_answered and log_survival <= ln(0.5) + 1e-10 then watched_seconds end) as median_seconds,
        min(case when is_answered and log_survival <= ln(0.1) + 1e-10 then watched_seconds end) as p90_seconds
    from survival
    group by {{ group }}

)
{%- endmacro %}
