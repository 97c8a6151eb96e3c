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
        and person_number is not null

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

{{ stale_periods() }},

replies as (

    select
        acts.organisation,
        acts.platform,
        acts.posted_date,
        acts.thread_number,
        acts.person_number
    from acts
    left join names
        on
            acts.organisation = names.organisation
            and acts.person_number = names.author_number
    where names.author_number is null

),

-- a person is known by a platform: who counts in `all` counts on one of them, and is looked at once for both
answered as (

    select
        stale_days.organisation,
        stale_days.platform,
        stale_days.period_number,
        replies.person_number,
        min(replies.thread_number) < max(replies.thread_number) as is_again
    from replies
    inner join stale_days
        on
            replies.organisation = stale_days.organisation
            and replies.platform = stale_days.platform
            and replies.posted_date = stale_days.calendar_date
    group by stale_days.organisation, stale_days.platform, stale_days.period_number, replies.person_number

),

on_platforms as (

    select
        organisation,
        platform,
        period_number,
        count(*) as people_answered,
        count(case when is_again then 1 end) as repeat_conversers
    from answered
    group by organisation, platform, period_number

),

counted as (

    select
        stale_scopes.scope_number,
        stale_scopes.period_number,
        cast(sum(on_platforms.people_answered) as bigint) as people_answered,
        cast(sum(on_platforms.repeat_conversers) as bigint) as repeat_conversers
    from on_platforms
    inner join stale_scopes
        on
            on_platforms.organisation = stale_scopes.organisation
            and on_platforms.platform = stale_scopes.platform
            and on_platforms.period_number = stale_scopes.period_number
    group by stale_scopes.scope_number, stale_scopes.period_number

),

final as (

    select
        counted.scope_number,
        counted.period_number,
        stale.group_print,
        counted.people_answered,
        counted.repeat_conversers
    from counted
    inner join stale
        on
            counted.scope_number = stale.scope_number
            and counted.period_number = stale.period_number

)

select * from final
