-- grain: one row per organisation, platform and name under which one of its accounts appears
with

accounts as (

    select * from {{ ref('stg_accounts') }}

),

speakers as (

    select
        platform,
        author_id,
        author_handle
    from {{ ref('stg_posts') }}
    where
        author_id is not null
        and author_handle is not null
    group by platform, author_id, author_handle

),

names as (

    select
        organisation,
        platform,
        account as name,
        account_kind
    from accounts

    union all

    select
        accounts.organisation,
        accounts.platform,
        speakers.author_id as name,
        accounts.account_kind
    from accounts
    inner join speakers
        on
            accounts.platform = speakers.platform
            and accounts.account = speakers.author_handle

    union all

    select
        accounts.organisation,
        accounts.platform,
        speakers.author_handle as name,
        accounts.account_kind
    from accounts
    inner join speakers
        on
            accounts.platform = speakers.platform
            and accounts.account = speakers.author_id

),

final as (

    select
        organisation,
        platform,
        name,
        -- owned before employee
        max(account_kind) as account_kind
    from names
    group by organisation, platform, name

)

select * from final
