-- grain: one row per organisation
select
    organisation,
    role,
    panel_from,
    owned_accounts_count,
    employee_accounts_count,
    platforms_count
from {{ ref('int_organisations') }}
