-- grain: one row per organisation, platform, posted_date and word of four letters or more: posts of that day that hold
-- it, of the last 56 days
{{ config(
    materialized='incremental',
    incremental_strategy='printed',
    unique_key=['organisation', 'platform', 'posted_date'],
    printed_in='int_word_prints',
) }}
with

stale as (

    {{ groups_to_make('int_word_prints', ['organisation', 'platform', 'posted_date']) }}

),

said as (

    select
        roles.organisation,
        roles.platform,
        roles.posted_date,
        stale.group_print,
        roles.post_number
    from {{ ref('int_roles') }} as roles
    inner join stale
        on
            roles.organisation = stale.organisation
            and roles.platform = stale.platform
            and roles.posted_date = stale.posted_date

),

{{ words_said() }},

final as (

    select
        said.organisation,
        said.platform,
        said.posted_date,
        said.group_print,
        words.word,
        count(*) as posts_count
    from said
    inner join words
        on said.post_number = words.post_number
    group by said.organisation, said.platform, said.posted_date, said.group_print, words.word

)

select * from final
