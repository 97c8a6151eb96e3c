-- grain: one row per organisation, platform and thread_id in which the organisation spoke or was addressed
with

posts as (

    select * from {{ ref('int_posts') }}

),

names as (

    select * from {{ ref('int_account_names') }}

),

roles as (

    select * from {{ ref('int_roles') }}

),

addressed as (

    select * from {{ ref('int_addressed') }}

),

concerned as (

    select
        organisation,
        platform,
        thread_id,
        min(posted_date) as began_date,
        count(case when role = 'addressed' then 1 end) as addressed_count
    from roles
    where role in ('outbound', 'addressed')
    group by organisation, platform, thread_id

),

spoken as (

    select
        concerned.organisation,
        concerned.platform,
        concerned.thread_id,
        concerned.began_date,
        concerned.addressed_count,
        posts.post_id,
        posts.posted_at,
        posts.author_name,
        posts.depth,
        coalesce(names.account_kind = 'owned', false) as is_owned,
        names.name is null as is_person,
        posts.is_parent_known and coalesce(posts.parent_author_name <> posts.author_name, true) as is_to_another
    from concerned
    inner join posts
        on
            concerned.platform = posts.platform
            and concerned.thread_id = posts.thread_id
    left join names
        on
            concerned.organisation = names.organisation
            and concerned.platform = names.platform
            and posts.author_name = names.name

),

ordered as (

    select
        spoken.*,
        lag(is_owned) over (
            partition by organisation, platform, thread_id
            order by posted_at, post_id
        ) as was_owned,
        lead(post_id) over (
            partition by organisation, platform, thread_id
            order by posted_at, post_id
        ) is null as is_last
    from spoken

),

told as (

    select
        organisation,
        platform,
        thread_id,
        began_date,
        addressed_count,
        count(*) as posts_count,
        max(depth) as depth,
        count(case when is_owned <> was_owned then 1 end) as turns_count,
        count(case when is_last and is_person then 1 end) > 0 as is_last_word_customer
    from ordered
    group by organisation, platform, thread_id, began_date, addressed_count

),

levels as (

    select
        organisation,
        platform,
        thread_id,
        depth,
        count(*) as posts_count
    from spoken
    where is_to_another
    group by organisation, platform, thread_id, depth

),

-- the largest level that holds at least as many posts as its number; replies to oneself are left out
heights as (

    select
        organisation,
        platform,
        thread_id,
        max(depth) as h_index
    from levels
    where posts_count >= depth
    group by organisation, platform, thread_id

),

first_answers as (

    select
        organisation,
        platform,
        thread_id,
        person,
        answered_at,
        row_number() over (
            partition by organisation, platform, thread_id
            order by answered_at, asked_at, post_id
        ) as answer_number
    from addressed
    where is_answered

),

returns as (

    select
        first_answers.organisation,
        first_answers.platform,
        first_answers.thread_id,
        count(case when spoken.posted_at > first_answers.answered_at then 1 end) > 0 as is_returned
    from first_answers
    inner join spoken
        on
            first_answers.organisation = spoken.organisation
            and first_answers.platform = spoken.platform
            and first_answers.thread_id = spoken.thread_id
            and first_answers.person = coalesce(spoken.author_name, spoken.post_id)
    where first_answers.answer_number = 1
    group by first_answers.organisation, first_answers.platform, first_answers.thread_id

),

final as (

    select
        told.organisation,
        told.platform,
        told.thread_id,
        told.began_date,
        told.posts_count,
        told.depth,
        told.turns_count,
        told.turns_count > 0 as is_exchange,
        told.addressed_count > 0 as is_addressed,
        told.is_last_word_customer,
        coalesce(heights.h_index, 0) as h_index,
        returns.thread_id is not null as is_answered,
        coalesce(returns.is_returned, false) as is_returned
    from told
    left join heights
        on
            told.organisation = heights.organisation
            and told.platform = heights.platform
            and told.thread_id = heights.thread_id
    left join returns
        on
            told.organisation = returns.organisation
            and told.platform = returns.platform
            and told.thread_id = returns.thread_id

)

select * from final
