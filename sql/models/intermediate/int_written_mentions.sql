-- grain: one row per post_number and mention in its words, as it is written
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='post_number') }}
with

posts as (

    select * from {{ when_adding(ref('int_touched_rows'), ref('stg_posts')) }}
    {{ of_own_changes() }}

),

written as (

    select
        post_number,
        platform,
        {{ mask_addresses("replace(concat_ws(' ', title, text), chr(1), ' ')") }} as words
    from posts
    where
        title like '%@%'
        or text like '%@%'
        or title like '%＠%'
        or text like '%＠%'

),

mentions as (

    select
        post_number,
        platform,
        {{ explode(matches_of('words', "'" ~ mention_pattern() ~ "'")) }} as mention
    from written

),

final as (

    select
        post_number,
        mention,
        {{ number_of('platform', "lower(trim(leading '@＠' from mention))") }} as handle_number
    from mentions
    group by post_number, platform, mention

)

select * from final
