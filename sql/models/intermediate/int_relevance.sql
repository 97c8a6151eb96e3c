-- grain: one row per organisation, alias (or `all`) and post_number that names it, somebody else's own words
with

aliases as (

    select * from {{ ref('stg_aliases') }}

),

posts as (

    select * from {{ ref('int_posts') }}

),

samples as (

    select * from {{ ref('stg_samples') }}

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
        each_way.organisation,
        each_way.alias,
        each_way.post_number,
        each_way.is_relevant,
        samples.is_right
    from each_way
    left join samples
        on
            each_way.organisation = samples.organisation
            and each_way.post_number = samples.post_number

)

select * from final
