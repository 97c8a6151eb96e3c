-- grain: one row per organisation, platform and post_id below which an owned account replied, at or after it
with

climbs as (

    select * from {{ ref('int_climbs') }}

),

roles as (

    select * from {{ ref('int_roles') }}
    where role <> 'outbound'

),

ordered as (

    select
        roles.organisation,
        roles.platform,
        roles.post_id,
        climbs.answered_at,
        climbs.answer_id,
        row_number() over (
            partition by roles.organisation, roles.platform, roles.post_id
            order by climbs.answered_at, climbs.answer_id
        ) as answer_number
    from roles
    inner join climbs
        on
            roles.organisation = climbs.organisation
            and roles.platform = climbs.platform
            and roles.post_id = climbs.ancestor_id
    where climbs.answered_at >= roles.posted_at

),

final as (

    select
        organisation,
        platform,
        post_id,
        answered_at,
        answer_id
    from ordered
    where answer_number = 1

)

select * from final
