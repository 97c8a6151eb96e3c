-- grain: one row per organisation, rule and rank: the posts an advice rests on, ten at most
with

advices as (

    select * from {{ ref('int_advices') }}

),

questions as (

    select * from {{ ref('int_recent_questions') }}
    where not is_answered_24h

),

broadcasts as (

    select * from {{ ref('int_recent_broadcasts') }}

),

calendar as (

    select max(calendar_date) as last_day from {{ ref('int_calendar') }}

),

-- what the company sent itself in the 28 days that its shares of sending and giving are of
sent as (

    select
        acts.organisation,
        acts.post_number,
        acts.posted_at,
        acts.side = 'broadcasting' as is_sent,
        acts.act <> 'relay' and acts.giving = 'take' as is_taking
    from {{ ref('int_acts') }} as acts
    cross join calendar
    where
        acts.posted_date > {{ days_later('calendar.last_day', -28) }}
        and acts.posted_date <= calendar.last_day

),

waiting as (

    select * from {{ ref('int_addressed') }}
    where
        needs_response
        and not is_answered
        and observed_seconds >= 0

),

evidence as (

    select
        advices.organisation,
        advices.rule,
        questions.post_number,
        questions.asked_at as happened_at,
        questions.needs_response
    from advices
    inner join questions
        on
            advices.organisation = questions.organisation
            and (
                (advices.rule = 'unmet_demand' and advices.subject = questions.purpose)
                or (advices.rule = 'unheard_audience' and advices.subject = questions.audience_band)
                or (advices.rule = 'unheard_platform' and advices.subject = questions.platform)
            )

    union all

    select
        advices.organisation,
        advices.rule,
        waiting.post_number,
        waiting.asked_at as happened_at,
        waiting.needs_response
    from advices
    inner join waiting
        on
            advices.organisation = waiting.organisation
            and advices.rule = 'open_queue'

    union all

    select
        advices.organisation,
        advices.rule,
        sent.post_number,
        sent.posted_at as happened_at,
        false as needs_response
    from advices
    inner join sent
        on
            advices.organisation = sent.organisation
            and (
                (advices.rule = 'sends_more' and sent.is_sent)
                or (advices.rule = 'takes_more' and sent.is_taking)
            )

    union all

    select
        advices.organisation,
        advices.rule,
        broadcasts.post_number,
        broadcasts.posted_at as happened_at,
        false as needs_response
    from advices
    inner join broadcasts
        on
            advices.organisation = broadcasts.organisation
            and broadcasts.is_ignored
            and (
                (advices.rule = 'silent_habit' and advices.subject = cast(broadcasts.weekday as varchar))
                or (advices.rule = 'silent_hours' and advices.subject = broadcasts.day_part)
                or (advices.rule = 'silent_topic' and advices.subject = broadcasts.purpose)
            )

),

ranked as (

    select
        organisation,
        rule,
        post_number,
        row_number() over (
            partition by organisation, rule
            order by
                case when needs_response then 0 else 1 end,
                happened_at,
                post_number
        ) as post_rank
    from evidence

),

-- few posts, whose keys are looked for then
chosen as (

    select *
    from ranked
    where post_rank <= 10

),

keys as (

    select
        post_number,
        post_key
    from {{ ref('int_keys') }}
    where post_number in (select chosen.post_number from chosen)

),

final as (

    select
        chosen.organisation,
        chosen.rule,
        cast(chosen.post_rank as integer) as post_rank,
        keys.post_key
    from chosen
    inner join keys
        on chosen.post_number = keys.post_number

)

select * from final
