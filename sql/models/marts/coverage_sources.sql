-- grain: one row per configured source
with

sources as (

    select * from {{ ref('int_sources') }}

),

daily as (

    select
        source,
        sum(case when covered_seconds > 0 or hole_seconds > 0 then day_seconds end) as day_seconds,
        sum(covered_seconds) as covered_seconds,
        sum(hole_seconds) as hole_seconds
    from {{ ref('int_coverage_daily') }}
    group by source

),

final as (

    select
        sources.source,
        sources.platform,
        sources.collected_from,
        sources.collected_through,
        daily.covered_seconds / 3600 as covered_hours,
        daily.hole_seconds / 3600 as gap_hours,
        {{ ratio('daily.covered_seconds', 'sources.reachable_seconds') }} as coverage,
        sources.runs_count,
        sources.failed_runs_count,
        sources.last_status,
        sources.last_error_code,
        sources.last_asked_verbs,
        sources.last_verbs_without_access,
        sources.last_secrets_used,
        sources.last_secrets_missing,
        sources.requests_count,
        sources.posts_count,
        sources.new_posts_count,
        sources.duplicates_count,
        sources.rejected_count,
        sources.rate_limited_seconds
    from sources
    left join daily
        on sources.source = daily.source

)

select * from final
