{#-
  A night that adds, in place of one that makes everything again: dbt runs without --full-refresh. Models that hold rows
  of posts are then made again for the threads that changed only, and all others from these, in full.
-#}

{#- One of two texts: that of a night that adds, or that of one that makes everything again. -#}
{% macro when_adding(adding, otherwise) -%}
    {%- if execute and not flags.FULL_REFRESH -%}{{ adding }}{%- else -%}{{ otherwise }}{%- endif -%}
{%- endmacro %}

{#- Where clause of a model with thread_number: all of it, or on a night that adds the threads that changed. -#}
{% macro of_changed_threads(model) -%}
    {%- if not execute %}{% do ref('int_changed_threads') %}{% endif -%}
    {%- if execute and not flags.FULL_REFRESH -%}
        where {{ found_first(
            ref(model), 'thread_number in (select thread_number from ' ~ ref('int_changed_threads') ~ ')'
        ) }}
    {%- endif -%}
{%- endmacro %}

{#- Where clause of a model with post_number: all of it, or on a night that adds the posts named by another model. -#}
{% macro of_posts_in(model, named_in) -%}
    {%- if not execute %}{% do ref(named_in) %}{% endif -%}
    {%- if execute and not flags.FULL_REFRESH -%}
        where {{ found_first(ref(model), 'post_number in (select post_number from ' ~ ref(named_in) ~ ')') }}
    {%- endif -%}
{%- endmacro %}

{#-
  Where clause of a relation with post_number and week_start: all of it, or on a night that adds the posts of changed
  threads, and those of weeks that have come into a window by themselves. For a model with incremental_strategy
  `window`, which holds all that is to be told of each of its weeks.
-#}
{% macro of_posts_not_kept() -%}
    {%- if not execute %}{% do ref('int_touched_posts') %}{% endif -%}
    {%- if execute and not flags.FULL_REFRESH -%}
        where
            post_number in (select post_number from {{ ref('int_touched_posts') }})
            or week_start not in (select week_start from {{ this }} group by week_start)
    {%- endif -%}
{%- endmacro %}

{#-
  Where clause of a relation of few posts, such as int_touched_rows: all of it, or on a night that adds those that
  changed themselves. For what is made of nothing but a post itself, whatever else is in its thread.
-#}
{% macro of_own_changes() -%}
    {%- if not execute %}{% do ref('int_changed_posts') %}{% endif -%}
    {%- if execute and not flags.FULL_REFRESH -%}
        where post_number in (select post_number from {{ ref('int_changed_posts') }})
    {%- endif -%}
{%- endmacro %}

{#-
  Step `places`: where the posts named by another step stand, by which all else is read of them alone. Noted in a table
  these are known to be few: in one statement DuckDB cannot tell, and may hold what all posts say.
-#}
{% macro with_places(step) -%}
places as (

    select
        post_number,
        place
    from {{ ref('stg_post_places') }}
    where post_number in (select {{ step }}.post_number from {{ step }})

),
{%- endmacro %}

{#-
  Step `threads`: the places in reply trees of the posts named by another step. To look for all of a row under its
  number would be to read all of all rows.
-#}
{% macro with_threads(step) -%}
thread_places as (

    select place from {{ ref('stg_threads') }}
    where post_number in (select {{ step }}.post_number from {{ step }})

),

threads as (

    select * from {{ ref('stg_threads') }}
    where place in (select thread_places.place from thread_places)

),
{%- endmacro %}

{#- As of_own_changes, for stg_told_posts: by where the posts stand, so that nothing is read of all others. -#}
{% macro at_own_changes(changed) -%}
    {%- if not execute %}{% do ref(changed) %}{% endif -%}
    {%- if execute and not flags.FULL_REFRESH -%}
        where place in (select place from {{ ref(changed) }})
    {%- endif -%}
{%- endmacro %}

{#-
  The groups that a model is to make: all of its `printed_in`, or on a night that adds those that it does not hold with
  the same group_print. For a model with incremental_strategy `printed`, whose unique_key is a list.
-#}
{% macro groups_to_make(printed_in, keys) -%}
    select
        {%- for key in keys %}
        prints.{{ key }},
        {%- endfor %}
        prints.group_print
    from {{ ref(printed_in) }} as prints
    {%- if execute and not flags.FULL_REFRESH %}
    left join (
        select
            {{ keys | join(', ') }},
            group_print
        from {{ this }}
        group by {{ keys | join(', ') }}, group_print
    ) as kept
        on
            prints.group_print = kept.group_print
            {%- for key in keys %}
            and prints.{{ key }} = kept.{{ key }}
            {%- endfor %}
    where kept.group_print is null
    {%- endif %}
{%- endmacro %}

{#-
  Which rows of a kept model go before those made come, by its incremental_strategy.

  changed: those of threads, or of posts, that changed; unique_key tells which of both, its config `changed_in` in which
  model these are named.
  window: those of posts of changed threads, and of weeks that the model named by its config `window_of` has no more.
  printed: those of groups whose group_print the model named by its config `printed_in` has no more.
-#}
{% macro leaving(strategy) -%}
    {%- set key = config.get('unique_key') -%}
    {%- if strategy == 'changed' -%}
        {%- set usual = 'int_changed_posts' if key == 'post_number' else 'int_changed_threads' -%}
        {%- set changed = config.get('changed_in', usual) -%}
        {{ key }} in (select {{ key }} from intermediate.{{ changed }})
    {%- elif strategy == 'window' -%}
        post_number in (select post_number from intermediate.int_touched_posts)
        or post_number in (select post_number from intermediate.int_changed_posts)
        or week_start not in (select week_start from intermediate.{{ config.get('window_of') }})
    {%- elif strategy == 'printed' -%}
        not exists (
            select 1
            from intermediate.{{ config.get('printed_in') }} as prints
            where
                prints.group_print = {{ this.identifier }}.group_print
                {%- for name in key %}
                and prints.{{ name }} = {{ this.identifier }}.{{ name }}
                {%- endfor %}
        )
    {%- else -%}
        {%- do exceptions.raise_compiler_error(model.name ~ ' has no known incremental_strategy') -%}
    {%- endif -%}
{%- endmacro %}
