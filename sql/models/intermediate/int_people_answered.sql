-- grain: one row per scope_number and period_number in which a person got a reply
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

acts as (

    select * from {{ ref('int_acts') }}
    where
        act = 'reply'
        and parent_author_number is not null

),

names as (

    select * from {{ ref('int_account_names') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

period_days as (

    select * from {{ ref('int_period_days') }}

),

conversations as (

    select
        acts.organisation,
        acts.platform,
        acts.posted_date,
        acts.thread_number,
        acts.parent_author_number as person_number
    from acts
    left join names
        on
            acts.organisation = names.organisation
            and acts.parent_author_number = names.author_number
    where names.author_number is null
    group by
        acts.organisation,
        acts.platform,
        acts.posted_date,
        acts.thread_number,
        acts.parent_author_number

),

answered as (

    select
        stale.scope_number,
        stale.period_number,
        stale.group_print,
        conversations.person_number,
        count(distinct conversations.thread_number) as threads_count
    from conversations
    inner join scopes
        on
            conversations.organisation = scopes.organisation
            and conversations.platform = scopes.platform
    inner join period_days
        on conversations.posted_date = period_days.calendar_date
    inner join stale
        on
            scopes.scope_number = stale.scope_number
            and period_days.period_number = stale.period_number
    group by stale.scope_number, stale.period_number, stale.group_print, conversations.person_number

),

final as (

    select
        scope_number,
        period_number,
        group_print,
        count(*) as people_answered,
        count(case when threads_count >= 2 then 1 end) as repeat_conversers
    from answered
    group by scope_number, period_number, group_print

)

select * from final
