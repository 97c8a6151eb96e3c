-- grain: one row per organisation, platform and account; an account that is both owned and employee is owned
select
    organisation,
    platform,
    lower(trim(leading '@' from account)) as account,
    max(account_kind) as account_kind
from {{ source('conf', 'accounts') }}
group by organisation, platform, lower(trim(leading '@' from account))
