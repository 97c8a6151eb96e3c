{#-
  Long rows of measures out of a wide relation whose grain is organisation, platform, period_grain and period_start.
  Each measure is [name, kind, numerator, denominator]; kind is
    count    value = numerator, no denominator
    share    a proportion: value = numerator / denominator, with a Wilson interval
    ratio    value = numerator / denominator, no interval
    level    [name, 'level', numerator, denominator, value]: reckoned elsewhere, out of so many
-#}
{% macro measures(relation, list) -%}
    {%- for measure in list %}
    {%- set name, kind, numerator, denominator = measure[:4] %}
    select
        organisation,
        platform,
        period_grain,
        period_start,
        '{{ name }}' as measure,
        {% if kind in ('share', 'ratio') -%}
            {{ ratio(numerator, denominator) }}
        {%- else -%}
            cast({{ measure[4] if kind == 'level' else numerator }} as double)
        {%- endif %} as value,
        cast({{ numerator }} as double) as numerator,
        cast({{ denominator or 'null' }} as double) as denominator,
        {% if kind == 'share' -%}
            {{ wilson_low(numerator, denominator) }}
        {%- else -%}
            cast(null as double)
        {%- endif %} as low,
        {% if kind == 'share' -%}
            {{ wilson_high(numerator, denominator) }}
        {%- else -%}
            cast(null as double)
        {%- endif %} as high
    from {{ relation }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
{%- endmacro %}
