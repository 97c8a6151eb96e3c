-- grain: one row per organisation and rule that fires: what to do next, about what, and on which numbers it rests
with

questions as (

    select * from {{ ref('int_recent_questions') }}

),

broadcasts as (

    select * from {{ ref('int_recent_broadcasts') }}

),

open_questions as (

    select
        organisation,
        count(*) as waiting,
        max(observed_seconds) as oldest_seconds
    from {{ ref('int_addressed') }}
    where
        needs_response
        and not is_answered
        and observed_seconds >= 0
    group by organisation

),

measures as (

    select
        measures.*,
        row_number() over (
            partition by measures.organisation, measures.measure
            order by measures.period_start desc
        ) as place
    from {{ ref('int_measures') }} as measures
    where
        measures.platform = 'all'
        and measures.period_grain = 'rolling_28d'
        and measures.measure in ('broadcast_share', 'give_share')

),

-- the same questions under each thing they may be grouped by
groups as (

    select
        organisation,
        'unmet_demand' as rule,
        purpose as subject,
        is_answered_24h
    from questions
    where purpose is not null

    union all

    select
        organisation,
        'unheard_audience' as rule,
        audience_band as subject,
        is_answered_24h
    from questions
    where audience_band <> 'unknown'

    union all

    select
        organisation,
        'unheard_platform' as rule,
        platform as subject,
        is_answered_24h
    from questions

    union all

    select
        organisation,
        'silent_habit' as rule,
        cast(weekday as varchar) as subject,
        not is_ignored as is_answered_24h
    from broadcasts

    union all

    select
        organisation,
        'silent_hours' as rule,
        day_part as subject,
        not is_ignored as is_answered_24h
    from broadcasts

    union all

    select
        organisation,
        'silent_topic' as rule,
        purpose as subject,
        not is_ignored as is_answered_24h
    from broadcasts
    where purpose is not null

),

rates as (

    select
        organisation,
        rule,
        subject,
        count(case when is_answered_24h then 1 end) as numerator,
        count(*) as denominator
    from groups
    group by organisation, rule, subject

),

compared as (

    select
        organisation,
        rule,
        subject,
        numerator,
        denominator,
        {{ ratio('numerator', 'denominator') }} as value,
        {{ wilson_high('numerator', 'denominator') }} as high,
        {{ ratio(
            'sum(numerator) over (partition by organisation, rule)',
            'sum(denominator) over (partition by organisation, rule)'
        ) }} as compared_with
    from rates

),

candidates as (

    -- most questions left without an answer within a day
    select
        organisation,
        rule,
        subject,
        value,
        numerator,
        denominator,
        compared_with,
        denominator - numerator as weight
    from compared
    where
        rule = 'unmet_demand'
        and denominator > numerator

    union all

    -- clearly below what the others get
    select
        organisation,
        rule,
        subject,
        value,
        numerator,
        denominator,
        compared_with,
        (compared_with - value) * denominator as weight
    from compared
    where
        rule <> 'unmet_demand'
        and high < compared_with

    union all

    select
        organisation,
        'open_queue' as rule,
        'all' as subject,
        oldest_seconds as value,
        waiting as numerator,
        null as denominator,
        null as compared_with,
        waiting as weight
    from open_questions

    union all

    select
        organisation,
        case when measure = 'give_share' then 'takes_more' else 'sends_more' end as rule,
        'all' as subject,
        value,
        numerator,
        denominator,
        case when measure = 'give_share' then 0.5 else 0.6 end as compared_with,
        abs(value - case when measure = 'give_share' then 0.5 else 0.6 end) * denominator as weight
    from measures
    where
        place = 1
        and (
            (measure = 'give_share' and high < 0.5)
            or (measure = 'broadcast_share' and low > 0.6)
        )

),

night as (

    select * from {{ ref('int_night') }}

),

ranked as (

    select
        candidates.*,
        row_number() over (
            partition by candidates.organisation, candidates.rule
            order by candidates.weight desc, candidates.subject asc
        ) as place
    from candidates
    cross join night
    where
        candidates.denominator is null
        or candidates.denominator >= night.minimum_n

),

final as (

    select
        organisation,
        rule,
        subject,
        cast(value as double) as value,
        cast(numerator as double) as numerator,
        cast(denominator as double) as denominator,
        cast(compared_with as double) as compared_with,
        cast(weight as double) as weight
    from ranked
    where place = 1

)

select * from final
