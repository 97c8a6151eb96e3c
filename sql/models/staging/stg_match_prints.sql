-- grain: one row per post_number, organisation, alias and alias_kind that the post names, and one per post_number and
-- organisation of which it is known whether the post is about it
select
    {{ number_of('platform', 'post_id') }} as post_number,
    {{ print_of(["'match'", 'organisation', 'alias', 'alias_kind']) }} as part_print
from {{ source('enriched', 'matches') }}

union all

select
    {{ number_of('platform', 'post_id') }} as post_number,
    {{ print_of(["'relevance'", 'organisation', 'is_relevant']) }} as part_print
from {{ source('enriched', 'relevance') }}
