-- grain: one row per post_number whose words are to be masked again: it changed, or somebody whom it mentions has
-- become known, unknown or another since the last build; none when all is made again
with

handles as (

    select * from {{ ref('int_changed_handles') }}

),

reworded as (

    select post_number
    from {{ ref('int_changed_posts') }}

    union

    select written.post_number
    from {{ ref('int_written_mentions') }} as written
    inner join handles
        on written.handle_number = handles.handle_number

    union

    select tagged.post_number
    from {{ ref('int_tagged_handles') }} as tagged
    inner join handles
        on tagged.tagged_number = handles.handle_number

),

{{ with_places('reworded') }}

final as (

    select
        reworded.post_number,
        places.place
    from reworded
    left join places
        on reworded.post_number = places.post_number

)

select * from final
