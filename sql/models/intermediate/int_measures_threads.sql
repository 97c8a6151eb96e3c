-- grain: one row per organisation, platform (or `all`), period_grain, period_start and measure
-- how conversations run
with

grid as (

    select * from {{ ref('int_grid') }}

),

threads as (

    select * from {{ ref('int_threads_periods') }}

),

conversations as (

    select
        grid.*,
        coalesce(threads.threads_count, 0) as threads_count,
        coalesce(threads.depths, 0) as depths,
        coalesce(threads.sizes, 0) as sizes,
        coalesce(threads.h_indexes, 0) as h_indexes,
        coalesce(threads.turns, 0) as turns,
        coalesce(threads.exchanges_count, 0) as exchanges_count,
        coalesce(threads.answered_count, 0) as answered_count,
        coalesce(threads.returned_count, 0) as returned_count,
        coalesce(threads.addressed_count, 0) as addressed_count,
        coalesce(threads.customer_last_count, 0) as customer_last_count
    from grid
    left join threads
        on
            grid.scope_number = threads.scope_number
            and grid.period_number = threads.period_number

),

final as (

    {{ measures('conversations', [
        ['turns_mean', 'ratio', 'turns', 'exchanges_count'],
        ['returns_after_answer_share', 'share', 'returned_count', 'answered_count'],
        ['last_word_customer_share', 'share', 'customer_last_count', 'addressed_count'],
        ['thread_depth_mean', 'ratio', 'depths', 'threads_count'],
        ['thread_size_mean', 'ratio', 'sizes', 'threads_count'],
        ['thread_h_index', 'ratio', 'h_indexes', 'threads_count'],
    ]) }}

)

select * from final
