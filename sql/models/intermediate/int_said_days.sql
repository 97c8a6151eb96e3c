-- grain: one row per organisation, platform and posted_date on which something was said: a print of all that was
select
    organisation,
    platform,
    posted_date,
    sum(role_print) as said_print
from {{ ref('int_roles') }}
group by organisation, platform, posted_date
