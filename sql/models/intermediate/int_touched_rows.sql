-- grain: one row per post_number of int_touched_posts, deleted ones left out: the post itself, read once for all that
-- is made of it; none when all is made again
with

touched as (

    select * from {{ ref('int_touched_posts') }}

),

told as (

    select * from {{ ref('stg_told_posts') }}
    where
        place in (select touched.place from touched)
        {{ when_adding('', 'and false') }}

),

settings as (

    select * from {{ ref('stg_settings') }}

),

final as (

    {{ numbered_posts() }}

)

select * from final
