-- grain: one row per platform and post_id: its words, without what names a person
{{ config(materialized='view') }}
select
    platform,
    post_id,
    {{ mask('title') }} as title,
    {{ mask('text') }} as text
from {{ ref('stg_posts') }}
