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
  Where clause of a relation with post_number: all of it, or on a night that adds the posts named by a model. For what is
  made of nothing but a post itself, whatever else is in its thread.
-#}
{% macro of_own_changes(changed='int_changed_posts') -%}
    {%- if not execute %}{% do ref(changed) %}{% endif -%}
    {%- if execute and not flags.FULL_REFRESH -%}
        where post_number in (select post_number from {{ ref(changed) }})
    {%- endif -%}
{%- endmacro %}

{#-
  Which rows of a kept model go before those made come, by its incremental_strategy.

  changed: those of threads, or of posts, that changed; unique_key tells which of both, its config `changed_in` in which
  model these are named.
  window: those of posts that changed, or that the model named by its config `window_of` has no more.
-#}
{% macro leaving(strategy) -%}
    {%- set key = config.get('unique_key') -%}
    {%- if strategy == 'changed' -%}
        {%- set usual = 'int_changed_posts' if key == 'post_number' else 'int_changed_threads' -%}
        {%- set changed = config.get('changed_in', usual) -%}
        {{ key }} in (select {{ key }} from intermediate.{{ changed }})
    {%- elif strategy == 'window' -%}
        post_number in (select post_number from intermediate.int_changed_posts)
        or post_number not in (select post_number from intermediate.{{ config.get('window_of') }})
    {%- else -%}
        {%- do exceptions.raise_compiler_error(model.name ~ ' has no known incremental_strategy') -%}
    {%- endif -%}
{%- endmacro %}
