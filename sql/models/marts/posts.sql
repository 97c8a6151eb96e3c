-- grain: one row per platform and post_key that has a role for at least one organisation
with

texts as (

    select * from {{ ref('int_masked_texts') }}

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
        counted.platform,
        {{ post_key('counted.platform', 'counted.post_id') }} as post_key,
        {{ post_key('counted.platform', 'counted.thread_id') }} as thread_key,
        case
            when counted.parent_id is not null then {{ post_key('counted.platform', 'counted.parent_id') }}
        end as parent_key,
        counted.author_key,
        roles.author_organisation,
        counted.kind,
        counted.posted_at,
        counted.posted_date,
        counted.depth,
        texts.title,
        texts.text,
        counted.language,
        counted.sentiment,
        counted.sentiment_score,
        counted.is_question,
        counted.rating,
        counted.audience_band,
        counted.likes_count,
        counted.reposts_count,
        counted.replies_count
    from counted
    inner join texts
        on
            counted.platform = texts.platform
            and counted.post_id = texts.post_id
    inner join roles
        on
            counted.platform = roles.platform
            and counted.post_id = roles.post_id

)

select * from final
