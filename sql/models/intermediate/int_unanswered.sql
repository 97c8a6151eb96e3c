-- grain: one row per organisation and addressed post_key that needs an answer and has none, whenever it was asked
{{ config(
    materialized='incremental',
    incremental_strategy='changed',
    unique_key='post_key',
    changed_in='int_changed_keys',
) }}
with

asked as (

    select *
    from (
        select * from {{ ref('int_asked') }}
        {{ of_posts_in('int_asked', 'int_changed_rows') }}
    ) as changed
    where
        needs_response
        and not is_answered

),

moods as (

    select * from {{ ref('int_moods') }}

),

texts as (

    select * from {{ ref('int_shown_texts') }}
    {{ of_posts_in('int_shown_texts', 'int_changed_rows') }}

),

final as (

    select
        asked.organisation,
        asked.platform,
        asked.post_key,
        asked.thread_key,
        asked.author_key,
        asked.asked_at,
        asked.need,
        asked.purpose,
        {{ sentiment_about('asked.read_sentiment') }} as sentiment,
        asked.language,
        asked.rating,
        asked.audience_band,
        texts.text
    from asked
    inner join texts
        on asked.post_number = texts.post_number
    left join moods
        on
            asked.organisation = moods.organisation
            and asked.post_number = moods.post_number

)

select * from final
