{#-
  How a model becomes a relation of DuckDB: in one batch of statements and one transaction. dbt's own materializations
  make it under another name, look up what is there, rename twice, drop, and describe column by column: some twenty
  statements, and most of the time of a small night.
-#}

{% materialization view, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='view') -%}
    {% call statement('main') -%}
        {{ drop_other_kind('view') }}
        create or replace view {{ relation }} as (
            {{ sql }}
        );
        {{ comments(relation) }}
    {%- endcall %}
    {{ return(finished(relation)) }}
{% endmaterialization %}

{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set relation = this.incorporate(type='table') -%}
    {% call statement('main', language=model.language) -%}
        {{ made_again(relation) }}
    {%- endcall %}
    {{ return(finished(relation)) }}
{% endmaterialization %}

{#- All rows are made again by dbt's --full-refresh, by a model in Python, and when there is no table yet. -#}
{% materialization incremental, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set relation = this.incorporate(type='table') -%}
    {% call statement('main', language=model.language) -%}
        {{ added_to(relation) if model.language == 'sql' and is_incremental() else made_again(relation) }}
    {%- endcall %}
    {{ return(finished(relation)) }}
{% endmaterialization %}

{#- All rows of a table: statements, or a model in Python and how its rows, an Arrow table, become a relation. -#}
{% macro made_again(relation) -%}
    {%- if model.language == 'python' -%}
{{ compiled_code }}

def materialize(rows, connection):
    connection.register('made_rows', rows)
    connection.execute('create or replace table {{ relation }} as select * from made_rows')
    connection.unregister('made_rows')
    {%- else -%}
        {{ drop_other_kind('table') }}
        {%- if config.get('contract').enforced %}
        create or replace table {{ relation }} {{ get_table_columns_and_constraints() }};
        insert into {{ relation }} select {{ model.columns.keys() | join(', ') }} from (
            {{ compiled_code }}
        );
        {%- else %}
        create or replace table {{ relation }} as (
            {{ compiled_code }}
        );
        {%- endif %}
        {{ comments(relation) }}
    {%- endif -%}
{%- endmacro %}

{#- Statements that replace what changed in a table. -#}
{% macro added_to(relation) -%}
    {%- set added = 'added_to_' ~ relation.identifier -%}
    create or replace temporary table {{ added }} as (
        {{ compiled_code }}
    );
    delete from {{ relation }} where {{ leaving(config.get('incremental_strategy')) }};
    insert into {{ relation }} by name from {{ added }};
    drop table {{ added }};
{%- endmacro %}

{#- End the transaction of a model; returns what dbt is told. -#}
{% macro finished(relation) %}
    {%- if model.language == 'python' and comments(relation) -%}
        {% call statement('comments') -%}
            {{ comments(relation) }}
        {%- endcall %}
    {%- endif -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [relation]}) }}
{% endmacro %}

{#- A statement that drops a relation of this name but of another kind: DuckDB replaces only its like. -#}
{% macro drop_other_kind(kind) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is not none and existing.type != kind -%}
        drop {{ existing.type }} {{ existing }};
    {%- endif -%}
{%- endmacro %}

{#- What is known of a relation and its columns, in its schema file, for who looks into the database. -#}
{% macro comments(relation) -%}
    {%- if config.persist_relation_docs() and model.description -%}
        comment on {{ relation.type }} {{ relation }} is {{ duckdb_escape_comment(model.description) }};
    {%- endif -%}
    {%- if config.persist_column_docs() -%}
        {%- for name, column in model.columns.items() if column.description %}
        comment on column {{ relation }}.{{ name }} is {{ duckdb_escape_comment(column.description) }};
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
