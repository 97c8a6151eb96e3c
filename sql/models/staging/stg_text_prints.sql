-- grain: one row per text_number, that is per text_key: a print of all that any model reads of what was read in it
select
    {{ number_of("'text'", 'text_key') }} as text_number,
    {{ print_of([
        'language', 'sentiment', 'sentiment_score', 'intents', 'purpose', 'giving', 'pr_model', 'message_type',
        'is_signed',
    ]) }} as text_print
from {{ source('enriched', 'texts') }}
