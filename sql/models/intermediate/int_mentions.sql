-- grain: one row per post_number and author_number of an account that the post tags; a repost tags nobody by itself
with

tags as (

    select
        post_number,
        platform,
        {{ explode('mentions') }} as mention
    from {{ when_adding(ref('int_touched_rows'), ref('stg_posts')) }}
    where kind <> 'repost'

),

numbered as (

    select
        post_number,
        {{ number_of('platform', "lower(trim(leading '@' from mention))") }} as author_number,
        case when mention like '%:%' then 1 else 0 end as is_id
    from tags

),

final as (

    select
        post_number,
        author_number,
        max(is_id) = 1 as is_id
    from numbered
    group by post_number, author_number

)

select * from final
