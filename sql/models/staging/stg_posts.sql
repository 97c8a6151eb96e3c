-- grain: one row per platform and post_id that is not deleted and that everybody may read
with

posts as (

    select * from {{ source('raw', 'posts') }}

),

settings as (

    select * from {{ source('conf', 'settings') }}

),

final as (

    select
        posts.platform,
        posts.post_id,
        posts.kind,
        coalesce(posts.created_at, posts.first_seen_at) as posted_at,
        {{ local_date('coalesce(posts.created_at, posts.first_seen_at)', 'settings.timezone') }} as posted_date,
        posts.parent_id,
        coalesce(posts.reposted_id, posts.quoted_id) as shared_id,
        lower(coalesce(posts.author_id, trim(leading '@' from posts.author_handle))) as author_name,
        lower(posts.author_id) as author_id,
        lower(trim(leading '@' from posts.author_handle)) as author_handle,
        lower(posts.parent_author_id) as parent_author_id,
        posts.author_key,
        posts.title,
        posts.text,
        posts.text_key,
        posts.language,
        posts.mentions,
        posts.rating,
        posts.likes_count,
        posts.reposts_count,
        posts.replies_count,
        posts.first_source
    from posts
    cross join settings
    where
        posts.deleted_at is null
        and posts.visibility in ('public', 'unlisted')

)

select * from final
