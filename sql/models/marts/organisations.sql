-- grain: one row per organisation
select
    organisation,
    role,
    owned_accounts_count,
    employee_accounts_count,
    platforms_count
from {{ ref('int_organisations') }}
