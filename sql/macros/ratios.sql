{#- A ratio: null over zero. -#}
{% macro ratio(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif({{ denominator }}, 0)
{%- endmacro %}

{#- A bound of the 95 % Wilson interval of a proportion; null over zero (greatest and least skip nulls, so not by itself). -#}
{% macro wilson_bound(numerator, denominator, sign) -%}
    {%- set z = "1.959963984540054" -%}
    {%- set n = "cast(" ~ denominator ~ " as double)" -%}
    {%- set p = "(cast(" ~ numerator ~ " as double) / " ~ n ~ ")" -%}
    {#- of none and of all a bound is the share itself, which the last bits of the sum would miss -#}
    case when {{ denominator }} > 0 then {{ 'greatest' if sign == '+' else 'least' }}({{ p }}, greatest(0.0, least(1.0, (
        {{ p }} + {{ z }} * {{ z }} / (2 * {{ n }})
        {{ sign }} {{ z }} * sqrt(
            greatest({{ p }} * (1 - {{ p }}), 0.0) / {{ n }} + {{ z }} * {{ z }} / (4 * {{ n }} * {{ n }})
        )
    ) / (1 + {{ z }} * {{ z }} / {{ n }})))) end
{%- endmacro %}

{% macro wilson_low(numerator, denominator) -%}
    {{ wilson_bound(numerator, denominator, '-') }}
{%- endmacro %}

{% macro wilson_high(numerator, denominator) -%}
    {{ wilson_bound(numerator, denominator, '+') }}
{%- endmacro %}

{#- How many posts of rows that are counted already, with posts_count, fulfil a condition. -#}
{% macro sum_when(condition) -%}
    cast(coalesce(sum(case when {{ condition }} then posts_count end), 0) as bigint)
{%- endmacro %}
