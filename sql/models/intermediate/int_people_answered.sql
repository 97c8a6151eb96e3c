-- grain: one row per scope_number and period_number in which a person got a reply
with

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
        scopes.scope_number,
        period_days.period_number,
        conversations.person_number,
        count(distinct conversations.thread_number) as threads_count
    from conversations
    inner join scopes
        on
            conversations.organisation = scopes.organisation
            and conversations.platform = scopes.platform
    inner join period_days
        on conversations.posted_date = period_days.calendar_date
    group by scopes.scope_number, period_days.period_number, conversations.person_number

),

final as (

    select
        scope_number,
        period_number,
        count(*) as people_answered,
        count(case when threads_count >= 2 then 1 end) as repeat_conversers
    from answered
    group by scope_number, period_number

)

select * from final
