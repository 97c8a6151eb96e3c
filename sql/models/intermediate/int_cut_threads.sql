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

roles as (

    select post_number from {{ ref('int_roles') }}

),

-- no thread is told of that concerns nobody: none of its posts is published
shown as (

    select keys.thread_number
    from keys
    inner join roles
        on keys.post_number = roles.post_number
    group by keys.thread_number

),

-- a thread may have been asked with one of its posts in one night and with another in the next
ordered as (

    select
        cut.source,
        sources.platform,
        keys.thread_key,
        cut.reason,
        cut.is_asked_again,
        cut.last_cut_at,
        min(cut.first_cut_at) over (partition by cut.source, keys.thread_key) as first_cut_at,
        row_number() over (
            partition by cut.source, keys.thread_key
            order by cut.last_cut_at desc, cut.post_number asc
        ) as cut_rank
    from cut
    inner join keys
        on cut.post_number = keys.post_number
    inner join shown
        on keys.thread_number = shown.thread_number
    inner join sources
        on cut.source = sources.source

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
