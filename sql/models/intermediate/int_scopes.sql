-- grain: one row per organisation, platform and the scope it counts in: the platform itself, and `all`;
-- a scope_number stands for an organisation and a scope
with

accounts as (

    select * from {{ ref('stg_accounts') }}

),

roles as (

    select * from {{ ref('int_roles') }}

),

organisations as (

    select * from {{ ref('stg_organisations') }}

),

sources as (

    select * from {{ ref('stg_sources') }}

),

pairs as (

    select
        organisations.organisation,
        sources.platform
    from organisations
    cross join sources

    union

    select
        organisation,
        platform
    from accounts

    union

    select
        organisation,
        platform
    from roles

),

scoped as (

    select
        organisation,
        platform,
        platform as scope
    from pairs

    union all

    select
        organisation,
        platform,
        'all' as scope
    from pairs

),

final as (

    select
        cast(dense_rank() over (order by organisation, scope) as integer) as scope_number,
        organisation,
        platform,
        scope
    from scoped

)

select * from final
