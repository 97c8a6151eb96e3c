-- grain: one row per organisation and account_number; an account that is both owned and employee is owned
with

accounts as (

    select
        organisation,
        platform,
        account_kind,
        {{ number_of('platform', "lower(trim(leading '@' from account))") }} as account_number
    from {{ source('conf', 'accounts') }}

),

final as (

    select
        organisation,
        platform,
        account_number,
        -- owned before employee
        max(account_kind) as account_kind
    from accounts
    group by organisation, platform, account_number

)

select * from final
