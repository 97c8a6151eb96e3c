-- grain: one row per source and day from the first to the newest day collected, with the seconds covered
with

settings as (

    select * from {{ ref('stg_settings') }}

),

sources as (

    select * from {{ ref('stg_sources') }}

),

progress as (

    select * from {{ ref('stg_progress') }}

),

gaps as (

    select * from {{ ref('int_gaps') }}

),

bounds as (

    select
        min(collected_from) as collected_from,
        max(collected_through) as collected_through
    from progress

),

days as (

    select
        cast(moments.moment as date) as covered_date,
        moments.timezone,
        moments.collected_through
    from (
        select
            settings.timezone,
            bounds.collected_through,
            {{ explode(days_from_to(
                local_date('bounds.collected_from', 'settings.timezone'),
                local_date('bounds.collected_through', 'settings.timezone'),
            )) }} as moment
        from bounds
        cross join settings
        where bounds.collected_through is not null
    ) as moments

),

day_bounds as (

    select
        covered_date,
        {{ local_midnight('covered_date', 'timezone') }} as begins_at,
        least({{ local_midnight(days_later('covered_date', 1), 'timezone') }}, collected_through) as ends_at
    from days

),

-- a source may feed several platforms: it covers from its first to its last
reached as (

    select
        sources.source,
        sources.platform,
        min(progress.collected_from) as collected_from,
        min(progress.collected_through) as collected_through
    from sources
    left join progress
        on sources.source = progress.source
    group by sources.source, sources.platform

),

-- gaps of a verb may overlap: each counts from where the ones before it have ended
ordered_gaps as (

    select
        gaps.source,
        gaps.verbs_count,
        greatest(gaps.gap_from, reached.collected_from) as gap_from,
        least(gaps.gap_to, reached.collected_through) as gap_to,
        max(gaps.gap_to) over (
            partition by gaps.source, gaps.verb
            order by gaps.gap_from, gaps.gap_to
            rows between unbounded preceding and 1 preceding
        ) as covered_before
    from gaps
    inner join reached
        on gaps.source = reached.source

),

holes as (

    select
        source,
        verbs_count,
        greatest(gap_from, coalesce(covered_before, gap_from)) as gap_from,
        gap_to
    from ordered_gaps
    where gap_to > greatest(gap_from, coalesce(covered_before, gap_from))

),

-- a source is as well heard as its verbs are on average
hole_days as (

    select
        holes.source,
        day_bounds.covered_date,
        sum({{ seconds_between(
            'greatest(holes.gap_from, day_bounds.begins_at)',
            'least(holes.gap_to, day_bounds.ends_at)',
        ) }}) / holes.verbs_count as hole_seconds
    from holes
    inner join day_bounds
        on
            holes.gap_from < day_bounds.ends_at
            and holes.gap_to > day_bounds.begins_at
    group by holes.source, holes.verbs_count, day_bounds.covered_date

),

reaches as (

    select
        reached.source,
        reached.platform,
        day_bounds.covered_date,
        {{ seconds_between('day_bounds.begins_at', 'day_bounds.ends_at') }} as day_seconds,
        {{ seconds_between(
            'greatest(reached.collected_from, day_bounds.begins_at)',
            'least(reached.collected_through, day_bounds.ends_at)',
        ) }} as reached_seconds,
        coalesce(hole_days.hole_seconds, 0.0) as hole_seconds,
        reached.collected_through is not null as is_reached
    from reached
    cross join day_bounds
    left join hole_days
        on
            reached.source = hole_days.source
            and day_bounds.covered_date = hole_days.covered_date

),

final as (

    select
        source,
        platform,
        covered_date,
        day_seconds,
        hole_seconds,
        case when is_reached then greatest(reached_seconds - hole_seconds, 0.0) else 0.0 end as covered_seconds
    from reaches

)

select * from final
