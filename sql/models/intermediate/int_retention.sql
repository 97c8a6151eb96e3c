-- grain: one row per kind of data that a night has enforced a keeping time for
{{ config(materialized='view') }}
select
    kind,
    kept_days,
    enforced_at
from {{ ref('stg_retention') }}
