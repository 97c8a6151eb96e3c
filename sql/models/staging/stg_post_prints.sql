-- grain: one row per post_number, deleted ones included: a print of all that any model reads of it
with

posts as (

    select
        *,
        {{ place_of_row(number_of('platform', 'post_id')) }} as place,
        lower(trim(leading '@' from author_handle)) as handle,
        deleted_at is null and visibility in ('public', 'unlisted') as is_shown
    from {{ source('raw', 'posts') }}

),

numbered as (

    select
        *,
        {{ number_of('platform', 'post_id') }} as post_number,
        {{ number_of('platform', 'parent_id') }} as parent_number,
        {{ number_of('platform', 'coalesce(reposted_id, quoted_id)') }} as shared_number,
        {{ number_of('platform', 'coalesce(lower(author_id), handle)') }} as author_number,
        {{ number_of('platform', 'lower(parent_author_id)') }} as parent_author_number,
        {{ number_of("'text'", 'text_key') }} as text_number,
        coalesce(created_at, first_seen_at) as posted_at
    from posts

),

final as (

    select
        post_number,
        place,
        parent_number,
        shared_number,
        author_number,
        parent_author_number,
        text_number,
        posted_at,
        is_shown,
        -- of names only the numbers: these are made of them
        {{ print_of([
            'is_shown', 'kind', 'posted_at', 'parent_number', 'shared_number', 'author_number', 'author_id is null',
            'handle', 'parent_author_number', 'author_key', 'title is null', 'text_number', 'language', 'mentions',
            'tags', 'links', 'rating', 'likes_count', 'reposts_count', 'replies_count', 'first_source',
        ]) }} as post_print
    from numbered

)

select * from final
