-- grain: one row per organisation, platform, day and act, silent days included
with

days as (

    select
        organisation,
        platform,
        period_start as posted_date
    from {{ ref('int_grid') }}
    where
        period_grain = 'day'
        and platform <> 'all'

),

acts as (

    select
        'relay' as act,
        'listening' as side
    union all
    select
        'self_relay' as act,
        'broadcasting' as side
    union all
    select
        'reply' as act,
        'listening' as side
    union all
    select
        'continuation' as act,
        'neither' as side
    union all
    select
        'outreach' as act,
        'listening' as side
    union all
    select
        'broadcast' as act,
        'broadcasting' as side

),

counted as (

    select
        organisation,
        platform,
        posted_date,
        act,
        count(*) as posts_count,
        count(case when reply_mode = 'reactive' then 1 end) as reactive_count,
        count(case when reply_mode = 'proactive' then 1 end) as proactive_count,
        count(case when act = 'reply' and not is_parent_known then 1 end) as parent_unknown_count
    from {{ ref('int_acts') }}
    group by organisation, platform, posted_date, act

),

final as (

    select
        days.organisation,
        days.platform,
        days.posted_date,
        acts.act,
        acts.side,
        coalesce(counted.posts_count, 0) as posts_count,
        coalesce(counted.reactive_count, 0) as reactive_count,
        coalesce(counted.proactive_count, 0) as proactive_count,
        coalesce(counted.parent_unknown_count, 0) as parent_unknown_count
    from days
    cross join acts
    left join counted
        on
            days.organisation = counted.organisation
            and days.platform = counted.platform
            and days.posted_date = counted.posted_date
            and acts.act = counted.act

)

select * from final
