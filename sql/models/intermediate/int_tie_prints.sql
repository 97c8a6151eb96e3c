-- grain: one row per organisation and whole ISO week (the last eight): a print of who turned to whom in it, over all
-- platforms, and of whose accounts are owned
with

prints as (

    select * from {{ ref('int_network_prints') }}

),

scopes as (

    select
        scope_number,
        organisation
    from {{ ref('int_scopes') }}
    where scope = 'all'
    group by scope_number, organisation

),

names as (

    select sum({{ print_of(['organisation', 'author_number', 'account_kind']) }}) as names_print
    from {{ ref('int_account_names') }}

),

weeks as (

    select
        periods.period_start as week,
        row_number() over (order by periods.period_start desc) as weeks_ago
    from {{ ref('int_periods') }} as periods
    cross join {{ ref('int_night') }} as night
    where
        periods.period_grain = 'week'
        and periods.ends_at >= {{ local_midnight('periods.period_end', 'night.timezone') }}

),

final as (

    select
        scopes.organisation,
        prints.week,
        {{ print_of(['prints.group_print', 'names.names_print']) }} as group_print
    from prints
    inner join scopes
        on prints.scope_number = scopes.scope_number
    inner join weeks
        on prints.week = weeks.week
    cross join names
    where weeks.weeks_ago <= 8

)

select * from final
