-- grain: one row per scope_number and period_number in which a person addressed the organisation
{{ config(
    materialized='incremental',
    incremental_strategy='printed',
    unique_key=['scope_number', 'period_number'],
    printed_in='int_talk_prints',
) }}
with

stale as (

    {{ groups_to_make('int_talk_prints', ['scope_number', 'period_number']) }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

period_days as (

    select * from {{ ref('int_period_days') }}

),

asked as (

    select * from {{ ref('int_audience_days') }}

),

stale_days as (

    {{ days_of_stale('period_number', 'period_days') }}

),

by_person as (

    select
        stale_days.scope_number,
        stale_days.period_number,
        asked.person_number,
        sum(asked.answers_count) as answers_count,
        count(case when asked.is_answered then 1 end) > 0 as is_answered
    from asked
    inner join stale_days
        on
            asked.organisation = stale_days.organisation
            and asked.platform = stale_days.platform
            and asked.asked_date = stale_days.calendar_date
    group by stale_days.scope_number, stale_days.period_number, asked.person_number

),

by_answers as (

    select
        scope_number,
        period_number,
        answers_count,
        count(*) as people_count,
        count(case when is_answered then 1 end) as answered_count
    from by_person
    group by scope_number, period_number, answers_count

),

-- people stand in order of the answers they got; these stand after `people_before`
placed as (

    select
        by_answers.*,
        sum(people_count) over (
            partition by scope_number, period_number
            order by answers_count
            rows between unbounded preceding and current row
        ) - people_count as people_before
    from by_answers

),

counted as (

    select
        scope_number,
        period_number,
        cast(sum(people_count) as bigint) as people_addressing,
        cast(sum(answered_count) as bigint) as askers_answered,
        cast(sum(people_count * answers_count) as bigint) as answers_count,
        -- Gini = 2 * sum(place * answers) / (people * answers) - (people + 1) / people
        cast(sum(answers_count * people_count * (2.0 * people_before + people_count + 1)) as double)
        / nullif(sum(people_count) * sum(people_count * answers_count), 0)
        - (sum(people_count) + 1.0) / sum(people_count) as answer_gini
    from placed
    group by scope_number, period_number

),

final as (

    select
        counted.scope_number,
        counted.period_number,
        stale.group_print,
        counted.people_addressing,
        counted.askers_answered,
        counted.answers_count,
        counted.answer_gini
    from counted
    inner join stale
        on
            counted.scope_number = stale.scope_number
            and counted.period_number = stale.period_number

)

select * from final
