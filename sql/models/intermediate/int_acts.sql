-- grain: one row per organisation, platform and outbound post_id: the one act it is
with

posts as (

    select * from {{ ref('int_posts') }}

),

roles as (

    select * from {{ ref('int_roles') }}

),

mentions as (

    select * from {{ ref('int_mentions') }}

),

owned_names as (

    select
        organisation,
        platform,
        name
    from {{ ref('int_account_names') }}
    where account_kind = 'owned'

),

outbound as (

    select
        organisation,
        platform,
        post_id
    from roles
    where role = 'outbound'

),

other_voices as (

    select
        organisation,
        platform,
        thread_id,
        min(posted_at) as first_other_at
    from roles
    where role <> 'outbound'
    group by organisation, platform, thread_id

),

tagging as (

    select
        outbound.organisation,
        outbound.platform,
        outbound.post_id
    from outbound
    inner join mentions
        on
            outbound.platform = mentions.platform
            and outbound.post_id = mentions.post_id
    left join owned_names
        on
            outbound.organisation = owned_names.organisation
            and mentions.platform = owned_names.platform
            and mentions.name = owned_names.name
    where owned_names.name is null
    group by outbound.organisation, outbound.platform, outbound.post_id

),

judged as (

    select
        outbound.organisation,
        posts.platform,
        posts.post_id,
        posts.parent_id,
        posts.parent_author_name,
        posts.thread_id,
        posts.posted_at,
        posts.posted_date,
        posts.is_parent_known,
        case
            when posts.is_share and shared_owner.name is null then 'relay'
            when posts.is_share then 'self_relay'
            when posts.is_reply and (not posts.is_parent_known or parent_owner.name is null) then 'reply'
            when
                posts.is_reply
                and coalesce(other_voices.first_other_at >= posts.posted_at, true)
                then 'continuation'
            when posts.is_reply then 'reply'
            when tagging.post_id is not null then 'outreach'
            else 'broadcast'
        end as act,
        parent_role.role = 'addressed' as is_parent_addressing
    from outbound
    inner join posts
        on
            outbound.platform = posts.platform
            and outbound.post_id = posts.post_id
    left join owned_names as shared_owner
        on
            outbound.organisation = shared_owner.organisation
            and posts.platform = shared_owner.platform
            and posts.shared_author_name = shared_owner.name
    left join owned_names as parent_owner
        on
            outbound.organisation = parent_owner.organisation
            and posts.platform = parent_owner.platform
            and posts.parent_author_name = parent_owner.name
    left join other_voices
        on
            outbound.organisation = other_voices.organisation
            and posts.platform = other_voices.platform
            and posts.thread_id = other_voices.thread_id
    left join tagging
        on
            outbound.organisation = tagging.organisation
            and posts.platform = tagging.platform
            and posts.post_id = tagging.post_id
    left join roles as parent_role
        on
            outbound.organisation = parent_role.organisation
            and posts.platform = parent_role.platform
            and posts.parent_id = parent_role.post_id

),

final as (

    select
        organisation,
        platform,
        post_id,
        parent_id,
        parent_author_name,
        thread_id,
        posted_at,
        posted_date,
        act,
        case
            when act in ('relay', 'reply', 'outreach') then 'listening'
            when act in ('self_relay', 'broadcast') then 'broadcasting'
            else 'neither'
        end as side,
        case
            when act <> 'reply' then null
            when is_parent_addressing then 'reactive'
            else 'proactive'
        end as reply_mode,
        case when act in ('reply', 'continuation') then is_parent_known end as is_parent_known
    from judged

)

select * from final
