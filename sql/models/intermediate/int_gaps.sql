-- grain: one row per stretch no run has covered yet and verb of listening that missed it
with

gaps as (

    select * from {{ ref('stg_gaps') }}

),

reached as (

    select
        source,
        min(collected_through) as collected_through
    from {{ ref('stg_progress') }}
    group by source

),

heard_verbs as (

    select
        verbs.source,
        verbs.verb
    from {{ ref('stg_verb_progress') }} as verbs
    inner join reached
        on
            verbs.source = reached.source
            and verbs.collected_through >= reached.collected_through

),

missed_verbs as (

    select
        source,
        verb
    from gaps
    where verb is not null
    group by source, verb

),

-- what is wanted of a source: what goes on, and what would if it had its access
wanted_verbs as (

    select * from heard_verbs

    union

    select * from missed_verbs

),

counted_verbs as (

    select
        source,
        verb,
        count(*) over (partition by source) as verbs_count
    from wanted_verbs

),

-- what the whole source has missed, each of its verbs has
final as (

    select
        gaps.source,
        counted_verbs.verb,
        gaps.gap_from,
        gaps.gap_to,
        gaps.run_id,
        coalesce(counted_verbs.verbs_count, 1) as verbs_count
    from gaps
    left join counted_verbs
        on
            gaps.source = counted_verbs.source
            and coalesce(gaps.verb, counted_verbs.verb) = counted_verbs.verb

)

select * from final
