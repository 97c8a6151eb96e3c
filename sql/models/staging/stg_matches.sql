-- grain: one row per post_number, organisation, alias and alias_kind that the post names
with

matches as (

    select * from {{ source('enriched', 'matches') }}

),

relevance as (

    select * from {{ source('enriched', 'relevance') }}

),

final as (

    select
        {{ number_of('matches.platform', 'matches.post_id') }} as post_number,
        matches.organisation,
        matches.alias,
        matches.alias_kind,
        coalesce(relevance.is_relevant, true) as is_relevant
    from matches
    left join relevance
        on
            matches.platform = relevance.platform
            and matches.post_id = relevance.post_id
            and matches.organisation = relevance.organisation

)

select * from final
