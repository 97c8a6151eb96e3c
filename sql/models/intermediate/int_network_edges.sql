-- grain: one row per scope_number, week, from_number and to_number: who turned to whom that week
{{ config(
    materialized='incremental',
    incremental_strategy='printed',
    unique_key=['scope_number', 'week'],
    printed_in='int_network_prints',
) }}
with

stale as (

    {{ groups_to_make('int_network_prints', ['scope_number', 'week']) }}

),

roles as (

    select
        roles.organisation,
        roles.platform,
        roles.post_number,
        cast(date_trunc('week', roles.posted_date) as date) as week
    from {{ ref('int_roles') }} as roles
    inner join {{ ref('int_calendar') }} as calendar
        on roles.posted_date = calendar.calendar_date

),

edges as (

    select * from {{ ref('int_edges') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

final as (

    select
        scopes.scope_number,
        roles.week,
        stale.group_print,
        edges.from_number,
        edges.to_number,
        count(*) as posts_count
    from roles
    inner join edges
        on roles.post_number = edges.post_number
    inner join scopes
        on
            roles.organisation = scopes.organisation
            and roles.platform = scopes.platform
    inner join stale
        on
            scopes.scope_number = stale.scope_number
            and roles.week = stale.week
    group by
        scopes.scope_number,
        roles.week,
        stale.group_print,
        edges.from_number,
        edges.to_number

)

select * from final
