-- grain: one row per post_number and organisation that the post names
select
    {{ number_of('platform', 'post_id') }} as post_number,
    organisation,
    count(*) as aliases_count
from {{ source('enriched', 'matches') }}
group by {{ number_of('platform', 'post_id') }}, organisation
