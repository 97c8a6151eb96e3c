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
        {{ post_key('texts.platform', 'counted.thread_id') }} as thread_key,
        case
            when counted.parent_id is not null then {{ post_key('counted.platform', 'counted.parent_id') }}
        end as parent_key,
        counted.author_key,
        roles.author_organisation,
        counted.kind,
        counted.posted_at,
        counted.posted_date,
        counted.depth,
        {{ mask('texts.title') }} as title,
        {{ mask('texts.text') }} as text,
        counted.language,
        counted.sentiment,
        counted.sentiment_score,
        counted.is_question,
        counted.rating,
        counted.audience_band,
        counted.likes_count,
        counted.reposts_count,
        counted.replies_count
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
