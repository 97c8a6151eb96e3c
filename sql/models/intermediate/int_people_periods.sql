-- grain: one row per organisation, platform (or `all`), period_grain and period_start with somebody addressing or answered
with

acts as (

    select * from {{ ref('int_acts') }}
    where
        act = 'reply'
        and parent_author_name is not null

),

names as (

    select * from {{ ref('int_account_names') }}

),

addressed as (

    select * from {{ ref('int_addressed') }}

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
        acts.posted_date as happened_date,
        acts.parent_author_name as person,
        acts.thread_id
    from acts
    left join names
        on
            acts.organisation = names.organisation
            and acts.platform = names.platform
            and acts.parent_author_name = names.name
    where names.name is null
    group by
        acts.organisation,
        acts.platform,
        acts.posted_date,
        acts.parent_author_name,
        acts.thread_id

),

threads_answered as (

    select
        conversations.organisation,
        scopes.scope as platform,
        period_days.period_grain,
        period_days.period_start,
        conversations.platform as person_platform,
        conversations.person,
        count(distinct conversations.thread_id) as threads_count
    from conversations
    inner join scopes
        on
            conversations.organisation = scopes.organisation
            and conversations.platform = scopes.platform
    inner join period_days
        on conversations.happened_date = period_days.calendar_date
    group by
        conversations.organisation,
        scopes.scope,
        period_days.period_grain,
        period_days.period_start,
        conversations.platform,
        conversations.person

),

answered as (

    select
        organisation,
        platform,
        period_grain,
        period_start,
        count(*) as people_answered,
        count(case when threads_count >= 2 then 1 end) as repeat_conversers
    from threads_answered
    group by organisation, platform, period_grain, period_start

),

askers as (

    select
        addressed.organisation,
        scopes.scope as platform,
        period_days.period_grain,
        period_days.period_start,
        addressed.platform as person_platform,
        addressed.person,
        count(case when addressed.is_answered then 1 end) as answers_count
    from addressed
    inner join scopes
        on
            addressed.organisation = scopes.organisation
            and addressed.platform = scopes.platform
    inner join period_days
        on addressed.asked_date = period_days.calendar_date
    group by
        addressed.organisation,
        scopes.scope,
        period_days.period_grain,
        period_days.period_start,
        addressed.platform,
        addressed.person

),

ranked as (

    select
        askers.*,
        row_number() over (
            partition by organisation, platform, period_grain, period_start
            order by answers_count, person_platform, person
        ) as place
    from askers

),

addressing as (

    select
        organisation,
        platform,
        period_grain,
        period_start,
        count(*) as people_addressing,
        count(case when answers_count > 0 then 1 end) as askers_answered,
        cast(sum(answers_count) as bigint) as answers_count,
        -- Gini: 2 * sum(place * answers) / (people * answers) - (people + 1) / people
        2.0 * sum(place * answers_count) / nullif(count(*) * sum(answers_count), 0)
        - (count(*) + 1.0) / count(*) as answer_gini
    from ranked
    group by organisation, platform, period_grain, period_start

),

final as (

    select
        coalesce(addressing.organisation, answered.organisation) as organisation,
        coalesce(addressing.platform, answered.platform) as platform,
        coalesce(addressing.period_grain, answered.period_grain) as period_grain,
        coalesce(addressing.period_start, answered.period_start) as period_start,
        coalesce(answered.people_answered, 0) as people_answered,
        coalesce(answered.repeat_conversers, 0) as repeat_conversers,
        coalesce(addressing.people_addressing, 0) as people_addressing,
        coalesce(addressing.askers_answered, 0) as askers_answered,
        coalesce(addressing.answers_count, 0) as answers_count,
        addressing.answer_gini
    from addressing
    full outer join answered
        on
            addressing.organisation = answered.organisation
            and addressing.platform = answered.platform
            and addressing.period_grain = answered.period_grain
            and addressing.period_start = answered.period_start

)

select * from final
