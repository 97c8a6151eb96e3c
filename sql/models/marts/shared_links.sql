-- grain: one row per organisation, ISO week, kind and rank: hashtags, addresses and sites that others passed on
with

passed_on as (

    select * from {{ ref('int_topic_shares') }}

),

counted as (

    select
        organisation,
        week_start,
        kind,
        shared,
        count(distinct post_number) as posts_count,
        count(distinct person_number) as people_count
    from passed_on
    group by organisation, week_start, kind, shared

),

ranked as (

    select
        *,
        row_number() over (
            partition by organisation, week_start, kind
            order by people_count desc, posts_count desc, shared asc
        ) as shared_rank
    from counted
    -- what one person alone passes on may name that person
    where people_count >= 2

),

final as (

    select
        organisation,
        week_start,
        kind,
        cast(shared_rank as integer) as shared_rank,
        shared,
        posts_count,
        people_count
    from ranked
    where shared_rank <= 10

)

select * from final
