-- grain: one row per organisation, whole ISO week (the last eight) and pair of nodes with a tie, over all platforms
{{ config(
    materialized='incremental',
    incremental_strategy='printed',
    unique_key=['organisation', 'week'],
    printed_in='int_tie_prints',
) }}
with

stale as (

    {{ groups_to_make('int_tie_prints', ['organisation', 'week']) }}

),

edges as (

    select * from {{ ref('int_network_edges') }}

),

scopes as (

    select
        scope_number,
        organisation
    from {{ ref('int_scopes') }}
    where scope = 'all'
    group by scope_number, organisation

),

names as (

    select
        author_number,
        min(organisation) as organisation
    from {{ ref('int_account_names') }}
    where account_kind = 'owned'
    group by author_number

),

recent as (

    select
        scopes.organisation,
        edges.week,
        stale.group_print,
        edges.from_number,
        edges.to_number,
        edges.posts_count
    from edges
    inner join scopes
        on edges.scope_number = scopes.scope_number
    inner join stale
        on
            scopes.organisation = stale.organisation
            and edges.week = stale.week

),

ends as (

    select
        organisation,
        week,
        from_number as speaker_number
    from recent

    union all

    select
        organisation,
        week,
        to_number as speaker_number
    from recent

),

-- the most tied is node 1: a number that means nothing outside its own week
nodes as (

    select
        organisation,
        week,
        speaker_number,
        cast(
            row_number() over (partition by organisation, week order by count(*) desc, speaker_number asc) as integer
        ) as node
    from ends
    group by organisation, week, speaker_number

),

final as (

    select
        recent.organisation,
        recent.week,
        recent.group_print,
        senders.node as from_node,
        receivers.node as to_node,
        sender_names.organisation as from_organisation,
        receiver_names.organisation as to_organisation,
        recent.posts_count
    from recent
    inner join nodes as senders
        on
            recent.organisation = senders.organisation
            and recent.week = senders.week
            and recent.from_number = senders.speaker_number
    inner join nodes as receivers
        on
            recent.organisation = receivers.organisation
            and recent.week = receivers.week
            and recent.to_number = receivers.speaker_number
    left join names as sender_names
        on recent.from_number = sender_names.author_number
    left join names as receiver_names
        on recent.to_number = receiver_names.author_number

)

select * from final
