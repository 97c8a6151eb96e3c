-- grain: one row per platform and post_key that has a role for at least one organisation
with

texts as (

    select * from {{ ref('stg_posts') }}

),

counted as (

    select * from {{ ref('int_posts') }}

),

roles as (

    select
        platform,
        post_id,
        min(case when role = 'outbound' then organisation end) as author_organisation
    from {{ ref('int_roles') }}
    group by platform, post_id

),

final as (

    select
        texts.platform,
        {{ post_key('texts.platform', 'texts.post_id') }} as post_key,
        {{ post_key('texts.platform', 'texts.thread_id') }} as thread_key,
        case when texts.parent_id is not null then {{ post_key('texts.platform', 'texts.parent_id') }} end as parent_key,
        texts.author_key,
        roles.author_organisation,
        texts.kind,
        texts.posted_at,
        texts.posted_date,
        texts.depth,
        {{ mask('texts.title') }} as title,
        {{ mask('texts.text') }} as text,
        texts.language,
        texts.sentiment,
        texts.sentiment_score,
        texts.is_question,
        texts.rating,
        counted.audience_band,
        texts.likes_count,
        texts.reposts_count,
        texts.replies_count
    from texts
    inner join roles
        on
            texts.platform = roles.platform
            and texts.post_id = roles.post_id
    inner join counted
        on
            texts.platform = counted.platform
            and texts.post_id = counted.post_id

)

select * from final
