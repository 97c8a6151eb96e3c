-- grain: one row per organisation and addressed post_number: how many followed its author when it was posted
{{ config(materialized='view') }}
with

addressed as (

    select * from {{ ref('int_addressed') }}

),

counts as (

    select * from {{ ref('stg_author_counts') }}

),

authors as (

    select * from {{ ref('stg_authors') }}

),

-- of most authors one count was ever seen: nothing to choose from
seen_once as (

    select
        author_number,
        min(followers_count) as followers_count
    from counts
    group by author_number
    having count(*) = 1

),

seen_often as (

    select counts.*
    from counts
    left join seen_once
        on counts.author_number = seen_once.author_number
    where seen_once.author_number is null

),

-- the last count seen before the post; else the first one after it, which came with the post
ranked as (

    select
        addressed.organisation,
        addressed.post_number,
        seen_often.followers_count,
        row_number() over (
            partition by addressed.organisation, addressed.post_number
            order by
                case when seen_often.observed_at <= addressed.asked_at then 0 else 1 end,
                abs({{ seconds_between('addressed.asked_at', 'seen_often.observed_at') }})
        ) as place
    from addressed
    inner join seen_often
        on addressed.person_number = seen_often.author_number

),

final as (

    select
        addressed.organisation,
        addressed.platform,
        addressed.post_number,
        addressed.person_number,
        addressed.asked_date,
        coalesce(ranked.followers_count, seen_once.followers_count, authors.followers_count) as followers_count,
        addressed.is_answered,
        coalesce(addressed.observed_seconds >= 86400, false) as is_matured,
        coalesce(addressed.observed_seconds >= 86400 and addressed.seconds <= 86400, false) as is_answered_24h
    from addressed
    left join ranked
        on
            addressed.organisation = ranked.organisation
            and addressed.post_number = ranked.post_number
            and ranked.place = 1
    left join seen_once
        on addressed.person_number = seen_once.author_number
    left join authors
        on addressed.person_number = authors.author_number

)

select * from final
