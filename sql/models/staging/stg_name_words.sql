-- grain: one row per organisation and word of the names it goes by
-- few words, found in all that posts were matched by: once in a build
{{ config(materialized='table') }}
with

names as (

    select
        organisation,
        organisation as name
    from {{ source('conf', 'organisations') }}

    union

    select
        organisation,
        account as name
    from {{ source('conf', 'accounts') }}

    union

    select
        organisation,
        alias as name
    from {{ source('enriched', 'matches') }}
    where alias_kind <> 'query'

),

split as (

    select
        organisation,
        {{ explode(words_of('lower(name)')) }} as word
    from names

),

final as (

    select
        organisation,
        word
    from split
    group by organisation, word

)

select * from final
