-- grain: one row per post_number: its words, without what names a person
{{ config(materialized='view') }}
select
    post_number,
    {{ mask('title') }} as title,
    {{ mask('text') }} as text
from {{ ref('stg_posts') }}
