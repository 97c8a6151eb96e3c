-- grain: one row per post_number whose words are to be masked again: it changed, or somebody whom it mentions has
-- become known, unknown or another since the last build; none when all is made again
with

changed as (

    select * from {{ ref('int_changed_posts') }}

),

mentions as (

    select * from {{ ref('int_named_mentions') }}

),

-- what the last build has left: by name and not by ref, because after this int_shown_texts is brought up to date
befores as (

    select
        post_number,
        pairs
    from {{ when_adding('intermediate.int_shown_texts', ref('int_named_mentions')) }}
    where pairs is not null

),

renamed as (

    select coalesce(mentions.post_number, befores.post_number) as post_number
    from mentions
    full outer join befores
        on mentions.post_number = befores.post_number
    where
        mentions.pairs is distinct from befores.pairs
        {{ when_adding('', 'and false') }}

),

final as (

    select post_number
    from changed

    union

    select post_number
    from renamed

)

select * from final
