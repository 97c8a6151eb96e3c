-- grain: one row per post_number and organisation that somebody marked
select
    {{ number_of('platform', 'post_id') }} as post_number,
    organisation,
    mark = 'right' as is_right
from {{ source('enriched', 'samples') }}
