-- grain: one row per organisation, platform and post_key that has a role for it
with

roles as (

    select * from {{ ref('int_roles') }}

),

acts as (

    select * from {{ ref('int_acts') }}

),

final as (

    select
        roles.organisation,
        roles.platform,
        {{ post_key('roles.platform', 'roles.post_id') }} as post_key,
        roles.posted_date,
        roles.role,
        acts.act,
        acts.side,
        acts.reply_mode,
        acts.is_parent_known
    from roles
    left join acts
        on
            roles.organisation = acts.organisation
            and roles.platform = acts.platform
            and roles.post_id = acts.post_id

)

select * from final
