-- grain: one row per text_number, that is per text_key: what was read in this text
{%- set intents = [
    'question', 'complaint', 'request', 'praise', 'thanks', 'suggestion', 'fault_report', 'spam', 'advertisement',
] %}
select
    {{ number_of("'text'", 'text_key') }} as text_number,
    language,
    sentiment,
    sentiment_score,
    {%- for intent in intents %}
    coalesce(array_contains(intents, '{{ intent }}'), false) as is_{{ intent }},
    {%- endfor %}
    purpose,
    giving,
    pr_model,
    message_type,
    coalesce(is_signed, false) as is_signed
from {{ source('enriched', 'texts') }}
