-- grain: one row per platform, post_id and organisation that the post names
with

matches as (

    select * from {{ source('enriched', 'matches') }}

),

final as (

    select
        platform,
        post_id,
        organisation,
        count(*) as aliases_count
    from matches
    group by platform, post_id, organisation

)

select * from final
