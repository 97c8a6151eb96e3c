{#- Statements that drop the relations of models that no longer exist, so that nothing outlived is published. -#}
{% macro drop_retired() -%}
    {%- if execute -%}
        {%- set living = [] -%}
        {%- for node in graph.nodes.values() if node.resource_type in ('model', 'seed') -%}
            {%- do living.append(node.schema ~ '.' ~ node.name) -%}
        {%- endfor -%}
        {%- for schema in ('staging', 'intermediate', 'marts') -%}
            {%- set place = api.Relation.create(database=target.database, schema=schema) -%}
            {%- for found in list_relations_without_caching(place) -%}
                {%- if schema ~ '.' ~ found['name'] not in living %}
                    drop {{ 'view' if 'view' in found['type'] | lower else 'table' }} if exists {{ schema }}.{{ found['name'] }};
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
