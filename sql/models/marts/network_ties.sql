-- grain: one row per organisation, whole ISO week (the last eight) and pair of nodes with a tie, over all platforms
with

ties as (

    select * from {{ ref('int_network_ties') }}

),

final as (

    select
        organisation,
        week,
        from_node,
        to_node,
        from_organisation,
        to_organisation,
        posts_count
    from ties

)

select * from final
