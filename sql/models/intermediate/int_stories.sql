-- grain: one row per post_number: the story it tells; a repost tells that of its original, another post its own
{{ config(materialized='incremental', incremental_strategy='changed', unique_key='post_number') }}
with

posts as (

    select * from {{ when_adding(ref('int_touched_rows'), ref('stg_posts')) }}
    {{ of_own_changes() }}

),

stories as (

    select
        post_number,
        story_number,
        {{ post_key('story_platform', 'story_post_id') }} as story_id
    from {{ ref('stg_stories') }}
    {{ when_adding(
        "where post_number in (select posts.post_number from posts) "
        ~ "or post_number in (select posts.shared_number from posts where posts.kind = 'repost')",
        "",
    ) }}

),

final as (

    select
        posts.post_number,
        coalesce(
            stories.story_number,
            shared.story_number,
            case when posts.kind = 'repost' then posts.shared_number end,
            posts.post_number
        ) as story_number,
        coalesce(
            stories.story_id,
            shared.story_id,
            case
                when posts.kind = 'repost' and posts.shared_id is not null
                    then {{ post_key('posts.platform', 'posts.shared_id') }}
            end,
            {{ post_key('posts.platform', 'posts.post_id') }}
        ) as story_id
    from posts
    left join stories
        on posts.post_number = stories.post_number
    left join stories as shared
        on
            posts.kind = 'repost'
            and posts.shared_number = shared.post_number

)

select * from final
