-- grain: one row per source and verb of listening that was asked in a complete run
select
    source,
    verb,
    collected_through
from {{ source('ops', 'verb_progress') }}
