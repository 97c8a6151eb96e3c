-- grain: one row per organisation and post_number that names several organisations: how this one is spoken of
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='post_number') }}
with

posts as (

    select * from {{ when_adding(ref('int_touched_rows'), ref('stg_posts')) }}
    {{ of_own_changes() }}

),

moods as (

    select * from {{ ref('stg_moods') }}

),

final as (

    select
        moods.organisation,
        posts.post_number,
        moods.sentiment,
        moods.sentiment_score
    from posts
    inner join moods
        on posts.text_number = moods.text_number
    where posts.kind <> 'repost'

)

select * from final
