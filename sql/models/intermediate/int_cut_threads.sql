-- grain: one row per configured source and thread_key of which some could not be read, is still missing, and is shown
with

cut as (

    select * from {{ ref('stg_cut_threads') }}

),

keys as (

    select * from {{ ref('int_keys') }}

),

sources as (

    select * from {{ ref('stg_sources') }}

),

asked as (

    select
        cut.source,
        cut.post_number,
        cut.reason,
        cut.is_asked_again,
        cut.first_cut_at,
        cut.last_cut_at,
        keys.thread_number,
        keys.thread_key
    from cut
    inner join keys
        on cut.post_number = keys.post_number

),

-- no thread is told of that concerns nobody: none of its posts is published
shown as (

    select thread_number
    from {{ ref('int_roles') }}
    where thread_number in (select asked.thread_number from asked)
    group by thread_number

),

-- a thread may have been asked with one of its posts in one night and with another in the next
ordered as (

    select
        asked.source,
        sources.platform,
        asked.thread_key,
        asked.reason,
        asked.is_asked_again,
        asked.last_cut_at,
        min(asked.first_cut_at) over (partition by asked.source, asked.thread_key) as first_cut_at,
        row_number() over (
            partition by asked.source, asked.thread_key
            order by asked.last_cut_at desc, asked.post_number asc
        ) as cut_rank
    from asked
    inner join shown
        on asked.thread_number = shown.thread_number
    inner join sources
        on asked.source = sources.source

),

final as (

    select
        source,
        platform,
        thread_key,
        reason,
        is_asked_again,
        first_cut_at,
        last_cut_at
    from ordered
    where cut_rank = 1

)

select * from final
