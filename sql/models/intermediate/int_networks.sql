-- grain: one row per scope_number and week in which somebody spoke: the graph of who turned to whom, in numbers
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

edges as (

    select edges.*
    from {{ ref('int_network_edges') }} as edges
    inner join stale
        on
            edges.scope_number = stale.scope_number
            and edges.week = stale.week

),

all_nodes as (

    select * from {{ ref('int_network_nodes') }}

),

nodes as (

    select all_nodes.*
    from all_nodes
    inner join stale
        on
            all_nodes.scope_number = stale.scope_number
            and all_nodes.week = stale.week

),

edge_counts as (

    select
        edges.scope_number,
        edges.week,
        count(*) as edges_count,
        count(backs.from_number) as mutual_edges_count,
        count(case when senders.is_customer and receivers.is_customer then 1 end) as customer_edges_count
    from edges
    left join edges as backs
        on
            edges.scope_number = backs.scope_number
            and edges.week = backs.week
            and edges.from_number = backs.to_number
            and edges.to_number = backs.from_number
    inner join nodes as senders
        on
            edges.scope_number = senders.scope_number
            and edges.week = senders.week
            and edges.from_number = senders.speaker_number
    inner join nodes as receivers
        on
            edges.scope_number = receivers.scope_number
            and edges.week = receivers.week
            and edges.to_number = receivers.speaker_number
    group by edges.scope_number, edges.week

),

node_counts as (

    select
        nodes.scope_number,
        nodes.week,
        nodes.group_print,
        count(*) as nodes_count,
        max(nodes.in_degree) as highest_in_degree,
        max(nodes.out_degree) as highest_out_degree,
        count(case when nodes.in_degree = 0 and nodes.out_degree = 0 then 1 end) as isolates_count,
        count(befores.speaker_number) as returning_count
    from nodes
    left join all_nodes as befores
        on
            nodes.scope_number = befores.scope_number
            and nodes.week = {{ days_later('befores.week', 7) }}
            and nodes.speaker_number = befores.speaker_number
    group by nodes.scope_number, nodes.week, nodes.group_print

),

counted as (

    select
        node_counts.scope_number,
        node_counts.week,
        node_counts.group_print,
        node_counts.nodes_count,
        coalesce(edge_counts.edges_count, 0) as edges_count,
        coalesce(edge_counts.mutual_edges_count, 0) as mutual_edges_count,
        coalesce(edge_counts.customer_edges_count, 0) as customer_edges_count,
        node_counts.highest_in_degree,
        node_counts.highest_out_degree,
        node_counts.isolates_count,
        node_counts.returning_count
    from node_counts
    left join edge_counts
        on
            node_counts.scope_number = edge_counts.scope_number
            and node_counts.week = edge_counts.week

),

final as (

    select
        *,
        nodes_count * (nodes_count - 1) as possible_edges_count,
        -- in a star all but one have nothing and one has the most there can be
        (nodes_count - 1) * (nodes_count - 1) as star_difference,
        nodes_count * highest_in_degree - edges_count as in_difference,
        nodes_count * highest_out_degree - edges_count as out_difference
    from counted

)

select * from final
