-- grain: one row per scope_number, period_number and person who addressed the organisation: their quartile by audience
with

audiences as (

    select * from {{ ref('int_audiences') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

period_days as (

    select * from {{ ref('int_period_days') }}

),

daily as (

    select
        organisation,
        platform,
        asked_date,
        person_number,
        max(followers_count) as followers_count,
        count(case when is_matured then 1 end) as matured_posts,
        count(case when is_answered_24h then 1 end) as answered_posts
    from audiences
    group by organisation, platform, asked_date, person_number

),

people as (

    select
        scopes.scope_number,
        period_days.period_number,
        daily.person_number,
        max(daily.followers_count) as followers_count,
        cast(sum(daily.matured_posts) as bigint) as matured_posts,
        cast(sum(daily.answered_posts) as bigint) as answered_posts
    from daily
    inner join scopes
        on
            daily.organisation = scopes.organisation
            and daily.platform = scopes.platform
    inner join period_days
        on daily.asked_date = period_days.calendar_date
    group by scopes.scope_number, period_days.period_number, daily.person_number

),

-- people with as many followers stand together: the share with fewer decides
ranked as (

    select
        *,
        rank() over (
            partition by scope_number, period_number, followers_count is null
            order by followers_count
        ) - 1 as smaller_count,
        count(*) over (
            partition by scope_number, period_number, followers_count is null
        ) as people_count
    from people

),

final as (

    select
        scope_number,
        period_number,
        person_number,
        followers_count,
        case
            when followers_count is null then 'unknown'
            when 4 * smaller_count < people_count then '1'
            when 4 * smaller_count < 2 * people_count then '2'
            when 4 * smaller_count < 3 * people_count then '3'
            else '4'
        end as audience_quartile,
        matured_posts,
        answered_posts
    from ranked

)

select * from final
