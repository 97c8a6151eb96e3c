-- grain: one row per organisation and outbound post_number: the one act it is
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='thread_number') }}
with

posts as (

    select * from {{ ref('int_posts') }}
    {{ of_changed_threads('int_posts') }}

),

roles as (

    select * from {{ ref('int_roles') }}
    {{ of_changed_threads('int_roles') }}

),

mentions as (

    select * from {{ ref('int_mentions') }}

),

handles as (

    select * from {{ ref('int_handles') }}

),

owned_names as (

    select
        organisation,
        author_number
    from {{ ref('int_account_names') }}
    where account_kind = 'owned'

),

outbound as (

    select
        organisation,
        post_number
    from roles
    where role = 'outbound'

),

other_voices as (

    select
        organisation,
        thread_number,
        min(posted_at) as first_other_at
    from roles
    where role <> 'outbound'
    group by organisation, thread_number

),

tagging as (

    select
        outbound.organisation,
        outbound.post_number
    from outbound
    inner join mentions
        on outbound.post_number = mentions.post_number
    left join owned_names
        on
            outbound.organisation = owned_names.organisation
            and mentions.author_number = owned_names.author_number
    where owned_names.author_number is null
    group by outbound.organisation, outbound.post_number

),

judged as (

    select
        outbound.organisation,
        posts.platform,
        posts.post_number,
        posts.parent_number,
        coalesce(handles.author_number, posts.parent_author_number) as parent_speaker_number,
        posts.thread_number,
        posts.posted_at,
        posts.posted_date,
        posts.is_parent_known,
        posts.is_question,
        posts.replies_count,
        posts.reposts_count,
        posts.likes_count,
        posts.pr_model,
        posts.giving,
        case
            when posts.is_share and shared_owner.author_number is null then 'relay'
            when posts.is_share then 'self_relay'
            when posts.is_reply and (not posts.is_parent_known or parent_owner.author_number is null) then 'reply'
            when
                posts.is_reply
                and coalesce(other_voices.first_other_at >= posts.posted_at, true)
                then 'continuation'
            when posts.is_reply then 'reply'
            when tagging.post_number is not null then 'outreach'
            else 'broadcast'
        end as act,
        parent_role.role = 'addressed' as is_parent_addressing
    from outbound
    inner join posts
        on outbound.post_number = posts.post_number
    left join owned_names as shared_owner
        on
            outbound.organisation = shared_owner.organisation
            and posts.shared_author_number = shared_owner.author_number
    left join owned_names as parent_owner
        on
            outbound.organisation = parent_owner.organisation
            and posts.parent_author_number = parent_owner.author_number
    left join handles
        on posts.parent_author_number = handles.handle_number
    left join other_voices
        on
            outbound.organisation = other_voices.organisation
            and posts.thread_number = other_voices.thread_number
    left join tagging
        on
            outbound.organisation = tagging.organisation
            and posts.post_number = tagging.post_number
    left join roles as parent_role
        on
            outbound.organisation = parent_role.organisation
            and posts.parent_number = parent_role.post_number
            and posts.thread_number = parent_role.thread_number

),

final as (

    select
        organisation,
        platform,
        post_number,
        parent_number,
        parent_speaker_number,
        -- as of whoever asks: where no author is told, a post stands for its own
        case
            when act = 'reply' then coalesce(parent_speaker_number, case when is_parent_known then parent_number end)
        end as person_number,
        thread_number,
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
        case when act in ('reply', 'continuation') then is_parent_known end as is_parent_known,
        is_question,
        replies_count,
        reposts_count,
        likes_count,
        pr_model,
        giving
    from judged

)

select * from final
