-- grain: one row per organisation, platform (or `all`), period_grain, period_start and measure
-- who was answered
with

grid as (

    select * from {{ ref('int_grid') }}

),

answered as (

    select * from {{ ref('int_people_answered') }}

),

addressing as (

    select * from {{ ref('int_people_addressing') }}

),

people as (

    select
        grid.*,
        coalesce(answered.people_answered, 0) as people_answered,
        coalesce(answered.repeat_conversers, 0) as repeat_conversers,
        coalesce(addressing.people_addressing, 0) as people_addressing,
        coalesce(addressing.askers_answered, 0) as askers_answered,
        coalesce(addressing.answers_count, 0) as answers_count,
        addressing.answer_gini
    from grid
    left join answered
        on
            grid.scope_number = answered.scope_number
            and grid.period_number = answered.period_number
    left join addressing
        on
            grid.scope_number = addressing.scope_number
            and grid.period_number = addressing.period_number

),

final as (

    {{ measures('people', [
        ['people_answered', 'count', 'people_answered', none],
        ['people_answered_share', 'share', 'askers_answered', 'people_addressing'],
        ['repeat_converser_share', 'share', 'repeat_conversers', 'people_answered'],
        ['answer_gini', 'level', 'answers_count', 'people_addressing', 'answer_gini'],
    ]) }}

)

select * from final
