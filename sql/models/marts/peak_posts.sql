-- grain: one row per organisation, platform (or `all`), peak day and rank: the posts that drew most reactions that day
with

peaks as (

    select * from {{ ref('int_peaks') }}

),

roles as (

    select * from {{ ref('int_roles') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

posts as (

    select * from {{ ref('int_posts') }}

),

keys as (

    select * from {{ ref('int_keys') }}

),

ranked as (

    select
        peaks.organisation,
        peaks.platform,
        peaks.posted_date,
        keys.post_key,
        roles.role,
        coalesce(posts.replies_count, 0)
        + coalesce(posts.reposts_count, 0)
        + coalesce(posts.likes_count, 0) as reactions_count,
        row_number() over (
            partition by peaks.organisation, peaks.platform, peaks.posted_date
            order by
                coalesce(posts.replies_count, 0)
                + coalesce(posts.reposts_count, 0)
                + coalesce(posts.likes_count, 0) desc,
                posts.posted_at asc,
                posts.post_number asc
        ) as post_rank
    from peaks
    inner join scopes
        on
            peaks.organisation = scopes.organisation
            and peaks.platform = scopes.scope
    inner join roles
        on
            scopes.organisation = roles.organisation
            and scopes.platform = roles.platform
            and peaks.posted_date = roles.posted_date
    inner join posts
        on roles.post_number = posts.post_number
    inner join keys
        on roles.post_number = keys.post_number

),

final as (

    select
        organisation,
        platform,
        posted_date,
        cast(post_rank as integer) as post_rank,
        post_key,
        role,
        reactions_count
    from ranked
    where post_rank <= 5

)

select * from final
