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

    select
        grid.organisation,
        grid.platform,
        grid.period_grain,
        grid.period_start,
        cast(coalesce(summed.stories, 0) as bigint) as stories,
        cast(coalesce(summed.voice_stories, 0) as bigint) as voice_stories
    from grid
    left join summed
        on
            grid.scope_number = summed.scope_number
            and grid.period_number = summed.period_number

),

final as (

    select
        filled.*,
        cast(
            sum(filled.voice_stories) over (
                partition by filled.platform, filled.period_grain, filled.period_start
            ) as bigint
        ) as panel_voice_stories
    from filled

)

select * from final
