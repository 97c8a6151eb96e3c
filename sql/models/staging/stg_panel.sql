-- grain: one row per organisation that is listened for, and since when
select
    organisation,
    joined_at
from {{ source('ops', 'panel') }}
