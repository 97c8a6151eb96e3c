-- grain: one row per post_number and organisation that the post names and is about
with

matches as (

    select * from {{ source('enriched', 'matches') }}

),

set_aside as (

    select
        platform,
        post_id,
        organisation
    from {{ source('enriched', 'relevance') }}
    where not is_relevant

),

final as (

    select
        {{ number_of('matches.platform', 'matches.post_id') }} as post_number,
        matches.organisation,
        count(*) as aliases_count
    from matches
    left join set_aside
        on
            matches.platform = set_aside.platform
            and matches.post_id = set_aside.post_id
            and matches.organisation = set_aside.organisation
    where set_aside.post_id is null
    group by {{ number_of('matches.platform', 'matches.post_id') }}, matches.organisation

)

select * from final
