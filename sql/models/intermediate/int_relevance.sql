-- grain: one row per organisation, alias (or `all`) and post_number that names it, somebody else's own words
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='post_number') }}
with

aliases as (

    select * from {{ ref('stg_aliases') }}
    {{ of_own_changes() }}

),

posts as (

    select * from {{ ref('int_posts') }}
    {{ of_own_changes() }}

),

named as (

    select
        aliases.organisation,
        aliases.alias,
        aliases.post_number,
        aliases.is_relevant
    from aliases
    inner join posts
        on aliases.post_number = posts.post_number
    where posts.kind <> 'repost'

),

each_way as (

    select
        organisation,
        alias,
        post_number,
        is_relevant
    from named

    union all

    select
        organisation,
        'all' as alias,
        post_number,
        min(is_relevant) as is_relevant
    from named
    where alias <> 'all'
    group by organisation, post_number

),

final as (

    select
        organisation,
        alias,
        post_number,
        is_relevant
    from each_way

)

select * from final
