-- grain: one row per organisation and post_number that has a role for it
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='thread_number') }}
with

posts as (

    select * from {{ ref('int_posts') }}
    {{ of_changed_threads('int_posts') }}

),

names as (

    select * from {{ ref('int_account_names') }}

),

mentions as (

    select * from {{ ref('int_mentions') }}

),

matches as (

    select * from {{ when_adding(ref('int_touched_matches'), ref('stg_matches')) }}
    where is_relevant

),

organisations as (

    select * from {{ ref('stg_organisations') }}

),

account_numbers as (

    select author_number
    from names
    group by author_number

),

-- a review tags the page it stands on; whose other tags are, nobody tells
placed as (

    select mentions.post_number
    from mentions
    inner join names
        on mentions.author_number = names.author_number
    where names.account_kind = 'owned'
    group by mentions.post_number

),

signals as (

    select
        names.organisation,
        posts.post_number,
        names.account_kind as signal
    from posts
    inner join names
        on posts.author_number = names.author_number

    union all

    select
        names.organisation,
        posts.post_number,
        'addresses' as signal
    from posts
    inner join names
        on posts.parent_author_number = names.author_number
    where
        names.account_kind = 'owned'
        and posts.is_reply

    union all

    select
        names.organisation,
        mentions.post_number,
        'addresses' as signal
    from mentions
    inner join names
        on mentions.author_number = names.author_number
    where names.account_kind = 'owned'

    union all

    select
        organisations.organisation,
        matches.post_number,
        'names' as signal
    from matches
    inner join organisations
        on matches.organisation = organisations.organisation

),

gathered as (

    select
        organisation,
        post_number,
        count(case when signal = 'owned' then 1 end) > 0 as is_outbound,
        count(case when signal = 'employee' then 1 end) > 0 as is_employee,
        count(case when signal = 'addresses' then 1 end) > 0 as is_addressing,
        count(case when signal = 'names' then 1 end) > 0 as is_naming
    from signals
    group by organisation, post_number

),

judged as (

    select
        gathered.organisation,
        posts.post_number,
        posts.thread_number,
        case
            when gathered.is_outbound then 'outbound'
            when not gathered.is_addressing and not gathered.is_naming then 'context'
            when gathered.is_employee then 'employee'
            when gathered.is_addressing then 'addressed'
            -- of a review whose page is not told, the name tells
            when posts.kind = 'review' and placed.post_number is null then 'addressed'
            when
                posts.is_reply
                and posts.parent_author_number is not null
                and account_numbers.author_number is null
                then 'peer_to_peer'
            else 'mentioned'
        end as role
    from gathered
    inner join posts
        on gathered.post_number = posts.post_number
    left join account_numbers
        on posts.parent_author_number = account_numbers.author_number
    left join placed
        on posts.post_number = placed.post_number

),

conversations as (

    select
        organisation,
        thread_number
    from judged
    where role <> 'context'
    group by organisation, thread_number

),

final as (

    select
        conversations.organisation,
        posts.platform,
        posts.post_number,
        posts.thread_number,
        posts.posted_at,
        posts.posted_date,
        coalesce(judged.role, 'context') as role,
        posts.story_number,
        posts.sentiment,
        posts.purpose,
        {{ print_of(['posts.told_print', "coalesce(judged.role, 'context')"]) }} as role_print
    from conversations
    inner join posts
        on conversations.thread_number = posts.thread_number
    left join judged
        on
            conversations.organisation = judged.organisation
            and posts.post_number = judged.post_number

)

select * from final
