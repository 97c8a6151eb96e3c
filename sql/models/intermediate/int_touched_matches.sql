-- grain: one row per post_number of int_touched_posts, organisation, alias and alias_kind that it names; none when all
-- is made again
with

matches as (

    select * from {{ ref('stg_matches') }}

),

touched as (

    select * from {{ ref('int_touched_posts') }}

),

final as (

    select
        matches.post_number,
        matches.organisation,
        matches.alias,
        matches.alias_kind,
        matches.is_relevant
    from matches
    where
        matches.post_number in (select touched.post_number from touched)
        {{ when_adding('', 'and false') }}

)

select * from final
