-- grain: one row per organisation and addressed post_number: what was asked, when it was answered, how long watched
{{ config(materialized='view') }}
with

asked as (

    select * from {{ ref('int_asked') }}

),

horizons as (

    select * from {{ ref('int_horizons') }}

),

moods as (

    select * from {{ ref('int_moods') }}

),

final as (

    select
        asked.organisation,
        asked.platform,
        asked.post_number,
        asked.thread_number,
        asked.author_key,
        asked.person_number,
        asked.kind,
        asked.asked_at,
        asked.asked_date,
        asked.need,
        asked.needs_response,
        asked.starts_clock,
        asked.is_answered,
        asked.answered_at,
        asked.answer_number,
        asked.seconds,
        horizons.collected_through,
        {{ seconds_between('asked.asked_at', 'horizons.collected_through') }} as observed_seconds,
        asked.language,
        case when moods.post_number is not null then moods.sentiment else asked.sentiment end as sentiment,
        asked.purpose,
        asked.rating,
        asked.audience_band
    from asked
    inner join horizons
        on asked.platform = horizons.platform
    left join moods
        on
            asked.organisation = moods.organisation
            and asked.post_number = moods.post_number

)

select * from final
