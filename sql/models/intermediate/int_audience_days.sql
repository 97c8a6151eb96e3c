-- grain: one row per organisation, platform, asked_date and person_number: who addressed the organisation that day
with

audiences as (

    select * from {{ ref('int_audiences') }}

),

final as (

    select
        organisation,
        platform,
        asked_date,
        person_number,
        max(followers_count) as followers_count,
        count(case when is_answered then 1 end) > 0 as is_answered,
        count(case when is_matured then 1 end) as matured_posts,
        count(case when is_answered_24h then 1 end) as answered_posts
    from audiences
    group by organisation, platform, asked_date, person_number

)

select * from final
