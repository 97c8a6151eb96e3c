{#-
  Posts under numbers, on the day of where the company is, from `told` and `settings`. A night that adds asks it of the
  few posts that it touches: numbers and days of all posts take longer than to find these.
-#}
{% macro numbered_posts() -%}
    select
        told.post_number,
        {{ number_of('told.platform', 'told.parent_id') }} as parent_number,
        {{ number_of('told.platform', 'coalesce(told.reposted_id, told.quoted_id)') }} as shared_number,
        {{ number_of('told.platform', 'coalesce(lower(told.author_id), ' ~ bare_handle('told.author_handle') ~ ')') }}
            as author_number,
        {{ number_of('told.platform', bare_handle('told.author_handle')) }} as handle_number,
        {{ number_of('told.platform', 'lower(told.parent_author_id)') }} as parent_author_number,
        {{ number_of("'text'", 'told.text_key') }} as text_number,
        told.platform,
        told.post_id,
        told.parent_id,
        coalesce(told.reposted_id, told.quoted_id) as shared_id,
        told.kind,
        coalesce(told.created_at, told.first_seen_at) as posted_at,
        {{ local_date('coalesce(told.created_at, told.first_seen_at)', 'settings.timezone') }} as posted_date,
        told.author_id is not null as has_author_id,
        told.author_key,
        told.title,
        told.text,
        told.language,
        told.mentions,
        told.tags,
        told.links,
        told.rating,
        told.likes_count,
        told.reposts_count,
        told.replies_count,
        told.first_source
    from told
    cross join settings
{%- endmacro %}

{% macro bare_handle(handle) -%}
    lower(trim(leading '@' from {{ handle }}))
{%- endmacro %}
