-- grain: one row per scope_number, week and speaker_number who spoke or was turned to
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

posts as (

    select * from {{ ref('int_posts') }}

),

names as (

    select * from {{ ref('int_account_names') }}

),

handles as (

    select * from {{ ref('int_handles') }}

),

edges as (

    select edges.*
    from {{ ref('int_network_edges') }} as edges
    inner join stale
        on
            edges.scope_number = stale.scope_number
            and edges.week = stale.week

),

-- of any organisation: who speaks for a competitor is no customer either
accounts as (

    select coalesce(handles.author_number, names.author_number) as speaker_number
    from names
    left join handles
        on names.author_number = handles.handle_number
    group by coalesce(handles.author_number, names.author_number)

),

ends as (

    select
        roles.scope_number,
        roles.week,
        posts.speaker_number,
        0 as in_degree,
        0 as out_degree
    from roles
    inner join posts
        on roles.post_number = posts.post_number
    where posts.speaker_number is not null

    union all

    select
        scope_number,
        week,
        from_number as speaker_number,
        0 as in_degree,
        1 as out_degree
    from edges

    union all

    select
        scope_number,
        week,
        to_number as speaker_number,
        1 as in_degree,
        0 as out_degree
    from edges

),

nodes as (

    select
        scope_number,
        week,
        speaker_number,
        cast(sum(in_degree) as bigint) as in_degree,
        cast(sum(out_degree) as bigint) as out_degree
    from ends
    group by scope_number, week, speaker_number

),

final as (

    select
        nodes.scope_number,
        nodes.week,
        stale.group_print,
        nodes.speaker_number,
        nodes.in_degree,
        nodes.out_degree,
        accounts.speaker_number is null as is_customer
    from nodes
    inner join stale
        on
            nodes.scope_number = stale.scope_number
            and nodes.week = stale.week
    left join accounts
        on nodes.speaker_number = accounts.speaker_number

)

select * from final
