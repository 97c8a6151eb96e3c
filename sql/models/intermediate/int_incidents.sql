-- grain: one row per source and kind of incident: what its last run makes somebody look at
with

collections as (

    select * from {{ ref('stg_collections') }}

),

sources as (

    select * from {{ ref('stg_sources') }}

),

ordered as (

    select
        collections.source,
        collections.platform,
        collections.run_id,
        collections.status,
        collections.error_code,
        collections.new_posts_count,
        row_number() over (partition by collections.source order by collections.run_id desc) as place
    from collections
    inner join sources
        on collections.source = sources.source

),

usual as (

    select
        source,
        count(*) as runs_count,
        avg(cast(new_posts_count as double)) as usual_posts
    from ordered
    where
        place between 2 and 15
        and status = 'complete'
    group by source

),

final as (

    select
        ordered.source,
        ordered.platform,
        'failed' as incident,
        ordered.run_id,
        ordered.error_code,
        ordered.new_posts_count,
        usual.usual_posts
    from ordered
    left join usual
        on ordered.source = usual.source
    where
        ordered.place = 1
        and ordered.status <> 'complete'

    union all

    select
        ordered.source,
        ordered.platform,
        'fell_silent' as incident,
        ordered.run_id,
        ordered.error_code,
        ordered.new_posts_count,
        usual.usual_posts
    from ordered
    inner join usual
        on ordered.source = usual.source
    where
        ordered.place = 1
        and ordered.status = 'complete'
        and ordered.new_posts_count = 0
        and usual.runs_count >= 5
        -- so few are missing by chance once in twenty thousand nights
        and usual.usual_posts >= 10

)

select * from final
