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
        coalesce(networks.possible_edges_count, 0) as possible_edges_count,
        coalesce(networks.star_difference, 0) as star_difference,
        coalesce(networks.in_difference, 0) as in_difference,
        coalesce(networks.out_difference, 0) as out_difference,
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
