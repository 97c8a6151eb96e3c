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

    select
        platform,
        post_id,
        text
    from {{ ref('stg_posts') }}

),

final as (

    select
        addressed.organisation,
        addressed.platform,
        {{ post_key('addressed.platform', 'addressed.post_id') }} as post_key,
        {{ post_key('addressed.platform', 'addressed.thread_id') }} as thread_key,
        addressed.author_key,
        addressed.asked_at,
        addressed.observed_seconds as waiting_seconds,
        addressed.need,
        addressed.sentiment,
        addressed.language,
        addressed.rating,
        addressed.audience_band,
        {{ mask('texts.text') }} as text
    from addressed
    inner join texts
        on
            addressed.platform = texts.platform
            and addressed.post_id = texts.post_id

)

select * from final
