-- grain: one row per organisation, platform, owned answer_id and post above it, up to and with the next owned post
with recursive

outbound as (

    select
        organisation,
        platform,
        post_id,
        thread_id,
        posted_at
    from {{ ref('int_roles') }}
    where role = 'outbound'

),

edges as (

    select * from {{ ref('stg_reply_edges') }}

),

spoken_threads as (

    select
        organisation,
        platform,
        thread_id
    from outbound
    group by organisation, platform, thread_id

),

-- where a clock runs backwards somewhere, the nearest owned reply need not be the first one
skewed_threads as (

    select
        platform,
        thread_id
    from edges
    where is_before_parent
    group by platform, thread_id

),

branches as (

    select
        spoken_threads.organisation,
        edges.platform,
        edges.post_id,
        edges.parent_id,
        skewed_threads.thread_id is not null as is_skewed,
        outbound.post_id is not null and skewed_threads.thread_id is null as is_end
    from spoken_threads
    inner join edges
        on
            spoken_threads.platform = edges.platform
            and spoken_threads.thread_id = edges.thread_id
    left join outbound
        on
            spoken_threads.organisation = outbound.organisation
            and edges.platform = outbound.platform
            and edges.post_id = outbound.post_id
    left join skewed_threads
        on
            edges.platform = skewed_threads.platform
            and edges.thread_id = skewed_threads.thread_id

),

-- from every owned post up to the root, or to the next owned post: that one answers what is above it
final as (

    select
        outbound.organisation,
        outbound.platform,
        outbound.post_id as answer_id,
        outbound.posted_at as answered_at,
        branches.parent_id as ancestor_id,
        branches.is_skewed
    from outbound
    inner join branches
        on
            outbound.organisation = branches.organisation
            and outbound.platform = branches.platform
            and outbound.post_id = branches.post_id

    union all

    select
        final.organisation,
        final.platform,
        final.answer_id,
        final.answered_at,
        branches.parent_id as ancestor_id,
        branches.is_skewed
    from final
    inner join branches
        on
            final.organisation = branches.organisation
            and final.platform = branches.platform
            and final.ancestor_id = branches.post_id
    where not branches.is_end

)

select * from final
