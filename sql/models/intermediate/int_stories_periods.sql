-- grain: one row per organisation, platform (or `all`), period_grain and period_start, silent periods included
with

story_days as (

    select * from {{ ref('int_story_days') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

period_days as (

    select * from {{ ref('int_period_days') }}

),

grid as (

    select * from {{ ref('int_grid') }}

),

panels as (

    select * from {{ ref('int_panels') }}

),

summed as (

    select
        story_days.scope_number,
        periods.period_number,
        sum(case when not story_days.is_voice then story_days.stories_count end) as stories,
        sum(case when story_days.is_voice then story_days.stories_count end) as voice_stories
    from story_days
    inner join period_days
        on story_days.posted_date = period_days.calendar_date
    inner join periods
        on period_days.period_number = periods.period_number
    where
        story_days.previous_date is null
        or story_days.previous_date < periods.period_start
    group by story_days.scope_number, periods.period_number

),

filled as (

    {{ counts_on_grid(['stories', 'voice_stories']) }}

),

final as (

    select
        filled.*,
        {{ over_panel('filled', 'panels', 'voice_stories') }}
    from filled
    inner join panels
        on
            filled.period_grain = panels.period_grain
            and filled.period_start = panels.period_start
            and filled.organisation = panels.organisation

)

select * from final
