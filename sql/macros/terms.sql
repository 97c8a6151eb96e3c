{#-
  How many standard errors the log-odds of a term lie above those before: Monroe, Colaresi & Quinn 2008, equations 15, 16
  and 22, with an informative Dirichlet prior that weighs as much as `weight` terms of both sides together.
  `n` and `before` are how often it was said, `all_n` and `all_before` how much was said at all.
-#}
{% macro log_odds_score(n, before, all_n, all_before, weight) -%}
    {%- set prior = "(" ~ weight ~ " * (" ~ n ~ " + " ~ before ~ ") / (" ~ all_n ~ " + " ~ all_before ~ "))" -%}
    {%- set now_weight = "(" ~ n ~ " + " ~ prior ~ ")" -%}
    {%- set before_weight = "(" ~ before ~ " + " ~ prior ~ ")" -%}
    (
        ln({{ now_weight }} / ({{ all_n }} + {{ weight }} - {{ now_weight }}))
        - ln({{ before_weight }} / ({{ all_before }} + {{ weight }} - {{ before_weight }}))
    ) / sqrt(1 / {{ now_weight }} + 1 / {{ before_weight }})
{%- endmacro %}

{#- `words`: the words of four letters or more in the posts of `said`, each once in a post. -#}
{% macro words_said() -%}
needed as (

    select post_number
    from said
    group by post_number

),

texts as (

    select * from {{ ref('int_masked_texts') }}

),

split as (

    select
        needed.post_number,
        {{ explode(words_of("lower(concat_ws(' ', texts.title, texts.text))")) }} as word
    from needed
    inner join texts
        on needed.post_number = texts.post_number

),

words as (

    select
        post_number,
        word
    from split
    where length(word) >= 4
    group by post_number, word

)
{%- endmacro %}
