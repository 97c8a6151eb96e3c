-- grain: one row per post_number, deleted ones included, and thing that its rows in any model are made of: a print of
-- that; where these add up to the same as at the last build, so are the rows
{{ config(materialized='view') }}
with

posts as (

    select * from {{ ref('stg_post_prints') }}

),

texts as (

    select * from {{ ref('stg_text_prints') }}

),

moods as (

    select
        text_number,
        sum({{ print_of(['organisation', 'sentiment', 'sentiment_score']) }}) as moods_print
    from {{ ref('stg_moods') }}
    group by text_number

),

handles as (

    select * from {{ ref('int_handles') }}

),

speakers as (

    select * from {{ ref('int_speakers') }}

),

-- who somebody is: what is known of an author, of whom a handle is known, and whose handle it is
people as (

    select
        speaker_number as author_number,
        {{ print_of(["'author'", 'audience_band', 'first_name']) }} as part_print
    from speakers

    union all

    select
        author_number,
        {{ print_of(["'named'"]) }} as part_print
    from {{ ref('int_authors') }}
    group by author_number

    union all

    select
        handles.handle_number as author_number,
        {{ print_of([
            "'handle'", 'handles.author_number', 'speakers.audience_band', 'speakers.first_name',
        ]) }} as part_print
    from handles
    left join speakers
        on handles.author_number = speakers.speaker_number

),

authors as (

    select
        author_number,
        sum(part_print) as author_print
    from people
    group by author_number

),

stories as (

    select
        post_number,
        story_number
    from {{ ref('stg_stories') }}

),

reposts as (

    select
        post_number,
        shared_number
    from {{ ref('stg_posts') }}
    where kind = 'repost'

),

tags as (

    select
        platform,
        post_number,
        {{ explode('mentions') }} as mention
    from {{ ref('stg_posts') }}

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
        {{ print_of([
            'posts.post_print', 'texts.text_print', 'moods.moods_print', 'authors.author_print',
            'parent_authors.author_print', 'everywhere.names_print', 'organisations.organisations_print',
            'settings.timezone',
        ]) }} as part_print
    from posts
    cross join everywhere
    cross join organisations
    cross join settings
    left join texts
        on posts.text_number = texts.text_number
    left join moods
        on posts.text_number = moods.text_number
    left join authors
        on posts.author_number = authors.author_number
    left join authors as parent_authors
        on posts.parent_author_number = parent_authors.author_number

    union all

    select
        post_number,
        {{ print_of(["'place'", 'thread_number', 'depth']) }} as part_print
    from {{ ref('stg_threads') }}

    union all

    select
        post_number,
        part_print
    from {{ ref('stg_match_prints') }}

    union all

    select
        post_number,
        {{ print_of(["'story'", 'story_number']) }} as part_print
    from stories

    union all

    -- a repost tells the story of what it passes on
    select
        reposts.post_number,
        {{ print_of(["'shared'", 'stories.story_number']) }} as part_print
    from reposts
    inner join stories
        on reposts.shared_number = stories.post_number

    union all

    -- whose handles a post tags: the tags themselves are in its own print
    select
        tags.post_number,
        {{ print_of(["'tag'", 'handles.handle_number', 'handles.author_number']) }} as part_print
    from tags
    inner join handles
        on {{ number_of('tags.platform', "lower(trim(leading '@' from tags.mention))") }} = handles.handle_number

)

select * from final
