-- grain: one row per organisation, platform (or `all`), period_grain, period_start and measure
-- how long an answer took
with

grid as (

    select * from {{ ref('int_grid') }}

),

response_times as (

    select * from {{ ref('int_response_times') }}
    where audience_quartile = 'all'

),

times as (

    select
        grid.*,
        coalesce(response_times.questions_count, 0) as questions_count,
        coalesce(response_times.answered_count, 0) as answered_count,
        response_times.median_seconds,
        response_times.p90_seconds,
        response_times.open_median_seconds
    from grid
    left join response_times
        on
            grid.scope_number = response_times.scope_number
            and grid.period_number = response_times.period_number

),

final as (

    {{ measures('times', [
        ['first_response_seconds_median', 'level', 'answered_count', 'questions_count', 'median_seconds'],
        ['first_response_seconds_p90', 'level', 'answered_count', 'questions_count', 'p90_seconds'],
        ['first_response_open_seconds_median', 'level', 'answered_count', 'questions_count', 'open_median_seconds'],
    ]) }}

)

select * from final
