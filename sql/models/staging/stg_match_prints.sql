-- grain: one row per post_number that names an organisation: a print of by which alias, and of whether it is about it
with

told as (

    select
        platform,
        post_id,
        {{ print_of(['organisation', 'alias', 'alias_kind']) }} as match_print
    from {{ source('enriched', 'matches') }}

    union all

    select
        platform,
        post_id,
        {{ print_of(['organisation', 'is_relevant']) }} as match_print
    from {{ source('enriched', 'relevance') }}

),

final as (

    select
        {{ number_of('platform', 'post_id') }} as post_number,
        sum(match_print) as matches_print
    from told
    group by {{ number_of('platform', 'post_id') }}

)

select * from final
