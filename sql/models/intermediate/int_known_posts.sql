-- grain: one row per post_number, deleted ones included: where it stands and its print, as this build has seen it
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='post_number') }}
with

seen as (

    select * from {{ when_adding(ref('int_changed_posts'), ref('int_post_prints')) }}

),

final as (

    select
        post_number,
        thread_number,
        parent_number,
        shared_number,
        author_number,
        posted_at,
        depth,
        is_shown,
        post_print
    from seen
    -- what is gone has none
    where post_print is not null

)

select * from final
