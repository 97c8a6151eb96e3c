-- grain: one row per post_number and organisation that it names, and by which alias, or whether it is about it
select
    {{ number_of('platform', 'post_id') }} as post_number,
    {{ print_of(["'match'", 'organisation', 'alias', 'alias_kind']) }} as part_print
from {{ source('enriched', 'matches') }}

union all

select
    {{ number_of('platform', 'post_id') }} as post_number,
    {{ print_of(["'relevance'", 'organisation', 'is_relevant']) }} as part_print
from {{ source('enriched', 'relevance') }}
