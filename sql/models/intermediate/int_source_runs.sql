-- grain: one row per run and source: what it was asked, what it gave, and what it left open
with

collections as (

    select * from {{ ref('stg_collections') }}

),

gaps as (

    select
        source,
        run_id,
        count(*) as gaps_count,
        sum({{ seconds_between('gap_from', 'gap_to') }}) as gap_seconds
    from {{ ref('stg_gaps') }}
    group by source, run_id

),

final as (

    select
        collections.run_id,
        collections.source,
        collections.platform,
        collections.asked_from,
        collections.asked_through,
        collections.status,
        collections.error_code,
        collections.asked_verbs,
        collections.verbs_without_access,
        collections.secrets_used,
        collections.secrets_missing,
        collections.requests_count,
        collections.posts_count,
        collections.new_posts_count,
        collections.duplicates_count,
        collections.rejected_count,
        collections.rate_limited_seconds,
        coalesce(gaps.gaps_count, 0) as open_gaps_count,
        coalesce(gaps.gap_seconds, 0.0) as open_gap_seconds
    from collections
    left join gaps
        on
            collections.source = gaps.source
            and collections.run_id = gaps.run_id

)

select * from final
