-- grain: one row per post_number: its words as analysts see them, mentions of known authors as their pseudonyms
{{ config(
    materialized='incremental',
    incremental_strategy='changed',
    unique_key='post_number',
    changed_in='int_reworded_posts',
) }}
with

posts as (

    select * from {{ ref('stg_told_posts') }}
    {{ at_own_changes('int_reworded_posts') }}

),

mentions as (

    select * from {{ ref('int_named_mentions') }}

),

final as (

    select
        posts.post_number,
        {{ mask_but('posts.title', 'mentions.pairs') }} as title,
        {{ mask_but('posts.text', 'mentions.pairs') }} as text,
        mentions.pairs
    from posts
    left join mentions
        on posts.post_number = mentions.post_number

)

select * from final
