-- grain: one row per organisation, alias (or `all`) and post_number that names it, somebody else's own words
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='post_number') }}
with

matches as (

    select * from {{ when_adding(ref('int_touched_matches'), ref('stg_matches')) }}
    {{ of_own_changes() }}

),

posts as (

    select * from {{ ref('int_posts') }}
    {{ of_posts_in('int_posts', 'int_changed_posts') }}

),

-- what the organisation says itself
own_posts as (

    select
        post_number,
        organisation
    from matches
    where alias_kind = 'account'
    group by post_number, organisation

),

named as (

    select
        matches.organisation,
        matches.alias,
        matches.post_number,
        min(matches.is_relevant) as is_relevant
    from matches
    inner join posts
        on matches.post_number = posts.post_number
    left join own_posts
        on
            matches.post_number = own_posts.post_number
            and matches.organisation = own_posts.organisation
    where
        own_posts.post_number is null
        and posts.kind <> 'repost'
    group by matches.organisation, matches.alias, matches.post_number

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
