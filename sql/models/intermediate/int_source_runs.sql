-- grain: one row per run and source: what it was asked, what it gave, and what it left open
with

collections as (

    select * from {{ ref('stg_collections') }}

),

gaps as (

    select
        source,
        run_id,
        count(*) as gaps_count
    from {{ ref('stg_gaps') }}
    group by source, run_id

),

-- what one verb of several has missed counts for its share
missed as (

    select
        source,
        run_id,
        sum({{ seconds_between('gap_from', 'gap_to') }}) / verbs_count as missed_seconds
    from {{ ref('int_gaps') }}
    group by source, run_id, verbs_count

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
        coalesce(missed.missed_seconds, 0.0) as open_gap_seconds
    from collections
    left join gaps
        on
            collections.source = gaps.source
            and collections.run_id = gaps.run_id
    left join missed
        on
            collections.source = missed.source
            and collections.run_id = missed.run_id

)

select * from final
