{#- Every combination of the columns stands once, and none of them is null. -#}
{% test unique_grain(model, columns) %}
    select
        {{ columns | join(', ') }},
        count(*) as rows_count
    from {{ model }}
    group by {{ columns | join(', ') }}
    having
        count(*) > 1
        {%- for column in columns %}
        or {{ column }} is null
        {%- endfor %}
{% endtest %}

{#- Every row fulfils every condition; a condition that is null passes. -#}
{% test holds(model, conditions) %}
    select *
    from {{ model }}
    where
        {%- for condition in conditions %}
        {% if not loop.first %}or {% endif %}not ({{ condition }})
        {%- endfor %}
{% endtest %}

{#- Every value of a column is a key of another relation. -#}
{% test explained(model, column, to) %}
    select told.{{ column }}
    from {{ model }} as told
    left join {{ to }} as known
        on told.{{ column }} = known.{{ column }}
    where
        told.{{ column }} is not null
        and known.{{ column }} is null
{% endtest %}

{#- Every row of a parent appears: the keys of `to` are all in this model. -#}
{% test complete(model, columns, to) %}
    select {{ columns | join(', ') }} from {{ to }}
    except
    select {{ columns | join(', ') }} from {{ model }}
{% endtest %}
