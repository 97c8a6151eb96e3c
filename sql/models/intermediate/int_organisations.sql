-- grain: one row per organisation, with its accounts counted, and since when it is listened for
with

organisations as (

    select * from {{ ref('stg_organisations') }}

),

accounts as (

    select * from {{ ref('stg_accounts') }}

),

joined as (

    select
        panel.organisation,
        {{ local_date('panel.joined_at', 'settings.timezone') }} as panel_from
    from {{ ref('stg_panel') }} as panel
    cross join {{ ref('stg_settings') }} as settings

),

counted as (

    select
        organisation,
        count(case when account_kind = 'owned' then 1 end) as owned_accounts_count,
        count(case when account_kind = 'employee' then 1 end) as employee_accounts_count,
        count(distinct case when account_kind = 'owned' then platform end) as platforms_count
    from accounts
    group by organisation

),

final as (

    select
        organisations.organisation,
        organisations.role,
        joined.panel_from,
        coalesce(counted.owned_accounts_count, 0) as owned_accounts_count,
        coalesce(counted.employee_accounts_count, 0) as employee_accounts_count,
        coalesce(counted.platforms_count, 0) as platforms_count
    from organisations
    left join joined
        on organisations.organisation = joined.organisation
    left join counted
        on organisations.organisation = counted.organisation

)

select * from final
