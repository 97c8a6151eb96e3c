-- grain: one row per organisation, platform (or `all`), period_grain, period_start and measure
-- the six uses: what is asked for, what is answered, and what own posts are about
{%- set wanted = [] %}
{%- for use in ['service', 'knowledge', 'image', 'sales', 'product', 'internal'] %}
{%- do wanted.append(['demand_' ~ use, 'count', 'demand_' ~ use, none]) %}
{%- do wanted.append(['attention_' ~ use, 'count', 'attention_' ~ use, none]) %}
{%- do wanted.append(['response_rate_24h_' ~ use, 'share', 'answered_24h_' ~ use, 'matured_24h_' ~ use]) %}
{%- endfor %}
with

counts as (

    select * from {{ ref('int_counts_periods') }}

),

final as (

    {{ measures('counts', wanted) }}

)

select * from final
