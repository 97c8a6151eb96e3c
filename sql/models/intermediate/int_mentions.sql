-- grain: one row per platform, post_id and account that the post tags; a repost tags nobody by itself
with

tags as (

    select
        platform,
        post_id,
        {{ explode('mentions') }} as mention
    from {{ ref('stg_posts') }}
    where kind <> 'repost'

),

final as (

    select
        platform,
        post_id,
        lower(trim(leading '@' from mention)) as name
    from tags
    group by platform, post_id, lower(trim(leading '@' from mention))

)

select * from final
