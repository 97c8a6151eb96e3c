-- grain: one row per post_number, deleted ones included: a print of all that its rows in any model are made of,
-- its own and what hangs on it; where the print is that of the last build, so are the rows
{{ config(materialized='view') }}
with

posts as (

    select * from {{ ref('stg_post_prints') }}

),

threads as (

    select * from {{ ref('stg_threads') }}

),

texts as (

    select * from {{ ref('stg_text_prints') }}

),

authors as (

    select
        author_number,
        audience_band,
        first_name
    from {{ ref('stg_authors') }}

),

handles as (

    select * from {{ ref('int_handles') }}

),

-- of whom a handle is known
named as (

    select author_number from {{ ref('int_authors') }}
    group by author_number

),

-- the story that a post tells, or that what it reposts tells
stories as (

    select
        post_number,
        story_number
    from {{ ref('stg_stories') }}

),

moods as (

    select
        text_number,
        sum({{ print_of(['organisation', 'sentiment', 'sentiment_score']) }}) as moods_print
    from {{ ref('stg_moods') }}
    group by text_number

),

matches as (

    select * from {{ ref('stg_match_prints') }}

),

tags as (

    select
        platform,
        post_number,
        {{ explode('mentions') }} as mention
    from {{ ref('stg_posts') }}

),

-- whose handles a post tags: the tags themselves are in its own print
tagged as (

    select
        tags.post_number,
        sum({{ print_of(['handles.handle_number', 'handles.author_number']) }}) as tagged_print
    from tags
    inner join handles
        on {{ number_of('tags.platform', "lower(trim(leading '@' from tags.mention))") }} = handles.handle_number
    group by tags.post_number

),

-- what all posts hang on: whose accounts are whose, and where the day begins
everywhere as (

    select
        sum({{ print_of(['organisation', 'platform', 'author_number', 'account_kind']) }}) as names_print
    from {{ ref('int_account_names') }}

),

organisations as (

    select sum({{ print_of(['organisation', 'role']) }}) as organisations_print
    from {{ ref('stg_organisations') }}

),

settings as (

    select * from {{ ref('stg_settings') }}

),

final as (

    select
        posts.post_number,
        coalesce(threads.thread_number, posts.post_number) as thread_number,
        posts.parent_number,
        posts.shared_number,
        posts.author_number,
        posts.posted_at,
        threads.depth,
        posts.is_shown,
        {{ print_of([
            'posts.post_print', 'threads.thread_number', 'threads.depth', 'texts.text_print', 'authors.audience_band',
            'authors.first_name', 'named_parents.author_number', 'parent_authors.first_name', 'handles.author_number',
            'parent_handles.author_number', 'matches.matches_print',
            'tagged.tagged_print', 'stories.story_number', 'shared_stories.story_number', 'moods.moods_print',
            'everywhere.names_print', 'organisations.organisations_print', 'settings.timezone',
        ]) }} as post_print
    from posts
    cross join everywhere
    cross join organisations
    cross join settings
    {{ beside_posts() }}
    left join authors as parent_authors
        on posts.parent_author_number = parent_authors.author_number
    left join named as named_parents
        on posts.parent_author_number = named_parents.author_number
    left join handles as parent_handles
        on posts.parent_author_number = parent_handles.handle_number
    left join stories
        on posts.post_number = stories.post_number
    left join stories as shared_stories
        on posts.shared_number = shared_stories.post_number
    left join moods
        on posts.text_number = moods.text_number
    left join matches
        on posts.post_number = matches.post_number
    left join tagged
        on posts.post_number = tagged.post_number

)

select * from final
