-- grain: one row per organisation and addressed post_number: how many followed its author when it was posted
{{ config(materialized='view') }}
with

addressed as (

    select * from {{ ref('int_addressed') }}

),

handles as (

    select * from {{ ref('int_handles') }}

),

speakers as (

    select * from {{ ref('int_speakers') }}

),

-- under whichever name somebody was seen
counts as (

    select
        coalesce(handles.author_number, counted.author_number) as speaker_number,
        counted.observed_at,
        max(counted.followers_count) as followers_count
    from {{ ref('stg_author_counts') }} as counted
    left join handles
        on counted.author_number = handles.handle_number
    group by coalesce(handles.author_number, counted.author_number), counted.observed_at

),

-- of most people one count was ever seen: nothing to choose from
seen_once as (

    select
        speaker_number,
        min(followers_count) as followers_count
    from counts
    group by speaker_number
    having count(*) = 1

),

seen_often as (

    select counts.*
    from counts
    left join seen_once
        on counts.speaker_number = seen_once.speaker_number
    where seen_once.speaker_number is null

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
        on addressed.person_number = seen_often.speaker_number

),

final as (

    select
        addressed.organisation,
        addressed.platform,
        addressed.post_number,
        addressed.person_number,
        addressed.asked_date,
        coalesce(ranked.followers_count, seen_once.followers_count, speakers.followers_count) as followers_count,
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
        on addressed.person_number = seen_once.speaker_number
    left join speakers
        on addressed.person_number = speakers.speaker_number

)

select * from final
