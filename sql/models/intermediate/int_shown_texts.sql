-- grain: one row per post_number: its words as analysts see them, mentions of known authors as their pseudonyms
{{ config(materialized='view') }}
with

posts as (

    select
        post_number,
        replace(title, chr(1), ' ') as title,
        replace(text, chr(1), ' ') as text
    from {{ ref('stg_posts') }}

),

mentions as (

    select * from {{ ref('int_named_mentions') }}

),

masked as (

    select * from {{ ref('int_masked_texts') }}

),

named as (

    select
        posts.post_number,
        {{ replace_pairs(mask_addresses('posts.title'), 'mentions.pairs') }} as title,
        {{ replace_pairs(mask_addresses('posts.text'), 'mentions.pairs') }} as text
    from posts
    inner join mentions
        on posts.post_number = mentions.post_number

),

final as (

    select
        masked.post_number,
        case
            when named.post_number is null then masked.title
            else replace({{ mask_mentions('named.title') }}, chr(1), '@')
        end as title,
        case
            when named.post_number is null then masked.text
            else replace({{ mask_mentions('named.text') }}, chr(1), '@')
        end as text
    from masked
    left join named
        on masked.post_number = named.post_number

)

select * from final
