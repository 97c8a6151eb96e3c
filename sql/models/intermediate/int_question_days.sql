-- grain: one row: the first and the last day on which a question waited, null when nothing was asked
with

questions as (

    select * from {{ ref('int_questions') }}

),

settings as (

    select * from {{ ref('stg_settings') }}

),

final as (

    select
        min(questions.asked_date) as first_day,
        max({{ local_date('questions.watched_until', 'settings.timezone') }}) as last_day
    from questions
    cross join settings

)

select * from final
