{#-
  A text without what names a person: links that lead to a profile or to a post under a profile, mail addresses,
  @mentions (also of other servers and with a full-width sign) and u/names.
-#}
{% macro mask(text) -%}
    {%- set word = "[\\p{L}\\p{N}_]" -%}
    {%- set name = word ~ "(?:[\\p{L}\\p{N}_.-]*" ~ word ~ ")?" -%}
    {%- set place = "/@|/users?/|/u/|/profile/|/in/|/channel/|/people/" -%}
    {%- set network = "twitter|x|instagram|facebook|tiktok|threads|t|bsky|linkedin|youtube" -%}
    {%- set patterns = [
        ["(?i)(?:https?://|www[.])[^\\s]*(?:" ~ place ~ ")[^\\s]*", "[link]"],
        ["(?i)\\b(?:https?://)?(?:[a-z]+[.])*(?:" ~ network ~ ")[.](?:com|net|me|app)/[^\\s]*", "[link]"],
        ["[@＠]" ~ name ~ "@" ~ name, "@…"],
        ["[\\p{L}\\p{N}_.+-]+@" ~ name, "[mail]"],
        ["[@＠]" ~ name, "@…"],
        ["(^|[^\\p{L}\\p{N}])/?u/[\\p{L}\\p{N}_-]+", "\\1@…"],
    ] -%}
    {%- set masked = namespace(text=text) -%}
    {%- for pattern, replacement in patterns -%}
        {%- set masked.text = replace_all(masked.text, "'" ~ pattern ~ "'", "'" ~ replacement ~ "'") -%}
    {%- endfor -%}
    case
        when {{ text }} like '%@%' or {{ text }} like '%＠%' or {{ text }} like '%/%' then {{ masked.text }}
        else {{ text }}
    end
{%- endmacro %}
