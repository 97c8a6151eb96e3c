-- grain: one row per organisation, platform and addressed post_key that needs an answer and has none
with

addressed as (

    select
        int_addressed.*,
        {{ post_key('platform', 'post_id') }} as post_key,
        {{ post_key('platform', 'thread_id') }} as thread_key
    from {{ ref('int_addressed') }} as int_addressed
    where
        needs_response
        and not is_answered
        and observed_seconds >= 0

),

texts as (

    select
        platform,
        post_key,
        text
    from {{ ref('posts') }}

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
        addressed.sentiment,
        addressed.language,
        addressed.rating,
        addressed.audience_band,
        texts.text
    from addressed
    inner join texts
        on
            addressed.platform = texts.platform
            and addressed.post_key = texts.post_key

)

select * from final
