-- grain: one row per scope_number and period_number with a day in int_talk_days: a print of those days, and of what all
-- counting of people and times hangs on
with

days as (

    select * from {{ ref('int_talk_days') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

period_days as (

    select * from {{ ref('int_period_days') }}

),

-- opening hours, what is waited for, and whose accounts are no people
settings as (

    select {{ print_of(['timezone', 'opening_hours', 'holidays_country']) }} as settings_print
    from {{ ref('stg_settings') }}

),

sources as (

    select sum({{ print_of(['source', 'platform']) }}) as sources_print
    from {{ ref('stg_sources') }}

),

names as (

    select sum({{ print_of(['organisation', 'platform', 'author_number', 'account_kind']) }}) as names_print
    from {{ ref('int_account_names') }}

),

counted as (

    select
        scopes.scope_number,
        scopes.organisation,
        scopes.scope,
        period_days.period_number,
        sum({{ print_of(['days.platform', 'days.posted_date', 'days.talk_print']) }}) as talk_print
    from days
    inner join scopes
        on
            days.organisation = scopes.organisation
            and days.platform = scopes.platform
    inner join period_days
        on days.posted_date = period_days.calendar_date
    group by scopes.scope_number, scopes.organisation, scopes.scope, period_days.period_number

),

final as (

    select
        counted.scope_number,
        counted.period_number,
        {{ print_of([
            'counted.organisation', 'counted.scope', 'counted.talk_print', 'settings.settings_print',
            'sources.sources_print', 'names.names_print',
        ]) }} as group_print
    from counted
    cross join settings
    cross join sources
    cross join names

)

select * from final
