-- grain: one row per post_number, that is per platform and post_id, not deleted and for everybody to read: as its
-- platform told it
select
    {{ number_of('platform', 'post_id') }} as post_number,
    {{ place_of_row(number_of('platform', 'post_id')) }} as place,
    platform,
    post_id,
    kind,
    created_at,
    first_seen_at,
    parent_id,
    reposted_id,
    quoted_id,
    author_id,
    author_handle,
    parent_author_id,
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
