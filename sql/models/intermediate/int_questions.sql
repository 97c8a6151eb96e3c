-- grain: one row per organisation and post_number that starts a clock: how long it was watched,
-- and whether an answer ended that
with

addressed as (

    select * from {{ ref('int_addressed') }}

),

final as (

    select
        organisation,
        platform,
        post_number,
        person_number,
        asked_at,
        asked_date,
        coalesce(answered_at <= collected_through, false) as is_answered,
        case when answered_at <= collected_through then answered_at else collected_through end as watched_until,
        case when answered_at <= collected_through then seconds else observed_seconds end as watched_seconds
    from addressed
    where
        starts_clock
        and observed_seconds >= 0

)

select * from final
