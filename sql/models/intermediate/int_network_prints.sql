-- grain: one row per scope_number and week in which somebody spoke: a print of what was said in it and in the week
-- before, and of whose accounts are whose
with

calendar as (

    select * from {{ ref('int_calendar') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

handles as (

    select * from {{ ref('int_handles') }}

),

names as (

    select sum({{ print_of([
        'names.organisation', 'names.platform', 'names.author_number', 'handles.author_number',
    ]) }}) as names_print
    from {{ ref('int_account_names') }} as names
    left join handles
        on names.author_number = handles.handle_number

),

days as (

    select
        said.organisation,
        said.platform,
        cast(date_trunc('week', said.posted_date) as date) as week,
        {{ print_of(['said.platform', 'said.posted_date', 'said.said_print']) }} as said_print
    from {{ ref('int_said_days') }} as said
    inner join calendar
        on said.posted_date = calendar.calendar_date

),

weeks as (

    select
        scopes.scope_number,
        scopes.organisation,
        scopes.scope,
        days.week,
        sum(days.said_print) as said_print
    from days
    inner join scopes
        on
            days.organisation = scopes.organisation
            and days.platform = scopes.platform
    group by scopes.scope_number, scopes.organisation, scopes.scope, days.week

),

final as (

    select
        weeks.scope_number,
        weeks.week,
        {{ print_of([
            'weeks.scope_number', 'weeks.organisation', 'weeks.scope', 'weeks.week', 'weeks.said_print',
            'befores.said_print', 'names.names_print',
        ]) }} as group_print
    from weeks
    left join weeks as befores
        on
            weeks.scope_number = befores.scope_number
            and weeks.week = {{ days_later('befores.week', 7) }}
    cross join names

)

select * from final
