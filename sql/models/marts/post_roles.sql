-- grain: one row per organisation, platform and post_key that has a role for it
{{ config(
    materialized='incremental',
    incremental_strategy='changed',
    unique_key='post_key',
    changed_in='int_changed_keys',
    on_schema_change='fail',
) }}
with

roles as (

    select * from {{ ref('int_roles') }}
    {{ of_posts_in('int_roles', 'int_changed_rows') }}

),

acts as (

    select * from {{ ref('int_acts') }}
    {{ of_posts_in('int_acts', 'int_changed_rows') }}

),

keys as (

    select * from {{ ref('int_keys') }}

),

moods as (

    select * from {{ ref('int_moods') }}

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
        acts.is_parent_known,
        {{ sentiment_about('roles.sentiment') }} as sentiment_about
    from roles
    left join moods
        on
            roles.organisation = moods.organisation
            and roles.post_number = moods.post_number
    inner join keys
        on roles.post_number = keys.post_number
    left join acts
        on
            roles.organisation = acts.organisation
            and roles.post_number = acts.post_number

)

select * from final
