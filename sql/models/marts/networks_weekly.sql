-- grain: one row per organisation, platform (or `all`) and ISO week with a speaker
with

grid as (

    select * from {{ ref('int_grid') }}
    where period_grain = 'week'

),

networks as (

    select * from {{ ref('int_networks') }}

),

groups as (

    select * from {{ ref('int_modularity') }}

),

night as (

    select * from {{ ref('int_night') }}

),

measured as (

    select
        grid.organisation,
        grid.platform,
        grid.period_start as week,
        networks.nodes_count,
        networks.edges_count,
        networks.isolates_count,
        coalesce(groups.groups_count, 0) as groups_count,
        groups.modularity,
        {{ ratio('networks.edges_count', 'networks.possible_edges_count') }} as density,
        {{ ratio('networks.in_difference', 'networks.star_difference') }} as in_centralization,
        {{ ratio('networks.out_difference', 'networks.star_difference') }} as out_centralization,
        {{ ratio('networks.isolates_count', 'networks.nodes_count') }} as isolate_share,
        {{ ratio('groups.two_largest_count', 'groups.tied_nodes_count') }} as two_largest_share,
        networks.nodes_count < night.minimum_n as too_few
    from grid
    inner join networks
        on
            grid.scope_number = networks.scope_number
            and grid.period_start = networks.week
    left join groups
        on
            networks.scope_number = groups.scope_number
            and networks.week = groups.week
    cross join night

),

final as (

    select
        organisation,
        platform,
        week,
        nodes_count,
        edges_count,
        isolates_count,
        groups_count,
        modularity,
        density,
        in_centralization,
        out_centralization,
        isolate_share,
        two_largest_share,
        too_few,
        case
            when too_few then null
            when
                in_centralization >= {{ var('shape_hub') }}
                and in_centralization >= out_centralization
                then 'broadcast'
            when out_centralization >= {{ var('shape_hub') }} then 'support'
            when isolate_share >= {{ var('shape_isolates') }} then 'fragmented'
            when
                modularity >= {{ var('shape_groups') }}
                and two_largest_share >= {{ var('shape_two_groups') }}
                then 'polarised'
            when modularity >= {{ var('shape_groups') }} then 'clustered'
            when density >= {{ var('shape_tight') }} then 'tight'
            else 'loose'
        end as shape
    from measured

)

select * from final
