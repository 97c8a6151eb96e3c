-- grain: one row per organisation and week that is searched for topics: a print of what was said in it, and of the
-- words that are names
with

calendar as (

    select cast(date_trunc('week', max(calendar_date)) as date) as newest_week
    from {{ ref('int_calendar') }}

),

weeks as (

    select
        days.organisation,
        cast(date_trunc('week', days.posted_date) as date) as week_start,
        sum({{ print_of(['days.platform', 'days.posted_date', 'days.said_print']) }}) as said_print
    from {{ ref('int_said_days') }} as days
    cross join calendar
    where
        cast(date_trunc('week', days.posted_date) as date) <= calendar.newest_week
        -- eight weeks, and the four before the first of them
        and days.posted_date >= {{ days_later('calendar.newest_week', -77) }}
    group by days.organisation, cast(date_trunc('week', days.posted_date) as date)

),

name_words as (

    select
        organisation,
        sum({{ print_of(['word']) }}) as words_print
    from {{ ref('stg_name_words') }}
    group by organisation

),

final as (

    select
        weeks.organisation,
        weeks.week_start,
        {{ print_of(['weeks.said_print', 'name_words.words_print']) }} as group_print
    from weeks
    left join name_words
        on weeks.organisation = name_words.organisation

)

select * from final
