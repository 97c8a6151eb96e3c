-- grain: one row per text_number and organisation, of texts that name several: how it is spoken of
select
    {{ number_of("'text'", 'text_key') }} as text_number,
    organisation,
    sentiment,
    sentiment_score
from {{ source('enriched', 'moods') }}
