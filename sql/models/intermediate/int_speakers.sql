-- grain: one row per platform and name, with the number of the speaker: handle and id of one author are one speaker
with

posts as (

    select * from {{ ref('stg_posts') }}

),

mentions as (

    select * from {{ ref('int_mentions') }}

),

-- a handle that several authors used in turn stays a name of its own
handles as (

    select
        platform,
        author_handle,
        min(author_id) as author_id
    from posts
    where
        author_id is not null
        and author_handle is not null
    group by platform, author_handle
    having count(distinct author_id) = 1

),

names as (

    select
        platform,
        author_name as name
    from posts
    where author_name is not null

    union

    select
        platform,
        name
    from mentions

),

identities as (

    select
        names.platform,
        names.name,
        coalesce(handles.author_id, names.name) as speaker
    from names
    left join handles
        on
            names.platform = handles.platform
            and names.name = handles.author_handle

),

final as (

    select
        platform,
        name,
        speaker,
        cast(dense_rank() over (order by platform, speaker) as integer) as speaker_number
    from identities

)

select * from final
