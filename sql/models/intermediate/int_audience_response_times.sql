-- grain: one row per scope_number, period_number and audience_quartile in which somebody asked: how long answers took
with

questions as (

    select * from {{ ref('int_questions') }}

),

audiences as (

    select * from {{ ref('int_audiences') }}

),

people as (

    select * from {{ ref('int_audience_people') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

period_days as (

    select * from {{ ref('int_period_days') }}

),

watched as (

    select
        people.scope_number,
        people.period_number,
        people.audience_quartile,
        questions.watched_seconds,
        questions.is_answered
    from questions
    inner join audiences
        on
            questions.organisation = audiences.organisation
            and questions.post_number = audiences.post_number
    inner join scopes
        on
            questions.organisation = scopes.organisation
            and questions.platform = scopes.platform
    inner join period_days
        on questions.asked_date = period_days.calendar_date
    inner join people
        on
            scopes.scope_number = people.scope_number
            and period_days.period_number = people.period_number
            and audiences.person_number = people.person_number

),

{{ survival_quantiles('watched', ['scope_number', 'period_number', 'audience_quartile']) }}

select * from final
