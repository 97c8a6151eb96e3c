-- grain: one row per organisation, platform and day: a print of who addressed the organisation that day and what came
-- of it, and of whom it replied to; how long somebody has been waiting is not in it
with

addressed as (

    select
        organisation,
        platform,
        asked_date as posted_date,
        sum({{ print_of(['person_number', 'is_answered', 'starts_clock']) }}) as talk_print
    from {{ ref('int_addressed') }}
    group by organisation, platform, asked_date

),

questions as (

    select
        organisation,
        platform,
        asked_date as posted_date,
        sum({{ print_of([
            'person_number', 'is_answered', 'asked_at', 'case when is_answered then watched_seconds end',
        ]) }}) as talk_print
    from {{ ref('int_questions') }}
    group by organisation, platform, asked_date

),

open_questions as (

    select
        organisation,
        platform,
        asked_date as posted_date,
        sum({{ print_of(['is_answered', 'case when is_answered then watched_seconds end']) }}) as talk_print
    from {{ ref('int_open_questions') }}
    group by organisation, platform, asked_date

),

audiences as (

    select
        organisation,
        platform,
        asked_date as posted_date,
        sum({{ print_of(['person_number', 'followers_count', 'matured_posts', 'answered_posts']) }}) as talk_print
    from {{ ref('int_audience_days') }}
    group by organisation, platform, asked_date

),

replies as (

    select
        organisation,
        platform,
        posted_date,
        sum({{ print_of(['thread_number', 'person_number']) }}) as talk_print
    from {{ ref('int_acts') }}
    where act = 'reply'
    group by organisation, platform, posted_date

),

sides as (

    select
        'addressed' as side,
        addressed.*
    from addressed

    union all

    select
        'questions' as side,
        questions.*
    from questions

    union all

    select
        'open questions' as side,
        open_questions.*
    from open_questions

    union all

    select
        'audiences' as side,
        audiences.*
    from audiences

    union all

    select
        'replies' as side,
        replies.*
    from replies

),

final as (

    select
        organisation,
        platform,
        posted_date,
        sum({{ print_of(['side', 'talk_print']) }}) as talk_print
    from sides
    group by organisation, platform, posted_date

)

select * from final
