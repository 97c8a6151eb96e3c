-- grain: one row per organisation and post_number that starts a clock, on the clock of opening hours
with

questions as (

    select * from {{ ref('int_questions') }}

),

settings as (

    select * from {{ ref('stg_settings') }}

),

stretches as (

    select
        opening_date,
        told_from,
        told_until,
        opens_at,
        closes_at,
        {{ seconds_between('opens_at', 'closes_at') }} as open_seconds
    from {{ ref('int_opening_days') }}

),

-- the open time before a stretch, so that the open time between two moments is a difference
counted as (

    select
        stretches.*,
        sum(open_seconds) over (
            order by opening_date, opens_at
            rows between unbounded preceding and current row
        ) - open_seconds as seconds_before
    from stretches

),

dated as (

    select
        questions.*,
        {{ local_date('questions.watched_until', 'settings.timezone') }} as until_date
    from questions
    cross join settings

),

bounded as (

    select
        dated.organisation,
        dated.platform,
        dated.post_number,
        dated.asked_date,
        dated.is_answered,
        begins.seconds_before as begins_seconds,
        untils.seconds_before as untils_seconds,
        begins.opens_at as begins_opens_at,
        untils.opens_at as untils_opens_at,
        greatest(begins.opens_at, least(dated.asked_at, begins.closes_at)) as begins_at,
        greatest(untils.opens_at, least(dated.watched_until, untils.closes_at)) as ends_at
    from dated
    inner join counted as begins
        on
            dated.asked_date = begins.opening_date
            and dated.asked_at >= begins.told_from
            and dated.asked_at < begins.told_until
    inner join counted as untils
        on
            dated.until_date = untils.opening_date
            and dated.watched_until >= untils.told_from
            and dated.watched_until < untils.told_until

),

final as (

    select
        organisation,
        platform,
        post_number,
        asked_date,
        is_answered,
        untils_seconds + {{ seconds_between('untils_opens_at', 'ends_at') }}
        - begins_seconds - {{ seconds_between('begins_opens_at', 'begins_at') }} as watched_seconds
    from bounded

)

select * from final
