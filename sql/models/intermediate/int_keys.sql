-- grain: one row per post_number: the pseudonymous keys it is published under
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='thread_number') }}
-- depends_on: {{ ref('int_changed_keys') }}
with

posts as (

    select * from {{ when_adding(ref('int_touched_rows'), ref('stg_posts')) }}

),

threads as (

    select * from {{ when_adding(ref('int_touched_places'), ref('stg_threads')) }}

),

final as (

    select
        posts.post_number,
        coalesce(threads.thread_number, posts.post_number) as thread_number,
        {{ post_key('posts.platform', 'posts.post_id') }} as post_key,
        {{ post_key('posts.platform', 'coalesce(threads.thread_id, posts.post_id)') }} as thread_key,
        case
            when posts.parent_id is not null then {{ post_key('posts.platform', 'posts.parent_id') }}
        end as parent_key
    from posts
    left join threads
        on posts.post_number = threads.post_number

)

select * from final
