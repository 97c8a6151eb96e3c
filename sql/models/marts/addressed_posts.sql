-- grain: one row per organisation, platform and addressed post_key
with

addressed as (

    select * from {{ ref('int_addressed') }}

),

final as (

    select
        organisation,
        platform,
        post_key,
        thread_key,
        author_key,
        kind,
        asked_at,
        asked_date,
        needs_response,
        need,
        starts_clock,
        is_answered,
        answered_at,
        answer_key,
        seconds,
        collected_through,
        case
            when not is_answered and observed_seconds >= 0 then observed_seconds
        end as waiting_seconds,
        language,
        sentiment,
        rating,
        audience_band
    from addressed

)

select * from final
