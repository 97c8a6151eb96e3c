-- grain: one row per organisation, week_start and term: how many stories hold it, and how many people said it
{{ config(
    materialized='incremental',
    incremental_strategy='printed',
    unique_key=['organisation', 'week_start'],
    printed_in='int_topic_prints',
) }}
with

stale as (

    {{ groups_to_make('int_topic_prints', ['organisation', 'week_start']) }}

),

voices as (

    select * from {{ ref('int_topic_voices') }}

),

words as (

    select * from {{ ref('int_topic_words') }}

),

name_words as (

    select * from {{ ref('stg_name_words') }}

),

final as (

    select
        voices.organisation,
        voices.week_start,
        stale.group_print,
        words.term,
        words.first_word,
        words.second_word,
        count(distinct voices.story_number) as stories_count,
        count(distinct voices.person_number) as people_count
    from voices
    inner join stale
        on
            voices.organisation = stale.organisation
            and voices.week_start = stale.week_start
    inner join words
        on
            voices.post_number = words.post_number
            and voices.week_start = words.week_start
    left join name_words as first_names
        on
            voices.organisation = first_names.organisation
            and words.first_word = first_names.word
    left join name_words as second_names
        on
            voices.organisation = second_names.organisation
            and words.second_word = second_names.word
    where
        first_names.word is null
        and second_names.word is null
    group by
        voices.organisation,
        voices.week_start,
        stale.group_print,
        words.term,
        words.first_word,
        words.second_word

)

select * from final
