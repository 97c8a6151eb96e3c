-- grain: one row: what luister.toml says about counting
select
    timezone,
    language,
    minimum_n,
    opening_hours,
    holidays_country
from {{ source('conf', 'settings') }}
