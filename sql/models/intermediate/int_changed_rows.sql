-- grain: one row per post_number whose rows with words, those published and those that wait for an answer, are to be
-- made again: its thread changed, or its words
with

touched as (

    select * from {{ ref('int_touched_posts') }}

),

reworded as (

    select * from {{ ref('int_reworded_posts') }}

),

final as (

    select post_number
    from touched

    union

    select post_number
    from reworded

)

select * from final
