-- grain: one row per configured source: how far it has looked, and how its runs went
with

sources as (

    select * from {{ ref('stg_sources') }}

),

reached as (

    select
        source,
        min(collected_from) as collected_from,
        min(collected_through) as collected_through
    from {{ ref('stg_progress') }}
    group by source

),

newest as (

    select max(collected_through) as collected_through
    from {{ ref('stg_progress') }}

),

runs as (

    select * from {{ ref('stg_collections') }}

),

tried as (

    select
        source,
        count(*) as runs_count,
        count(case when status not in ('complete', 'unasked') then 1 end) as failed_runs_count,
        cast(sum(requests_count) as bigint) as requests_count,
        cast(sum(posts_count) as bigint) as posts_count,
        cast(sum(new_posts_count) as bigint) as new_posts_count,
        cast(sum(duplicates_count) as bigint) as duplicates_count,
        cast(sum(rejected_count) as bigint) as rejected_count,
        sum(rate_limited_seconds) as rate_limited_seconds
    from runs
    group by source

),

ordered as (

    select
        source,
        status,
        error_code,
        asked_verbs,
        verbs_without_access,
        secrets_used,
        secrets_missing,
        row_number() over (
            partition by source
            order by asked_through desc, run_id desc
        ) as run_number
    from runs

),

final as (

    select
        sources.source,
        sources.platform,
        reached.collected_from,
        reached.collected_through,
        {{ seconds_between('reached.collected_from', 'newest.collected_through') }} as reachable_seconds,
        coalesce(tried.runs_count, 0) as runs_count,
        coalesce(tried.failed_runs_count, 0) as failed_runs_count,
        ordered.status as last_status,
        ordered.error_code as last_error_code,
        ordered.asked_verbs as last_asked_verbs,
        ordered.verbs_without_access as last_verbs_without_access,
        ordered.secrets_used as last_secrets_used,
        ordered.secrets_missing as last_secrets_missing,
        coalesce(tried.requests_count, 0) as requests_count,
        coalesce(tried.posts_count, 0) as posts_count,
        coalesce(tried.new_posts_count, 0) as new_posts_count,
        coalesce(tried.duplicates_count, 0) as duplicates_count,
        coalesce(tried.rejected_count, 0) as rejected_count,
        coalesce(tried.rate_limited_seconds, 0.0) as rate_limited_seconds
    from sources
    cross join newest
    left join reached
        on sources.source = reached.source
    left join tried
        on sources.source = tried.source
    left join ordered
        on
            sources.source = ordered.source
            and ordered.run_number = 1

)

select * from final
