-- grain: one row per organisation, platform, owned answer_id and post above it, up to and with the next owned post
with recursive

roles as (

    select * from {{ ref('int_roles') }}

),

posts as (

    select * from {{ ref('int_posts') }}

),

edges as (

    select * from {{ ref('stg_reply_edges') }}

),

outbound as (

    select
        roles.organisation,
        roles.platform,
        roles.post_id,
        roles.thread_id,
        roles.posted_at,
        posts.depth
    from roles
    inner join posts
        on
            roles.platform = posts.platform
            and roles.post_id = posts.post_id
    where roles.role = 'outbound'

),

spoken_threads as (

    select
        organisation,
        platform,
        thread_id
    from outbound
    group by organisation, platform, thread_id

),

-- where a clock runs backwards somewhere, an owned post may be too early to answer what stands above it
skewed_threads as (

    select
        platform,
        thread_id
    from edges
    where is_before_parent
    group by platform, thread_id

),

levels as (

    select
        posts.platform,
        posts.thread_id,
        posts.depth,
        max(posts.posted_at) as posted_at
    from posts
    inner join skewed_threads
        on
            posts.platform = skewed_threads.platform
            and posts.thread_id = skewed_threads.thread_id
    group by posts.platform, posts.thread_id, posts.depth

),

latest_above as (

    select
        platform,
        thread_id,
        depth,
        max(posted_at) over (
            partition by platform, thread_id
            order by depth
            rows between unbounded preceding and 1 preceding
        ) as posted_at
    from levels

),

ends as (

    select
        outbound.organisation,
        outbound.platform,
        outbound.post_id
    from outbound
    left join latest_above
        on
            outbound.platform = latest_above.platform
            and outbound.thread_id = latest_above.thread_id
            and outbound.depth = latest_above.depth
    where coalesce(outbound.posted_at >= latest_above.posted_at, true)

),

branches as (

    select
        spoken_threads.organisation,
        edges.platform,
        edges.post_id,
        edges.parent_id,
        ends.post_id is not null as is_end
    from spoken_threads
    inner join edges
        on
            spoken_threads.platform = edges.platform
            and spoken_threads.thread_id = edges.thread_id
    left join ends
        on
            spoken_threads.organisation = ends.organisation
            and edges.platform = ends.platform
            and edges.post_id = ends.post_id

),

-- from every owned post up to the root, or to the next owned post: that one answers what is above it
climb as (

    select
        outbound.organisation,
        outbound.platform,
        outbound.post_id as answer_id,
        outbound.posted_at as answered_at,
        branches.parent_id as ancestor_id
    from outbound
    inner join branches
        on
            outbound.organisation = branches.organisation
            and outbound.platform = branches.platform
            and outbound.post_id = branches.post_id

    union all

    select
        climb.organisation,
        climb.platform,
        climb.answer_id,
        climb.answered_at,
        branches.parent_id as ancestor_id
    from climb
    inner join branches
        on
            climb.organisation = branches.organisation
            and climb.platform = branches.platform
            and climb.ancestor_id = branches.post_id
    where not branches.is_end

),

final as (

    select
        climb.organisation,
        climb.platform,
        climb.answer_id,
        climb.answered_at,
        climb.ancestor_id,
        ends.post_id is not null as is_end
    from climb
    left join ends
        on
            climb.organisation = ends.organisation
            and climb.platform = ends.platform
            and climb.ancestor_id = ends.post_id

)

select * from final
