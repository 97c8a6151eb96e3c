-- grain: one row per organisation, platform (or `all`), period_grain, period_start and measure
-- who turns to whom (weeks only)
with

grid as (

    select * from {{ ref('int_grid') }}

),

networks as (

    select * from {{ ref('int_networks') }}

),

groups as (

    select * from {{ ref('int_modularity') }}

),

weeks as (

    select
        grid.*,
        coalesce(networks.nodes_count, 0) as nodes_count,
        coalesce(networks.edges_count, 0) as edges_count,
        coalesce(networks.mutual_edges_count, 0) as mutual_edges_count,
        coalesce(networks.customer_edges_count, 0) as customer_edges_count,
        coalesce(networks.highest_in_degree, 0) as highest_in_degree,
        coalesce(networks.highest_out_degree, 0) as highest_out_degree,
        coalesce(networks.isolates_count, 0) as isolates_count,
        coalesce(networks.returning_count, 0) as returning_count,
        coalesce(befores.nodes_count, 0) as nodes_before_count,
        coalesce(groups.groups_count, 0) as groups_count,
        coalesce(groups.tied_nodes_count, 0) as tied_nodes_count,
        groups.modularity
    from grid
    left join networks
        on
            grid.scope_number = networks.scope_number
            and grid.period_start = networks.week
    left join networks as befores
        on
            grid.scope_number = befores.scope_number
            and grid.period_start = {{ days_later('befores.week', 7) }}
    left join groups
        on
            grid.scope_number = groups.scope_number
            and grid.period_start = groups.week
    where grid.period_grain = 'week'

),

counted as (

    select
        weeks.*,
        nodes_count * (nodes_count - 1) as possible_edges_count,
        -- in a star all but one have nothing and one has the most there can be
        greatest(nodes_count - 1, 0) * greatest(nodes_count - 1, 0) as star_difference,
        nodes_count * highest_in_degree - edges_count as in_difference,
        nodes_count * highest_out_degree - edges_count as out_difference,
        edges_count - mutual_edges_count / 2.0 as pairs_count
    from weeks

),

final as (

    {{ measures('counted', [
        ['edge_reciprocity', 'ratio', 'mutual_edges_count', 'edges_count'],
        ['dyad_reciprocity', 'ratio', 'mutual_edges_count / 2.0', 'pairs_count'],
        ['density', 'ratio', 'edges_count', 'possible_edges_count'],
        ['in_centralization', 'ratio', 'in_difference', 'star_difference'],
        ['out_centralization', 'ratio', 'out_difference', 'star_difference'],
        ['modularity', 'level', 'groups_count', 'tied_nodes_count', 'modularity'],
        ['isolate_share', 'ratio', 'isolates_count', 'nodes_count'],
        ['customer_to_customer_share', 'ratio', 'customer_edges_count', 'edges_count'],
        ['returning_node_share', 'ratio', 'returning_count', 'nodes_before_count'],
    ]) }}

)

select * from final
