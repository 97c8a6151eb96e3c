-- grain: one row per handle_number of int_handle_keys, as this build has seen it
{{ config(
    materialized='incremental',
    incremental_strategy='changed',
    unique_key='handle_number',
    changed_in='int_changed_handles',
) }}
with

seen as (

    select * from {{ when_adding(ref('int_changed_handles'), ref('int_handle_keys')) }}

),

final as (

    select
        handle_number,
        author_key
    from seen
    -- what is gone has none
    where author_key is not null

)

select * from final
