-- grain: one row per organisation, platform and day, silent days included
with

counts as (

    select * from {{ ref('int_counts_periods') }}
    where
        period_grain = 'day'
        and platform <> 'all'

),

stories as (

    select * from {{ ref('int_stories_periods') }}
    where period_grain = 'day'

),

final as (

    select
        counts.organisation,
        counts.platform,
        counts.period_start as posted_date,
        counts.volume,
        counts.outbound_posts,
        counts.inbound_posts,
        counts.addressed_posts,
        counts.mentioned_posts,
        counts.peer_to_peer_posts,
        counts.employee_posts,
        counts.context_posts,
        stories.stories,
        stories.voice_stories
    from counts
    inner join stories
        on
            counts.organisation = stories.organisation
            and counts.platform = stories.platform
            and counts.period_start = stories.period_start

)

select * from final
