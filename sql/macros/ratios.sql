{#- A ratio: null over zero. -#}
{% macro ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif({{ denominator }}, 0)
{%- endmacro %}

{#- Half-width term shared by both Wilson bounds: z = 1.959963984540054 for 95 %. -#}
{% macro wilson_bound(numerator, denominator, sign) -%}
    {%- set z = "1.959963984540054" -%}
    {%- set n = "nullif(cast(" ~ denominator ~ " as double), 0)" -%}
    {%- set p = "(cast(" ~ numerator ~ " as double) / " ~ n ~ ")" -%}
    greatest(0.0, least(1.0, (
        {{ p }} + {{ z }} * {{ z }} / (2 * {{ n }})
        {{ sign }} {{ z }} * sqrt(
            greatest({{ p }} * (1 - {{ p }}), 0.0) / {{ n }} + {{ z }} * {{ z }} / (4 * {{ n }} * {{ n }})
        )
    ) / (1 + {{ z }} * {{ z }} / {{ n }})))
{%- endmacro %}

{% macro wilson_low(numerator, denominator) -%}
    {{ wilson_bound(numerator, denominator, '-') }}
{%- endmacro %}

{% macro wilson_high(numerator, denominator) -%}
    {{ wilson_bound(numerator, denominator, '+') }}
{%- endmacro %}
