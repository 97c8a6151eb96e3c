-- grain: one row per post_number that mentions somebody whose pseudonym is known: the pairs of mention and pseudonym
{{ config(
    materialized='incremental',
    incremental_strategy='changed',
    unique_key='post_number',
    changed_in='int_reworded_posts',
) }}
-- depends_on: {{ ref('int_known_handles') }}
with

written as (

    select * from {{ ref('int_written_mentions') }}
    {{ of_posts_in('int_written_mentions', 'int_reworded_posts') }}

),

tagged as (

    select * from {{ ref('int_tagged_handles') }}
    {{ of_posts_in('int_tagged_handles', 'int_reworded_posts') }}

),

handles as (

    select * from {{ ref('int_handle_keys') }}

),

-- on its own server a handle is written without the server, and the platform tells whom it means
local_names as (

    select
        tagged.post_number,
        tagged.handle_number,
        min(handles.author_key) as author_key
    from tagged
    inner join handles
        on tagged.tagged_number = handles.handle_number
    group by tagged.post_number, tagged.handle_number
    having min(handles.author_key) = max(handles.author_key)

),

known as (

    select
        written.post_number,
        written.mention,
        coalesce(local_names.author_key, handles.author_key) as author_key
    from written
    left join local_names
        on
            written.post_number = local_names.post_number
            and written.handle_number = local_names.handle_number
    left join handles
        on written.handle_number = handles.handle_number

),

pairs as (

    select
        post_number,
        mention,
        author_key,
        -- char(1) stands for the sign until all is replaced; a stranger is in the list because "@ann" begins "@anna"
        concat(mention, chr(2), chr(1), coalesce(author_key, '…'), chr(3)) as pair
    from known

),

final as (

    select
        post_number,
        {{ longest_first('pair', 'mention') }} as pairs
    from pairs
    group by post_number
    having max(author_key) is not null

)

select * from final
