-- grain: one row per post_number, that is per platform and post_id, not deleted and for everybody to read
with

posts as (

    select
        platform,
        post_id,
        kind,
        coalesce(created_at, first_seen_at) as posted_at,
        parent_id,
        coalesce(reposted_id, quoted_id) as shared_id,
        lower(author_id) as author_id,
        lower(trim(leading '@' from author_handle)) as author_handle,
        lower(parent_author_id) as parent_author_id,
        author_key,
        title,
        text,
        text_key,
        language,
        mentions,
        tags,
        links,
        rating,
        likes_count,
        reposts_count,
        replies_count,
        first_source
    from {{ source('raw', 'posts') }}
    where
        deleted_at is null
        and visibility in ('public', 'unlisted')

),

settings as (

    select * from {{ source('conf', 'settings') }}

),

final as (

    select
        {{ number_of('posts.platform', 'posts.post_id') }} as post_number,
        {{ number_of('posts.platform', 'posts.parent_id') }} as parent_number,
        {{ number_of('posts.platform', 'posts.shared_id') }} as shared_number,
        {{ number_of('posts.platform', 'coalesce(posts.author_id, posts.author_handle)') }} as author_number,
        {{ number_of('posts.platform', 'posts.author_handle') }} as handle_number,
        {{ number_of('posts.platform', 'posts.parent_author_id') }} as parent_author_number,
        {{ number_of("'text'", 'posts.text_key') }} as text_number,
        posts.platform,
        posts.post_id,
        posts.parent_id,
        posts.shared_id,
        posts.kind,
        posts.posted_at,
        {{ local_date('posts.posted_at', 'settings.timezone') }} as posted_date,
        posts.author_id is not null as has_author_id,
        posts.author_key,
        posts.title,
        posts.text,
        posts.language,
        posts.mentions,
        posts.tags,
        posts.links,
        posts.rating,
        posts.likes_count,
        posts.reposts_count,
        posts.replies_count,
        posts.first_source
    from posts
    cross join settings

)

select * from final
