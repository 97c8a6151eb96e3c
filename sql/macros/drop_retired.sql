{#-
  Statements that drop the relations of models that no longer exist, so that nothing outlived is published. A night that
  adds has the models of the one before.
-#}
{% macro drop_retired() -%}
    {%- if execute and flags.FULL_REFRESH -%}
        {%- set living = [] -%}
        {%- for node in graph.nodes.values() if node.resource_type in ('model', 'seed') -%}
            {%- do living.append(node.schema ~ '.' ~ node.name) -%}
        {%- endfor -%}
        {%- set retired = [] -%}
        {%- for schema in ('staging', 'intermediate', 'marts') -%}
            {%- set place = api.Relation.create(database=target.database, schema=schema) -%}
            {%- for found in list_relations_without_caching(place) -%}
                {%- if schema ~ '.' ~ found['name'] not in living -%}
                    {%- set kind = 'view' if 'view' in found['type'] | lower else 'table' -%}
                    {%- do retired.append('drop ' ~ kind ~ ' if exists ' ~ schema ~ '.' ~ found['name'] ~ ';') -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
        {#- looking up what exists has begun a transaction that dbt does not end after a hook -#}
        {{ (retired + ['commit;']) | join('\n') if retired }}
    {%- endif -%}
{%- endmacro %}
