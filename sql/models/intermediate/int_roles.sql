-- grain: one row per organisation, platform and post_id that has a role for it
with

posts as (

    select * from {{ ref('int_posts') }}

),

names as (

    select * from {{ ref('int_account_names') }}

),

mentions as (

    select * from {{ ref('int_mentions') }}

),

matches as (

    select * from {{ ref('stg_matches') }}

),

organisations as (

    select * from {{ ref('stg_organisations') }}

),

account_names as (

    select
        platform,
        name
    from names
    group by platform, name

),

signals as (

    select
        names.organisation,
        posts.platform,
        posts.post_id,
        names.account_kind as signal
    from posts
    inner join names
        on
            posts.platform = names.platform
            and posts.author_name = names.name

    union all

    select
        names.organisation,
        posts.platform,
        posts.post_id,
        'addresses' as signal
    from posts
    inner join names
        on
            posts.platform = names.platform
            and posts.parent_author_name = names.name
    where
        names.account_kind = 'owned'
        and posts.is_reply

    union all

    select
        names.organisation,
        mentions.platform,
        mentions.post_id,
        'addresses' as signal
    from mentions
    inner join names
        on
            mentions.platform = names.platform
            and mentions.name = names.name
    where names.account_kind = 'owned'

    union all

    select
        organisations.organisation,
        matches.platform,
        matches.post_id,
        'names' as signal
    from matches
    inner join organisations
        on matches.organisation = organisations.organisation

),

gathered as (

    select
        organisation,
        platform,
        post_id,
        count(case when signal = 'owned' then 1 end) > 0 as is_outbound,
        count(case when signal = 'employee' then 1 end) > 0 as is_employee,
        count(case when signal = 'addresses' then 1 end) > 0 as is_addressing,
        count(case when signal = 'names' then 1 end) > 0 as is_naming
    from signals
    group by organisation, platform, post_id

),

judged as (

    select
        gathered.organisation,
        posts.platform,
        posts.post_id,
        posts.thread_id,
        case
            when gathered.is_outbound then 'outbound'
            when not gathered.is_addressing and not gathered.is_naming then 'context'
            when gathered.is_employee then 'employee'
            when gathered.is_addressing or posts.kind = 'review' then 'addressed'
            when
                posts.is_reply
                and posts.parent_author_name is not null
                and parent_accounts.name is null
                then 'peer_to_peer'
            else 'mentioned'
        end as role
    from gathered
    inner join posts
        on
            gathered.platform = posts.platform
            and gathered.post_id = posts.post_id
    left join account_names as parent_accounts
        on
            posts.platform = parent_accounts.platform
            and posts.parent_author_name = parent_accounts.name

),

conversations as (

    select
        organisation,
        platform,
        thread_id
    from judged
    where role <> 'context'
    group by organisation, platform, thread_id

),

final as (

    select
        conversations.organisation,
        posts.platform,
        posts.post_id,
        posts.thread_id,
        posts.posted_at,
        posts.posted_date,
        coalesce(judged.role, 'context') as role
    from conversations
    inner join posts
        on
            conversations.platform = posts.platform
            and conversations.thread_id = posts.thread_id
    left join judged
        on
            conversations.organisation = judged.organisation
            and posts.platform = judged.platform
            and posts.post_id = judged.post_id

)

select * from final
