-- grain: one row per text_number, that is per text_key: what was read in this text
select
    {{ number_of("'text'", 'text_key') }} as text_number,
    language,
    sentiment,
    sentiment_score,
    coalesce(array_contains(intents, 'question'), false) as is_question,
    coalesce(array_contains(intents, 'complaint'), false) as is_complaint,
    coalesce(array_contains(intents, 'request'), false) as is_request
from {{ source('enriched', 'texts') }}
