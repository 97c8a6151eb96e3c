-- grain: one row per post_number and tag of a handle with its server: that handle, and the one its own server knows
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='post_number') }}
with

tagged as (

    select
        post_number,
        platform,
        lower(trim(leading '@' from {{ explode('mentions') }})) as handle
    from {{ when_adding(ref('int_touched_rows'), ref('stg_posts')) }}
    {{ of_own_changes() }}

),

final as (

    select
        post_number,
        {{ number_of('platform', 'handle') }} as tagged_number,
        {{ number_of('platform', "split_part(handle, '@', 1)") }} as handle_number
    from tagged
    where handle like '%@%'

)

select * from final
