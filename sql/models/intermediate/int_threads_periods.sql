-- grain: one row per scope_number and period_number in which a thread began that concerns the organisation
with

threads as (

    select * from {{ ref('int_threads') }}

),

scopes as (

    select * from {{ ref('int_scopes') }}

),

period_days as (

    select * from {{ ref('int_period_days') }}

),

daily as (

    select
        organisation,
        platform,
        began_date,
        count(*) as threads_count,
        sum(depth) as depths,
        sum(posts_count) as sizes,
        sum(h_index) as h_indexes,
        sum(turns_count) as turns,
        count(case when is_exchange then 1 end) as exchanges_count,
        count(case when is_answered then 1 end) as answered_count,
        count(case when is_returned then 1 end) as returned_count,
        count(case when is_addressed then 1 end) as addressed_count,
        count(case when is_addressed and is_last_word_customer then 1 end) as customer_last_count
    from threads
    group by organisation, platform, began_date

),

final as (

    select
        scopes.scope_number,
        period_days.period_number,
        cast(sum(daily.threads_count) as bigint) as threads_count,
        cast(sum(daily.depths) as bigint) as depths,
        cast(sum(daily.sizes) as bigint) as sizes,
        cast(sum(daily.h_indexes) as bigint) as h_indexes,
        cast(sum(daily.turns) as bigint) as turns,
        cast(sum(daily.exchanges_count) as bigint) as exchanges_count,
        cast(sum(daily.answered_count) as bigint) as answered_count,
        cast(sum(daily.returned_count) as bigint) as returned_count,
        cast(sum(daily.addressed_count) as bigint) as addressed_count,
        cast(sum(daily.customer_last_count) as bigint) as customer_last_count
    from daily
    inner join scopes
        on
            daily.organisation = scopes.organisation
            and daily.platform = scopes.platform
    inner join period_days
        on daily.began_date = period_days.calendar_date
    group by scopes.scope_number, period_days.period_number

)

select * from final
