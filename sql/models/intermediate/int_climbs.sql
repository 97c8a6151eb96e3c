-- grain: one row per organisation, owned answer_number and post above it, up to and with the next owned post
with recursive

roles as (

    select * from {{ ref('int_roles') }}
    {{ of_changed_threads('int_roles') }}

),

posts as (

    select * from {{ ref('int_posts') }}
    {{ of_changed_threads('int_posts') }}

),

edges as (

    select * from {{ ref('int_reply_edges') }}

),

outbound as (

    select
        roles.organisation,
        roles.post_number,
        roles.thread_number,
        roles.posted_at,
        posts.depth
    from roles
    inner join posts
        on roles.post_number = posts.post_number
    where roles.role = 'outbound'

),

spoken_threads as (

    select
        organisation,
        thread_number
    from outbound
    group by organisation, thread_number

),

-- where a clock runs backwards somewhere, an owned post may be too early to answer what stands above it, or too late to
-- be the first to answer it
skewed_threads as (

    select thread_number
    from edges
    where is_before_parent
    group by thread_number

),

levels as (

    select
        posts.thread_number,
        posts.depth,
        max(posts.posted_at) as posted_at
    from posts
    inner join skewed_threads
        on posts.thread_number = skewed_threads.thread_number
    group by posts.thread_number, posts.depth

),

latest_above as (

    select
        thread_number,
        depth,
        max(posted_at) over (
            partition by thread_number
            order by depth
            rows between unbounded preceding and 1 preceding
        ) as posted_at
    from levels

),

own_levels as (

    select
        outbound.organisation,
        outbound.thread_number,
        outbound.depth,
        min(outbound.posted_at) as posted_at
    from outbound
    inner join skewed_threads
        on outbound.thread_number = skewed_threads.thread_number
    group by outbound.organisation, outbound.thread_number, outbound.depth

),

earliest_below as (

    select
        organisation,
        thread_number,
        depth,
        min(posted_at) over (
            partition by organisation, thread_number
            order by depth desc
            rows between unbounded preceding and 1 preceding
        ) as posted_at
    from own_levels

),

ends as (

    select
        outbound.organisation,
        outbound.post_number
    from outbound
    left join latest_above
        on outbound.thread_number = latest_above.thread_number
            and outbound.depth = latest_above.depth
    left join earliest_below
        on outbound.organisation = earliest_below.organisation
            and outbound.thread_number = earliest_below.thread_number
            and outbound.depth = earliest_below.depth
    where
        coalesce(outbound.posted_at >= latest_above.posted_at, true)
        and coalesce(outbound.posted_at <= earliest_below.posted_at, true)

),

branches as (

    select
        spoken_threads.organisation,
        edges.post_number,
        edges.parent_number,
        ends.post_number is not null as is_end
    from spoken_threads
    inner join edges
        on spoken_threads.thread_number = edges.thread_number
    left join ends
        on
            spoken_threads.organisation = ends.organisation
            and edges.post_number = ends.post_number

),

-- from every owned post up to the root, or to the next owned post: that one answers what is above it
climb as (

    select
        outbound.organisation,
        outbound.post_number as answer_number,
        outbound.posted_at as answered_at,
        branches.parent_number as ancestor_number
    from outbound
    inner join branches
        on
            outbound.organisation = branches.organisation
            and outbound.post_number = branches.post_number

    union all

    select
        climb.organisation,
        climb.answer_number,
        climb.answered_at,
        branches.parent_number as ancestor_number
    from climb
    inner join branches
        on
            climb.organisation = branches.organisation
            and climb.ancestor_number = branches.post_number
    where not branches.is_end

),

final as (

    select
        climb.organisation,
        climb.answer_number,
        climb.answered_at,
        climb.ancestor_number,
        ends.post_number is not null as is_end
    from climb
    left join ends
        on
            climb.organisation = ends.organisation
            and climb.ancestor_number = ends.post_number

)

select * from final
