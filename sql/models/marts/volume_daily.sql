-- grain: one row per organisation, platform and day, silent days included
with

counts as (

    select * from {{ ref('int_counts_periods') }}
    where
        period_grain = 'day'
        and platform <> 'all'

),

final as (

    select
        organisation,
        platform,
        period_start as posted_date,
        volume,
        outbound_posts,
        inbound_posts,
        addressed_posts,
        mentioned_posts,
        peer_to_peer_posts,
        employee_posts,
        context_posts
    from counts

)

select * from final
