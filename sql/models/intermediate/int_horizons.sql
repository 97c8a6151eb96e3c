-- grain: one row per platform: what has been looked at. This is the "now" of every model.
with

sources as (

    select * from {{ ref('stg_sources') }}

),

progress as (

    select * from {{ ref('stg_progress') }}

),

posts as (

    select * from {{ ref('int_posts') }}

),

looked as (

    select
        progress.platform,
        min(progress.collected_from) as collected_from,
        -- the source that lags behind decides; one that is no longer configured does not
        coalesce(
            min(case when sources.source is not null then progress.collected_through end),
            min(progress.collected_through)
        ) as collected_through
    from progress
    left join sources
        on progress.source = sources.source
    group by progress.platform

),

seen as (

    select
        platform,
        min(posted_at) as first_posted_at,
        max(posted_at) as last_posted_at
    from posts
    group by platform

),

final as (

    select
        coalesce(looked.platform, seen.platform) as platform,
        coalesce(looked.collected_from, seen.first_posted_at) as collected_from,
        coalesce(looked.collected_through, seen.last_posted_at) as collected_through
    from looked
    full outer join seen
        on looked.platform = seen.platform

)

select * from final
