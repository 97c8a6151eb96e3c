{#- Pseudonymous key of a post or thread: null when it is not named. -#}
{% macro post_key(platform, post_id) -%}
    {{ digest("concat_ws(' ', " ~ platform ~ ", " ~ post_id ~ ")") }}
{%- endmacro %}
