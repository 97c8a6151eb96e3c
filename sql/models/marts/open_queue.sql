-- grain: one row per organisation, platform and addressed post_key that needs an answer and has none
with

addressed as (

    select * from {{ ref('int_addressed') }}
    where
        needs_response
        and not is_answered
        and observed_seconds >= 0

),

texts as (

    select * from {{ ref('int_shown_texts') }}

),

final as (

    select
        addressed.organisation,
        addressed.platform,
        addressed.post_key,
        addressed.thread_key,
        addressed.author_key,
        addressed.asked_at,
        addressed.observed_seconds as waiting_seconds,
        addressed.need,
        addressed.purpose,
        addressed.sentiment,
        addressed.language,
        addressed.rating,
        addressed.audience_band,
        texts.text
    from addressed
    inner join texts
        on addressed.post_number = texts.post_number

)

select * from final
