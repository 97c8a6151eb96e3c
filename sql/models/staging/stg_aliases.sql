-- grain: one row per post_number, organisation and alias that the post names
with

matches as (

    select * from {{ source('enriched', 'matches') }}

),

relevance as (

    select * from {{ source('enriched', 'relevance') }}

),

own_posts as (

    select
        platform,
        post_id,
        organisation
    from matches
    where alias_kind = 'account'
    group by platform, post_id, organisation

),

final as (

    select
        {{ number_of('matches.platform', 'matches.post_id') }} as post_number,
        matches.organisation,
        matches.alias,
        min(coalesce(relevance.is_relevant, true)) as is_relevant
    from matches
    left join relevance
        on
            matches.platform = relevance.platform
            and matches.post_id = relevance.post_id
            and matches.organisation = relevance.organisation
    left join own_posts
        on
            matches.platform = own_posts.platform
            and matches.post_id = own_posts.post_id
            and matches.organisation = own_posts.organisation
    where own_posts.post_id is null
    group by
        {{ number_of('matches.platform', 'matches.post_id') }},
        matches.organisation,
        matches.alias

)

select * from final
