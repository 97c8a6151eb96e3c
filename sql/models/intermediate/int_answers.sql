-- grain: one row per organisation and post_number below which an owned account replied, at or after it
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='thread_number') }}
with

climbs as (

    select * from {{ ref('int_climbs') }}

),

roles as (

    select *
    from (
        select * from {{ ref('int_roles') }}
        {{ of_changed_threads('int_roles') }}
    ) as changed
    where role <> 'outbound'

),

ordered as (

    select
        roles.organisation,
        roles.post_number,
        roles.thread_number,
        climbs.answered_at,
        climbs.answer_number,
        row_number() over (
            partition by roles.organisation, roles.post_number
            order by climbs.answered_at, climbs.answer_number
        ) as answer_place
    from roles
    inner join climbs
        on
            roles.organisation = climbs.organisation
            and roles.post_number = climbs.ancestor_number
    where climbs.answered_at >= roles.posted_at

),

final as (

    select
        organisation,
        post_number,
        thread_number,
        answered_at,
        answer_number
    from ordered
    where answer_place = 1

)

select * from final
