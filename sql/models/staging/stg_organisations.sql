-- grain: one row per organisation
select
    organisation,
    role
from {{ source('conf', 'organisations') }}
