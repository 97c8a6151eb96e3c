-- grain: one row per organisation and author_number under which one of its accounts appears, be it id or handle
with

accounts as (

    select * from {{ ref('stg_accounts') }}

),

authors as (

    select * from {{ ref('int_authors') }}

),

names as (

    select
        organisation,
        platform,
        account_number as author_number,
        account_kind
    from accounts

    union all

    select
        accounts.organisation,
        accounts.platform,
        authors.author_number,
        accounts.account_kind
    from accounts
    inner join authors
        on accounts.account_number = authors.handle_number

    union all

    select
        accounts.organisation,
        accounts.platform,
        authors.handle_number as author_number,
        accounts.account_kind
    from accounts
    inner join authors
        on accounts.account_number = authors.author_number

),

final as (

    select
        organisation,
        platform,
        author_number,
        -- owned before employee
        max(account_kind) as account_kind
    from names
    group by organisation, platform, author_number

)

select * from final
