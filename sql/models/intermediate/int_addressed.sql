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
        asked.*,
        horizons.collected_through,
        {{ seconds_between('asked.asked_at', 'horizons.collected_through') }} as observed_seconds,
        {{ sentiment_about('asked.read_sentiment') }} as sentiment
    from asked
    inner join horizons
        on asked.platform = horizons.platform
    left join moods
        on
            asked.organisation = moods.organisation
            and asked.post_number = moods.post_number

)

select * from final
