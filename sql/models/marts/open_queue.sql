-- grain: one row per organisation, platform and addressed post_key that needs an answer and has none
with

unanswered as (

    select * from {{ ref('int_unanswered') }}

),

horizons as (

    select * from {{ ref('int_horizons') }}

),

waiting as (

    select
        unanswered.*,
        {{ seconds_between('unanswered.asked_at', 'horizons.collected_through') }} as waiting_seconds
    from unanswered
    inner join horizons
        on unanswered.platform = horizons.platform

),

final as (

    select
        organisation,
        platform,
        post_key,
        thread_key,
        author_key,
        asked_at,
        waiting_seconds,
        need,
        purpose,
        sentiment,
        language,
        rating,
        audience_band,
        text
    from waiting
    where waiting_seconds >= 0

)

select * from final
