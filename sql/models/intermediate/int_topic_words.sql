-- grain: one row per post_number and term that it holds: a word, or two neighbours, that may tell of a topic
{{ config(materialized='incremental', incremental_strategy='window', window_of='int_topic_prints') }}
with

voices as (

    select
        post_number,
        week_start
    from {{ ref('int_topic_voices') }}
    {{ of_posts_not_kept() }}
    group by post_number, week_start

),

texts as (

    select * from {{ ref('int_masked_texts') }}

),

stop_words as (

    select word
    from {{ ref('stop_words') }}
    group by word

),

plain as (

    select
        texts.post_number,
        voices.week_start,
        -- signs and numbers stand between words, so that what they part makes no pair
        {{ matches_of(replace_all(
            "lower(concat_ws(' . ', texts.title, texts.text))",
            "'https?://\\S+|\\[link\\]|\\[mail\\]'",
            "' . '"
        ), "'\\p{L}+|\\p{N}+|[^\\p{L}\\p{N}\\s]'") }} as words
    from texts
    inner join voices
        on texts.post_number = voices.post_number

),

-- the same term is said twice in one post, and counted once
said as (

    select
        post_number,
        week_start,
        {{ explode(united('words', pairs_of('words'))) }} as term
    from plain

),

split as (

    select
        post_number,
        week_start,
        term,
        split_part(term, ' ', 1) as first_word,
        split_part(term, ' ', 2) as second_word
    from said

),

final as (

    select
        split.post_number,
        split.week_start,
        split.term,
        split.first_word,
        split.second_word
    from split
    left join stop_words as first_stops
        on split.first_word = first_stops.word
    left join stop_words as second_stops
        on split.second_word = second_stops.word
    where
        -- as one condition: as two, DuckDB expects them to leave one row, and holds all terms in memory to join them
        coalesce(first_stops.word, second_stops.word) is null
        and length(split.first_word) between 3 and 40
        and lower(split.first_word) <> upper(split.first_word)
        and (
            split.second_word = ''
            or (length(split.second_word) between 3 and 40 and lower(split.second_word) <> upper(split.second_word))
        )

)

select * from final
