-- grain: one row per post_number, that is per platform and post_id, not deleted and for everybody to read
with

told as (

    select * from {{ ref('stg_told_posts') }}

),

settings as (

    select * from {{ ref('stg_settings') }}

),

final as (

    {{ numbered_posts() }}

)

select * from final
