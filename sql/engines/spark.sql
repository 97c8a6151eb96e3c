{#- How dbt makes things on Spark, where it differs from what dbt-spark does by itself. -#}

{#- A night on Spark makes everything again. -#}
{% materialization incremental, adapter='spark', supported_languages=['sql', 'python'] %}
    {%- if model.language == 'sql' -%}
        {{ return(materialization_table_spark()) }}
    {%- endif -%}
    {#- dbt hands over a model in Python from the outermost materialization alone -#}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- do adapter.drop_relation(target_relation) -%}
    {% call statement('main', language='python') -%}
        {{ create_table_as(False, target_relation, compiled_code, 'python') }}
    {%- endcall %}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Numbering names and masking texts is not for nothing there: what is a view in DuckDB is made once. -#}
{% materialization view, adapter='spark' %}
    {{ return(materialization_table_spark()) }}
{% endmaterialization %}

{#- Rows of a seed, written out: dbt-spark puts texts between quotes as they are, and an apostrophe ends them. -#}
{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set kinds = model['config'].get('column_types', {}) -%}
    {%- set statement -%}
        insert into {{ this.render() }} values
        {% for row in agate_table.rows -%}
            (
            {%- for name in agate_table.column_names -%}
                {%- set kind = kinds.get(name, adapter.convert_type(agate_table, loop.index0)) -%}
                {%- set value = row[loop.index0] -%}
                {%- if value is none -%}
                    null
                {%- else -%}
                    cast('{{ value | string | replace("\\", "\\\\") | replace("'", "\\'") }}' as {{ kind }})
                {%- endif -%}
                {{- ', ' if not loop.last -}}
            {%- endfor -%}
            ){{ ', ' if not loop.last }}
        {% endfor %}
    {%- endset -%}
    {%- do adapter.add_query(statement, abridge_sql_log=True) -%}
    {{ return(statement) }}
{%- endmacro %}
