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

{#-
  Where clause of a relation with post_number: all of it, or on a night that adds the posts of which the model holds no
  row yet, or that have changed. For a model with incremental_strategy `window`.
-#}
{% macro of_posts_not_kept() -%}
    {%- if not execute %}{% do ref('int_changed_posts') %}{% endif -%}
    {%- if execute and not flags.FULL_REFRESH -%}
        where
            post_number not in (select post_number from {{ this }})
            or post_number in (select post_number from {{ ref('int_changed_posts') }})
    {%- endif -%}
{%- endmacro %}

{#-
  How dbt adds to a model with incremental_strategy `window`, which holds rows of the posts that another model has at
  present, named by its config `window_of`: the rows of what has changed or is there no more go, those made come.
-#}
{% macro get_incremental_window_sql(arguments) -%}
    {%- set target = arguments['target_relation'] -%}
    {%- set changed = target.incorporate(path={'schema': 'intermediate', 'identifier': 'int_changed_posts'}) -%}
    {%- set window = target.incorporate(path={'schema': 'intermediate', 'identifier': config.get('window_of')}) -%}
    {%- set columns = get_quoted_csv(arguments['dest_columns'] | map(attribute='name')) -%}
    delete from {{ target }}
    where
        post_number in (select post_number from {{ changed }})
        or post_number not in (select post_number from {{ window }});

    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ arguments['temp_relation'] }};
{%- endmacro %}

{#- How dbt adds to a model with incremental_strategy `replaced`: it has looked at the last build itself, and made all rows. -#}
{% macro get_incremental_replaced_sql(arguments) -%}
    {%- set target = arguments['target_relation'] -%}
    {%- set columns = get_quoted_csv(arguments['dest_columns'] | map(attribute='name')) -%}
    delete from {{ target }};

    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ arguments['temp_relation'] }};
{%- endmacro %}
