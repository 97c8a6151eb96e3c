-- grain: one row per speaker_number of whom more than posts was observed: what is known under all names of that speaker
with

authors as (

    select * from {{ ref('stg_authors') }}

),

handles as (

    select * from {{ ref('int_handles') }}

),

gathered as (

    select
        coalesce(handles.author_number, authors.author_number) as speaker_number,
        max(authors.followers_count) as followers_count,
        max(authors.first_name) as first_name
    from authors
    left join handles
        on authors.author_number = handles.handle_number
    group by coalesce(handles.author_number, authors.author_number)

),

final as (

    select
        speaker_number,
        followers_count,
        case
            when followers_count is null then 'unknown'
            when followers_count < 100 then '0-99'
            when followers_count < 1000 then '100-999'
            when followers_count < 10000 then '1000-9999'
            else '10000+'
        end as audience_band,
        first_name
    from gathered

)

select * from final
