{#-
  Of what a test looks at.

  Where `kept_by` names a column, post_number, post_key or thread_number, the model keeps what has not changed: on a
  night that adds only the rows that are made again are looked at, for the others have been. Where it is `nothing`, a
  model that is made of this one is looked at instead, and this one where all is made again.
-#}
{% macro of_rows_made_again(kept_by) -%}
    {%- set is_by_thread = kept_by == 'thread_number' -%}
    {%- set is_by_post = kept_by in ['post_number', 'post_key'] -%}
    {%- if is_by_thread and not execute %}{% do ref('int_changed_threads') %}
    {%- elif is_by_post and not execute %}{% do ref('int_changed_rows') %}{% do ref('int_keys') %}
    {%- endif -%}
    {%- if not kept_by or not execute or flags.FULL_REFRESH -%}
        true
    {%- elif kept_by == 'nothing' -%}
        false
    {%- elif is_by_thread -%}
        thread_number is null
        or thread_number in (select changed.thread_number from {{ ref('int_changed_threads') }} as changed)
    {%- else -%}
        {{ kept_by }} is null
        or {{ kept_by }} in (
            select keys.{{ kept_by }}
            from {{ ref('int_keys') }} as keys
            inner join {{ ref('int_changed_rows') }} as changed
                on keys.post_number = changed.post_number
        )
    {%- endif -%}
{%- endmacro %}

{#- Every combination of the columns stands once, and none of them is null. -#}
{% test unique_grain(model, columns, kept_by=none) %}
    select
        {{ columns | join(', ') }},
        count(*) as rows_count
    from {{ model }}
    where ({{ of_rows_made_again(kept_by) }})
    group by {{ columns | join(', ') }}
    having
        count(*) > 1
        {%- for column in columns %}
        or {{ column }} is null
        {%- endfor %}
{% endtest %}

{#-
  Of all posts a night that adds changes a few: more than so many, and more than a fifth, are no night's. Everything is
  made again then, for to add so much takes longer, and holds more at once.
-#}
{% test changes_little(model) %}
    {%- set few = env_var('LUISTER_FEW_POSTS', '200000') | int %}
    select changed.posts_count
    from (select count(*) as posts_count from {{ model }}) as changed
    cross join (
        select count(*) as posts_count from {{ when_adding('intermediate.int_known_posts', model) }}
    ) as there
    where changed.posts_count > {{ few }} and changed.posts_count * 5 > there.posts_count
{% endtest %}

{#- Every row fulfils every condition; a condition that is null passes. -#}
{% test holds(model, conditions, kept_by=none) %}
    select *
    from {{ model }}
    where
        ({{ of_rows_made_again(kept_by) }})
        and (
            {%- for condition in conditions %}
            {% if not loop.first %}or {% endif %}not ({{ condition }})
            {%- endfor %}
        )
{% endtest %}

{#- Every value of a column is a key of another relation. -#}
{% test explained(model, column, to, kept_by=none) %}
    select told.{{ column }}
    from (select * from {{ model }} where {{ of_rows_made_again(kept_by) }}) as told
    left join {{ to }} as known
        on told.{{ column }} = known.{{ column }}
    where
        told.{{ column }} is not null
        and known.{{ column }} is null
{% endtest %}

{#- Every row of a parent appears: the keys of `to` are all in this model. -#}
{% test complete(model, columns, to, kept_by=none) %}
    select {{ columns | join(', ') }} from {{ to }} as wanted where {{ of_rows_made_again(kept_by) }}
    except
    select {{ columns | join(', ') }} from {{ model }} where {{ of_rows_made_again(kept_by) }}
{% endtest %}
