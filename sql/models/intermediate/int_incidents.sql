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
        collections.asked_through,
        collections.status,
        collections.error_code,
        collections.secrets_used,
        collections.secrets_missing,
        collections.new_posts_count,
        row_number() over (partition by collections.source order by collections.run_id desc) as place
    from collections
    inner join sources
        on collections.source = sources.source

),

reaching as (

    select
        source,
        place,
        asked_through,
        new_posts_count,
        max(asked_through) over (
            partition by source
            order by place desc
            rows between unbounded preceding and 1 preceding
        ) as reached
    from ordered
    where status = 'complete'

),

-- each complete run looked on from where those before it stopped; the first one read what was there already
complete_runs as (

    select
        source,
        place,
        new_posts_count,
        {{ seconds_between('reached', 'asked_through') }} as seconds
    from reaching

),

usual as (

    select
        source,
        count(*) as runs_count,
        sum(cast(new_posts_count as double)) / nullif(sum(seconds), 0) as posts_per_second
    from complete_runs
    where
        place between 2 and 15
        and seconds >= 0
    group by source

),

-- what the time that the last run added would usually have brought
expected as (

    select
        usual.source,
        usual.runs_count,
        usual.posts_per_second * complete_runs.seconds as usual_posts
    from usual
    left join complete_runs
        on
            usual.source = complete_runs.source
            and complete_runs.place = 1

),

final as (

    select
        ordered.source,
        ordered.platform,
        'failed' as incident,
        ordered.run_id,
        ordered.error_code,
        ordered.secrets_used,
        ordered.secrets_missing,
        ordered.new_posts_count,
        usual.posts_per_second * 86400 as usual_posts
    from ordered
    left join usual
        on ordered.source = usual.source
    where
        ordered.place = 1
        and ordered.status not in ('complete', 'unasked')

    union all

    select
        ordered.source,
        ordered.platform,
        'fell_silent' as incident,
        ordered.run_id,
        ordered.error_code,
        ordered.secrets_used,
        ordered.secrets_missing,
        ordered.new_posts_count,
        expected.usual_posts
    from ordered
    inner join expected
        on ordered.source = expected.source
    where
        ordered.place = 1
        and ordered.status = 'complete'
        and ordered.new_posts_count = 0
        and expected.runs_count >= 5
        -- so few are missing by chance once in twenty thousand times
        and expected.usual_posts >= 10

)

select * from final
