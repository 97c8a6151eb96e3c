-- grain: one row per organisation, owned answer_number and person whose addressed post stands above it
with recursive

climbs as (

    select * from {{ ref('int_climbs') }}

),

roles as (

    select * from {{ ref('int_roles') }}
    {{ of_changed_threads('int_roles') }}

),

posts as (

    select * from {{ ref('int_posts') }}
    {{ of_changed_threads('int_posts') }}

),

direct as (

    select
        climbs.organisation,
        climbs.answer_number,
        climbs.answered_at,
        roles.thread_number,
        coalesce(posts.speaker_number, posts.post_number) as person_number
    from climbs
    inner join roles
        on
            climbs.organisation = roles.organisation
            and climbs.ancestor_number = roles.post_number
    inner join posts
        on climbs.ancestor_number = posts.post_number
    where
        roles.role = 'addressed'
        and climbs.answered_at >= roles.posted_at
    group by
        climbs.organisation,
        climbs.answer_number,
        climbs.answered_at,
        roles.thread_number,
        coalesce(posts.speaker_number, posts.post_number)

),

-- where the climb ended at an owned post, that post was an answer too
links as (

    select
        organisation,
        answer_number,
        answered_at,
        ancestor_number
    from climbs
    where is_end

),

-- who was answered by a post is answered by the owned posts below it as well
final as (

    select
        organisation,
        thread_number,
        person_number,
        answer_number,
        answered_at
    from direct

    union all

    select
        links.organisation,
        final.thread_number,
        final.person_number,
        links.answer_number,
        links.answered_at
    from final
    inner join links
        on
            final.organisation = links.organisation
            and final.answer_number = links.ancestor_number
    left join direct
        on
            links.organisation = direct.organisation
            and links.answer_number = direct.answer_number
            and final.person_number = direct.person_number
    where direct.person_number is null

)

select * from final
