-- grain: one row per organisation and thread_number in which the organisation spoke or was addressed
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='thread_number') }}
with

posts as (

    select * from {{ ref('int_posts') }}
    {{ of_changed_threads('int_posts') }}

),

names as (

    select * from {{ ref('int_account_names') }}

),

handles as (

    select * from {{ ref('int_handles') }}

),

roles as (

    select * from {{ ref('int_roles') }}
    {{ of_changed_threads('int_roles') }}

),

-- parents that nobody may read: who wrote them is in no other model
hidden as (

    select
        post_number,
        author_number
    from (
        select * from {{ ref('int_known_posts') }}
        {{ of_changed_threads('int_known_posts') }}
    ) as changed
    where not is_shown

),

addressed as (

    select * from {{ ref('int_asked') }}
    {{ of_changed_threads('int_asked') }}

),

concerned as (

    select
        organisation,
        platform,
        thread_number,
        min(posted_date) as began_date,
        count(case when role = 'addressed' then 1 end) as addressed_count
    from roles
    where role in ('outbound', 'addressed')
    group by organisation, platform, thread_number

),

spoken as (

    select
        concerned.organisation,
        concerned.platform,
        concerned.thread_number,
        concerned.began_date,
        concerned.addressed_count,
        posts.post_number,
        posts.posted_at,
        posts.speaker_number,
        posts.depth,
        coalesce(names.account_kind = 'owned', false) as is_owned,
        names.author_number is null as is_person,
        -- of what answers a post that is gone, only the platform may have told whom it answers, by id or by handle
        coalesce(
            coalesce(handles.author_number, posts.parent_author_number, hidden.author_number)
            <> posts.speaker_number,
            true
        ) as is_to_another
    from concerned
    inner join posts
        on concerned.thread_number = posts.thread_number
    left join names
        on
            concerned.organisation = names.organisation
            and posts.author_number = names.author_number
    left join hidden
        on posts.parent_number = hidden.post_number
    left join handles
        on coalesce(posts.parent_author_number, hidden.author_number) = handles.handle_number

),

ordered as (

    select
        spoken.*,
        lag(is_owned) over (
            partition by organisation, thread_number
            order by posted_at, depth, post_number
        ) as was_owned,
        lead(post_number) over (
            partition by organisation, thread_number
            order by posted_at, depth, post_number
        ) is null as is_last
    from spoken

),

told as (

    select
        organisation,
        platform,
        thread_number,
        began_date,
        addressed_count,
        count(*) as posts_count,
        max(depth) as depth,
        count(case when is_owned <> was_owned then 1 end) as turns_count,
        count(case when is_last and is_person then 1 end) > 0 as is_last_word_customer
    from ordered
    group by organisation, platform, thread_number, began_date, addressed_count

),

levels as (

    select
        organisation,
        thread_number,
        depth,
        count(*) as posts_count
    from spoken
    where is_to_another
    group by organisation, thread_number, depth

),

-- the largest level that holds at least as many posts as its number; replies to oneself are left out
heights as (

    select
        organisation,
        thread_number,
        max(depth) as h_index
    from levels
    where posts_count >= depth
    group by organisation, thread_number

),

first_answers as (

    select
        organisation,
        thread_number,
        person_number,
        answered_at,
        row_number() over (
            partition by organisation, thread_number
            order by answered_at, asked_at, post_number
        ) as answer_number
    from addressed
    where is_answered

),

returns as (

    select
        first_answers.organisation,
        first_answers.thread_number,
        count(case when spoken.posted_at > first_answers.answered_at then 1 end) > 0 as is_returned
    from first_answers
    inner join spoken
        on
            first_answers.organisation = spoken.organisation
            and first_answers.thread_number = spoken.thread_number
            and first_answers.person_number = coalesce(spoken.speaker_number, spoken.post_number)
    where first_answers.answer_number = 1
    group by first_answers.organisation, first_answers.thread_number

),

final as (

    select
        told.organisation,
        told.platform,
        told.thread_number,
        told.began_date,
        told.posts_count,
        told.depth,
        told.turns_count,
        told.turns_count > 0 as is_exchange,
        told.addressed_count > 0 as is_addressed,
        told.is_last_word_customer,
        coalesce(heights.h_index, 0) as h_index,
        returns.thread_number is not null as is_answered,
        coalesce(returns.is_returned, false) as is_returned
    from told
    left join heights
        on
            told.organisation = heights.organisation
            and told.thread_number = heights.thread_number
    left join returns
        on
            told.organisation = returns.organisation
            and told.thread_number = returns.thread_number

)

select * from final
