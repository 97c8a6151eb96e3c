-- grain: one row per scope_number, week, from_number and to_number: who turned to whom that week
with

roles as (

    select
        roles.organisation,
        roles.platform,
        roles.post_number,
        cast(date_trunc('week', roles.posted_date) as date) as week
    from {{ ref('int_roles') }} as roles
    inner join {{ ref('int_calendar') }} as calendar
        on roles.posted_date = calendar.calendar_date

),

edges as (

    select * from {{ ref('int_edges') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

final as (

    select
        scopes.scope_number,
        roles.week,
        edges.from_number,
        edges.to_number,
        count(*) as posts_count
    from roles
    inner join edges
        on roles.post_number = edges.post_number
    inner join scopes
        on
            roles.organisation = scopes.organisation
            and roles.platform = scopes.platform
    group by
        scopes.scope_number,
        roles.week,
        edges.from_number,
        edges.to_number

)

select * from final
