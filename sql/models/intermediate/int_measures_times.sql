-- grain: one row per organisation, platform (or `all`), period_grain, period_start and measure
-- how long an answer took
with

grid as (

    select * from {{ ref('int_grid') }}

),

wall as (

    select * from {{ ref('int_response_times') }}

),

office as (

    select * from {{ ref('int_open_response_times') }}

),

times as (

    select
        grid.*,
        coalesce(wall.questions_count, 0) as questions_count,
        coalesce(wall.answered_count, 0) as answered_count,
        wall.median_seconds,
        wall.p90_seconds,
        office.median_seconds as open_median_seconds
    from grid
    left join wall
        on
            grid.scope_number = wall.scope_number
            and grid.period_number = wall.period_number
    left join office
        on
            grid.scope_number = office.scope_number
            and grid.period_number = office.period_number

),

final as (

    {{ measures('times', [
        ['first_response_seconds_median', 'level', 'answered_count', 'questions_count', 'median_seconds'],
        ['first_response_seconds_p90', 'level', 'answered_count', 'questions_count', 'p90_seconds'],
        ['first_response_open_seconds_median', 'level', 'answered_count', 'questions_count', 'open_median_seconds'],
    ]) }}

)

select * from final
