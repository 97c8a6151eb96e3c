-- grain: one row per organisation and addressed post_number of the last 28 days that is at least a day old
with

addressed as (

    select * from {{ ref('int_addressed') }}
    where observed_seconds >= 86400

),

calendar as (

    select max(calendar_date) as last_day from {{ ref('int_calendar') }}

),

final as (

    select
        addressed.organisation,
        addressed.platform,
        addressed.post_number,
        addressed.asked_at,
        addressed.purpose,
        addressed.audience_band,
        addressed.needs_response,
        coalesce(addressed.seconds <= 86400, false) as is_answered_24h
    from addressed
    inner join calendar
        on addressed.asked_date > {{ days_later('calendar.last_day', -28) }}

)

select * from final
