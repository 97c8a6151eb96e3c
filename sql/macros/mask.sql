{#-
  A text without what names a person: links that lead to a profile or to a post under a profile, mail addresses,
  @mentions (also of other servers and with a full-width sign) and u/names.
-#}
{% macro mask(text) -%}
    {%- set profile_link = "'(?i)(?:https?://|www[.])[^\\s]*(?:/@|/users?/|/u/|/profile/|/in/|/channel/|/people/)[^\\s]*'" -%}
    {%- set network_link = "'(?i)\\b(?:https?://)?(?:[a-z]+[.])*(?:twitter|x|instagram|facebook|tiktok|threads|t|bsky|linkedin|youtube)[.](?:com|net|me|app)/[^\\s]*'" -%}
    {%- set mail_address = "'[\\p{L}\\p{N}_.+-]+@[\\p{L}\\p{N}-]+(?:[.][\\p{L}\\p{N}-]+)+'" -%}
    {%- set mention = "'[@＠][\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_.-]*[\\p{L}\\p{N}_])?(?:@[\\p{L}\\p{N}.-]*[\\p{L}\\p{N}])?'" -%}
    {%- set user_name = "'(^|[^\\p{L}\\p{N}])/?u/[\\p{L}\\p{N}_-]+'" -%}
    {%- set unlinked = replace_all(replace_all(text, profile_link, "'[link]'"), network_link, "'[link]'") -%}
    {%- set unmailed = replace_all(unlinked, mail_address, "'[mail]'") -%}
    {{ replace_all(replace_all(unmailed, mention, "'@…'"), user_name, "'\\1@…'") }}
{%- endmacro %}
