-- grain: one row per organisation, platform, owned answer_id and person whose addressed post stands above it
with recursive

climbs as (

    select * from {{ ref('int_climbs') }}

),

roles as (

    select * from {{ ref('int_roles') }}

),

posts as (

    select * from {{ ref('int_posts') }}

),

direct as (

    select
        climbs.organisation,
        climbs.platform,
        climbs.answer_id,
        climbs.answered_at,
        roles.thread_id,
        coalesce(posts.author_name, posts.post_id) as person
    from climbs
    inner join roles
        on
            climbs.organisation = roles.organisation
            and climbs.platform = roles.platform
            and climbs.ancestor_id = roles.post_id
    inner join posts
        on
            climbs.platform = posts.platform
            and climbs.ancestor_id = posts.post_id
    where
        roles.role = 'addressed'
        and climbs.answered_at >= roles.posted_at
    group by
        climbs.organisation,
        climbs.platform,
        climbs.answer_id,
        climbs.answered_at,
        roles.thread_id,
        coalesce(posts.author_name, posts.post_id)

),

-- where the climb ended at an owned post, that post was an answer too
links as (

    select
        organisation,
        platform,
        answer_id,
        answered_at,
        ancestor_id
    from climbs
    where is_end

),

-- who was answered by a post is answered by the owned posts below it as well
final as (

    select
        organisation,
        platform,
        thread_id,
        person,
        answer_id,
        answered_at
    from direct

    union all

    select
        links.organisation,
        links.platform,
        final.thread_id,
        final.person,
        links.answer_id,
        links.answered_at
    from final
    inner join links
        on
            final.organisation = links.organisation
            and final.platform = links.platform
            and final.answer_id = links.ancestor_id
    left join direct
        on
            links.organisation = direct.organisation
            and links.platform = direct.platform
            and links.answer_id = direct.answer_id
            and final.person = direct.person
    where direct.person is null

)

select * from final
