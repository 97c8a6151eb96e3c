{#-
  A night that adds, in place of one that makes everything again: dbt runs without --full-refresh. Models that hold rows
  of posts are then made again for the threads that changed only, and all others from these, in full.
-#}

{#- One of two texts: that of a night that adds, or that of one that makes everything again. -#}
{% macro when_adding(adding, otherwise) -%}
    {%- if execute and not flags.FULL_REFRESH -%}{{ adding }}{%- else -%}{{ otherwise }}{%- endif -%}
{%- endmacro %}

{#- Where clause of a relation with thread_number: all of it, or on a night that adds the threads that changed. -#}
{% macro of_changed_threads() -%}
    {%- if not execute %}{% do ref('int_changed_threads') %}{% endif -%}
    {%- if execute and not flags.FULL_REFRESH -%}
        where thread_number in (select thread_number from {{ ref('int_changed_threads') }})
    {%- endif -%}
{%- endmacro %}

{#- Where clause of a relation with post_number: all of it, or on a night that adds the posts of changed threads. -#}
{% macro of_changed_posts() -%}
    {%- if not execute %}{% do ref('int_touched_posts') %}{% endif -%}
    {%- if execute and not flags.FULL_REFRESH -%}
        where post_number in (select post_number from {{ ref('int_touched_posts') }})
    {%- endif -%}
{%- endmacro %}

{#- How dbt adds to a model with incremental_strategy `changed`: the rows of what changed go, those made again come. -#}
{% macro get_incremental_changed_sql(arguments) -%}
    {%- set key = arguments['unique_key'] -%}
    {%- set target = arguments['target_relation'] -%}
    {%- set name = 'int_changed_posts' if key == 'post_number' else 'int_changed_threads' -%}
    {%- set changed = target.incorporate(path={'schema': 'intermediate', 'identifier': name}) -%}
    {%- set columns = get_quoted_csv(arguments['dest_columns'] | map(attribute='name')) -%}
    delete from {{ target }}
    where {{ key }} in (select {{ key }} from {{ changed }});

    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ arguments['temp_relation'] }};
{%- endmacro %}
