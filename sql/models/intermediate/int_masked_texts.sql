-- grain: one row per post_number: its words, without what names a person, be it a pseudonym
{{ config(materialized='view') }}
select
    post_number,
    {{ without_pseudonyms('title') }} as title,
    {{ without_pseudonyms('text') }} as text
from {{ ref('int_shown_texts') }}
