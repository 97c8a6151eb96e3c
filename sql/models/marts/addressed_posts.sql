-- grain: one row per organisation, platform and addressed post_key
with

addressed as (

    select * from {{ ref('int_addressed') }}

),

keys as (

    select * from {{ ref('int_keys') }}

),

final as (

    select
        addressed.organisation,
        addressed.platform,
        keys.post_key,
        keys.thread_key,
        addressed.author_key,
        addressed.kind,
        addressed.asked_at,
        addressed.asked_date,
        addressed.needs_response,
        addressed.need,
        addressed.starts_clock,
        addressed.is_answered,
        addressed.answered_at,
        answer_keys.post_key as answer_key,
        addressed.seconds,
        addressed.collected_through,
        case
            when not addressed.is_answered and addressed.observed_seconds >= 0 then addressed.observed_seconds
        end as waiting_seconds,
        addressed.language,
        addressed.sentiment,
        addressed.rating,
        addressed.audience_band
    from addressed
    inner join keys
        on addressed.post_number = keys.post_number
    left join keys as answer_keys
        on addressed.answer_number = answer_keys.post_number

)

select * from final
