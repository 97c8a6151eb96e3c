-- grain: one row per platform and post_key that has a role for at least one organisation
{{ config(
    materialized='incremental',
    incremental_strategy='changed',
    unique_key='post_key',
    changed_in='int_changed_keys',
    on_schema_change='fail',
) }}
with

texts as (

    select * from {{ ref('int_shown_texts') }}
    {{ of_posts_in('int_shown_texts', 'int_changed_rows') }}

),

counted as (

    select * from {{ ref('int_posts') }}
    {{ of_posts_in('int_posts', 'int_changed_rows') }}

),

keys as (

    select * from {{ ref('int_keys') }}
    {{ of_posts_in('int_keys', 'int_changed_rows') }}

),

stories as (

    select * from {{ ref('int_stories') }}
    {{ of_posts_in('int_stories', 'int_changed_rows') }}

),

roles as (

    select
        post_number,
        min(case when role = 'outbound' then organisation end) as author_organisation
    from {{ ref('int_roles') }}
    {{ of_posts_in('int_roles', 'int_changed_rows') }}
    group by post_number

),

-- employees are counted, never ranked or profiled
staff as (

    select author_number
    from {{ ref('int_account_names') }}
    where account_kind = 'employee'
    group by author_number

),

final as (

    select
        counted.platform,
        keys.post_key,
        keys.thread_key,
        keys.parent_key,
        stories.story_id,
        case when staff.author_number is null then counted.author_key end as author_key,
        roles.author_organisation,
        counted.kind,
        counted.posted_at,
        counted.posted_date,
        counted.depth,
        texts.title,
        texts.text,
        counted.language,
        counted.sentiment,
        counted.sentiment_score,
        counted.is_question,
        counted.purpose,
        counted.rating,
        counted.audience_band,
        counted.likes_count,
        counted.reposts_count,
        counted.replies_count
    from counted
    inner join texts
        on counted.post_number = texts.post_number
    inner join keys
        on counted.post_number = keys.post_number
    inner join stories
        on counted.post_number = stories.post_number
    inner join roles
        on counted.post_number = roles.post_number
    left join staff
        on counted.author_number = staff.author_number

)

select * from final
