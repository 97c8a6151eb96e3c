-- grain: one row per organisation and alias (or `all`)
with

named as (

    select * from {{ ref('int_marked_matches') }}

),

night as (

    select * from {{ ref('int_night') }}

),

counted as (

    select
        organisation,
        alias,
        count(case when is_relevant then 1 end) as matched_posts,
        count(case when not is_relevant then 1 end) as set_aside_posts,
        count(case when is_relevant and is_right is not null then 1 end) as marked_posts,
        count(case when is_relevant and is_right then 1 end) as right_posts
    from named
    group by organisation, alias

),

final as (

    select
        counted.organisation,
        counted.alias,
        counted.matched_posts,
        counted.set_aside_posts,
        counted.marked_posts,
        counted.right_posts,
        {{ ratio('counted.right_posts', 'counted.marked_posts') }} as relevance_precision,
        {{ wilson_low('counted.right_posts', 'counted.marked_posts') }} as precision_low,
        {{ wilson_high('counted.right_posts', 'counted.marked_posts') }} as precision_high,
        counted.marked_posts < night.minimum_n as too_few
    from counted
    cross join night

)

select * from final
