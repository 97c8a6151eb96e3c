{#-
  Every combination of the columns stands once, and none of them is null.

  Where `kept_by` names a column, post_number or post_key, the model keeps what has not changed: on a night that adds
  only the rows of posts that are made again are looked at, for the others have been.
-#}
{% test unique_grain(model, columns, kept_by=none) %}
    {%- if kept_by and not execute %}{% do ref('int_changed_rows') %}{% do ref('int_keys') %}{% endif %}
    select
        {{ columns | join(', ') }},
        count(*) as rows_count
    from {{ model }}
    {%- if kept_by and execute and not flags.FULL_REFRESH %}
    where
        {{ kept_by }} in (
            select keys.{{ kept_by }}
            from {{ ref('int_keys') }} as keys
            inner join {{ ref('int_changed_rows') }} as changed
                on keys.post_number = changed.post_number
        )
    {%- endif %}
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
