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

acts as (

    select * from {{ ref('int_acts') }}
    where
        act = 'reply'
        and person_number is not null

),

-- who asked on a day, and who was replied to
turns as (

    select
        organisation,
        platform,
        asked_date as posted_date,
        person_number,
        1 as asking_count,
        case when is_answered then 1 else 0 end as answered_count,
        0 as answers_count
    from asked

    union all

    select
        organisation,
        platform,
        posted_date,
        person_number,
        0 as asking_count,
        0 as answered_count,
        1 as answers_count
    from acts

),

{{ stale_periods() }},

-- a person is known by a platform: who counts in `all` counts on one of them, and is looked at once for both
by_person as (

    select
        stale_days.organisation,
        stale_days.platform,
        stale_days.period_number,
        turns.person_number,
        max(turns.answered_count) = 1 as is_answered,
        sum(turns.answers_count) as answers_count
    from turns
    inner join stale_days
        on
            turns.organisation = stale_days.organisation
            and turns.platform = stale_days.platform
            and turns.posted_date = stale_days.calendar_date
    group by stale_days.organisation, stale_days.platform, stale_days.period_number, turns.person_number
    having max(turns.asking_count) = 1

),

on_platforms as (

    select
        organisation,
        platform,
        period_number,
        answers_count,
        count(*) as people_count,
        count(case when is_answered then 1 end) as answered_count
    from by_person
    group by organisation, platform, period_number, answers_count

),

by_answers as (

    select
        stale_scopes.scope_number,
        stale_scopes.period_number,
        on_platforms.answers_count,
        cast(sum(on_platforms.people_count) as bigint) as people_count,
        cast(sum(on_platforms.answered_count) as bigint) as answered_count
    from on_platforms
    inner join stale_scopes
        on
            on_platforms.organisation = stale_scopes.organisation
            and on_platforms.platform = stale_scopes.platform
            and on_platforms.period_number = stale_scopes.period_number
    group by stale_scopes.scope_number, stale_scopes.period_number, on_platforms.answers_count

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
