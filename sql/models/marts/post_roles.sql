-- grain: one row per organisation, platform and post_key that has a role for it
with

roles as (

    select * from {{ ref('int_roles') }}

),

acts as (

    select * from {{ ref('int_acts') }}

),

keys as (

    select * from {{ ref('int_keys') }}

),

final as (

    select
        roles.organisation,
        roles.platform,
        keys.post_key,
        roles.posted_date,
        roles.role,
        acts.act,
        acts.side,
        acts.reply_mode,
        acts.is_parent_known
    from roles
    inner join keys
        on roles.post_number = keys.post_number
    left join acts
        on
            roles.organisation = acts.organisation
            and roles.post_number = acts.post_number

)

select * from final
