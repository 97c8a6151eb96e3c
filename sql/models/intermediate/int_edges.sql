-- grain: one row per platform, post_id and speaker it turned to by reply, repost, quote or tag; nobody to himself
with

posts as (

    select * from {{ ref('int_posts') }}
    where author_name is not null

),

mentions as (

    select
        platform,
        post_id,
        name,
        name like '%:%' as is_id,
        max(case when name like '%:%' then 1 else 0 end) over (partition by platform, post_id) = 1 as has_ids
    from {{ ref('int_mentions') }}

),

speakers as (

    select * from {{ ref('int_speakers') }}

),

turns as (

    select
        platform,
        post_id,
        parent_author_name as name
    from posts
    where is_parent_known

    union

    select
        platform,
        post_id,
        shared_author_name as name
    from posts
    where shared_author_name is not null

    union

    select
        platform,
        post_id,
        name
    from mentions
    -- where a post tags ids (a DID holds a colon), the handles beside them are the same accounts once more
    where is_id or not has_ids

),

final as (

    select
        posts.platform,
        posts.post_id,
        authors.speaker_number as from_number,
        others.speaker_number as to_number
    from posts
    inner join speakers as authors
        on
            posts.platform = authors.platform
            and posts.author_name = authors.name
    inner join turns
        on
            posts.platform = turns.platform
            and posts.post_id = turns.post_id
    inner join speakers as others
        on
            turns.platform = others.platform
            and turns.name = others.name
    where authors.speaker_number <> others.speaker_number
    group by posts.platform, posts.post_id, authors.speaker_number, others.speaker_number

)

select * from final
