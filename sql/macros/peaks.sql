{#-
  What could be expected, robustly: the median of what was seen before, and the median of the distances from it (MAD).
  Reads `earlier`: a row for each thing that is judged, by its `keys`, and each time it was seen before, with its
  volume, volume_before and place among the weeks_count of them, the smallest first.
-#}
{% macro robust_expectation(keys) -%}
medians as (

    select
        {{ keys | join(',\n        ') }},
        avg(cast(volume_before as double)) as expected
    from earlier
    where
        weeks_count >= 4
        -- the one in the middle, or the two
        and 2 * place between weeks_count and weeks_count + 2
    group by {{ keys | join(', ') }}

),

distances as (

    select
        {%- for key in keys %}
        earlier.{{ key }},
        {%- endfor %}
        earlier.volume,
        earlier.weeks_count,
        medians.expected,
        abs(earlier.volume_before - medians.expected) as distance,
        row_number() over (
            partition by
                {%- for key in keys %}
                earlier.{{ key }}{{ ',' if not loop.last }}
                {%- endfor %}
            order by abs(earlier.volume_before - medians.expected), earlier.place
        ) as place
    from earlier
    inner join medians
        on
            {%- for key in keys %}
            {{ 'and ' if not loop.first }}earlier.{{ key }} = medians.{{ key }}
            {%- endfor %}

),

final as (

    select
        {{ keys | join(',\n        ') }},
        max(volume) as volume,
        max(weeks_count) as weeks_count,
        max(expected) as expected,
        avg(distance) as spread
    from distances
    where 2 * place between weeks_count and weeks_count + 2
    group by {{ keys | join(', ') }}

)
{%- endmacro %}

{#- `weeks`: how many days ago the same weekday was, for the 8 weeks that are looked back upon. -#}
{% macro weeks_before() -%}
weeks as (

    {%- for week in range(1, 9) %}
    select {{ 7 * week }} as days_before
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)
{%- endmacro %}

{#- `begun`: the day from which on an organisation was listened for on a platform (or `all`): a day before it on which
    nothing is known to have been said was not a silent one. -#}
{% macro begun() -%}
begun as (

    select
        scopes.organisation,
        scopes.scope as platform,
        min({{ local_date('horizons.collected_from', 'night.timezone') }}) as first_day
    from {{ ref('int_scopes') }} as scopes
    inner join {{ ref('int_horizons') }} as horizons
        on scopes.platform = horizons.platform
    cross join {{ ref('int_night') }} as night
    group by scopes.organisation, scopes.scope

)
{%- endmacro %}

{#- Above what a volume is a peak. -#}
{% macro peak_threshold() -%}
    expected + {{ var('peak_k') }} * 1.4826 * spread
{%- endmacro %}
