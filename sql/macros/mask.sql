{#- A name: letters, digits and lines, dots and dashes inside. -#}
{% macro name_pattern() -%}
    {{ "[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_.-]*[\\p{L}\\p{N}_])?" }}
{%- endmacro %}

{#- What a mention looks like: @name, also of another server and with a full-width sign. -#}
{% macro mention_pattern() -%}
    {{ "[@＠]" ~ name_pattern() ~ "(?:@" ~ name_pattern() ~ ")?" }}
{%- endmacro %}

{#- A text without links that lead to a profile or to a post under a profile, and without mail addresses. -#}
{% macro mask_addresses(text) -%}
    {%- set place = "/@|/users?/|/u/|/profile/|/in/|/channel/|/people/" -%}
    {%- set network = "twitter|x|instagram|facebook|tiktok|threads|t|bsky|linkedin|youtube" -%}
    {{ replace_each(text, [
        ["(?i)(?:https?://|www[.])[^\\s]*(?:" ~ place ~ ")[^\\s]*", "[link]"],
        ["(?i)\\b(?:https?://)?(?:[a-z]+[.])*(?:" ~ network ~ ")[.](?:com|net|me|app)/[^\\s]*", "[link]"],
        ["(^|[^\\p{L}\\p{N}_.+@＠-])[\\p{L}\\p{N}_.+-]*[\\p{L}\\p{N}_+-]@" ~ name_pattern(), "\\1[mail]"],
    ]) }}
{%- endmacro %}

{#- A text without @mentions and u/names. -#}
{% macro mask_mentions(text) -%}
    {{ replace_each(text, [
        [mention_pattern(), "@…"],
        ["(^|[^\\p{L}\\p{N}])/?u/[\\p{L}\\p{N}_-]+", "\\1@…"],
    ]) }}
{%- endmacro %}

{#- A text without what names a person. -#}
{% macro mask(text) -%}
    case
        when {{ text }} like '%@%' or {{ text }} like '%＠%' or {{ text }} like '%/%'
            then {{ mask_mentions(mask_addresses(text)) }}
        else {{ text }}
    end
{%- endmacro %}

{#-
  A text without what names a person, but with these pairs of a mention and what stands for it: char(1) is its sign, and
  char(3) ends it, so that what follows is masked as it would be behind any sign.
-#}
{% macro mask_but(text, pairs) -%}
    {%- set plain = "replace(replace(" ~ text ~ ", chr(1), ' '), chr(3), ' ')" -%}
    {%- set masked = mask_mentions(replace_pairs(mask_addresses(plain), pairs)) -%}
    case
        when {{ pairs }} is null then {{ mask(text) }}
        else replace(replace({{ masked }}, chr(1), '@'), chr(3), '')
    end
{%- endmacro %}

{#- A text that `mask_but` has masked, as `mask` alone would have. -#}
{% macro without_pseudonyms(text) -%}
    case
        when {{ text }} like '%@%' then {{ replace_each(text, [["@[0-9a-f]{32}", "@…"]]) }}
        else {{ text }}
    end
{%- endmacro %}

{#- Replace every match of each pattern, one after the other. -#}
{% macro replace_each(text, patterns) -%}
    {%- set masked = namespace(text=text) -%}
    {%- for pattern, replacement in patterns -%}
        {%- set masked.text = replace_all(masked.text, "'" ~ pattern ~ "'", "'" ~ replacement ~ "'") -%}
    {%- endfor -%}
    {{ masked.text }}
{%- endmacro %}
