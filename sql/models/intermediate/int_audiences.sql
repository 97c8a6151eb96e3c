-- grain: one row per organisation and addressed post_number: how many followed its author when it was posted
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

-- the last count seen before the post; else the first one after it, which came with the post
ranked as (

    select
        addressed.organisation,
        addressed.post_number,
        counts.followers_count,
        row_number() over (
            partition by addressed.organisation, addressed.post_number
            order by
                case when counts.observed_at <= addressed.asked_at then 0 else 1 end,
                abs({{ seconds_between('addressed.asked_at', 'counts.observed_at') }})
        ) as place
    from addressed
    inner join counts
        on addressed.person_number = counts.author_number

),

final as (

    select
        addressed.organisation,
        addressed.platform,
        addressed.post_number,
        addressed.person_number,
        addressed.asked_date,
        coalesce(ranked.followers_count, authors.followers_count) as followers_count,
        coalesce(addressed.observed_seconds >= 86400, false) as is_matured,
        coalesce(addressed.observed_seconds >= 86400 and addressed.seconds <= 86400, false) as is_answered_24h
    from addressed
    left join ranked
        on
            addressed.organisation = ranked.organisation
            and addressed.post_number = ranked.post_number
            and ranked.place = 1
    left join authors
        on addressed.person_number = authors.author_number

)

select * from final
