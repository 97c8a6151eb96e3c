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

{{ said_in_stale_weeks() }},

edges as (

    select * from {{ ref('int_edges') }}

),

counted as (

    select
        roles.scope_number,
        roles.week,
        edges.from_number,
        edges.to_number,
        count(*) as posts_count
    from roles
    inner join edges
        on roles.post_number = edges.post_number
    group by roles.scope_number, roles.week, edges.from_number, edges.to_number

),

final as (

    select
        counted.scope_number,
        counted.week,
        stale.group_print,
        counted.from_number,
        counted.to_number,
        counted.posts_count
    from counted
    inner join stale
        on
            counted.scope_number = stale.scope_number
            and counted.week = stale.week

)

select * from final
