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

    select
        organisation,
        platform,
        asked_date,
        person_number,
        count(case when is_answered then 1 end) as answers_count
    from {{ ref('int_addressed') }}
    group by organisation, platform, asked_date, person_number

),

by_person as (

    select
        stale.scope_number,
        stale.period_number,
        stale.group_print,
        asked.person_number,
        sum(asked.answers_count) as answers_count
    from asked
    inner join scopes
        on
            asked.organisation = scopes.organisation
            and asked.platform = scopes.platform
    inner join period_days
        on asked.asked_date = period_days.calendar_date
    inner join stale
        on
            scopes.scope_number = stale.scope_number
            and period_days.period_number = stale.period_number
    group by stale.scope_number, stale.period_number, stale.group_print, asked.person_number

),

by_answers as (

    select
        scope_number,
        period_number,
        group_print,
        answers_count,
        count(*) as people_count
    from by_person
    group by scope_number, period_number, group_print, answers_count

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

final as (

    select
        scope_number,
        period_number,
        group_print,
        cast(sum(people_count) as bigint) as people_addressing,
        cast(sum(case when answers_count > 0 then people_count else 0 end) as bigint) as askers_answered,
        cast(sum(people_count * answers_count) as bigint) as answers_count,
        -- Gini = 2 * sum(place * answers) / (people * answers) - (people + 1) / people
        cast(sum(answers_count * people_count * (2.0 * people_before + people_count + 1)) as double)
        / nullif(sum(people_count) * sum(people_count * answers_count), 0)
        - (sum(people_count) + 1.0) / sum(people_count) as answer_gini
    from placed
    group by scope_number, period_number, group_print

)

select * from final
