-- grain: one row per organisation, platform, peak_grain, begins_at and rank: words it had and the weeks
-- before had not; log-odds with an informative prior (Monroe, Colaresi & Quinn 2008), posts counted rather than words
with

scored as (

    select
        *,
        {{ log_odds_score('peak_posts', 'before_posts', 'all_peak', 'all_before', '1000.0') }} as score
    from {{ ref('int_peak_words') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by organisation, platform, peak_grain, begins_at
            order by score desc, word asc
        ) as term_rank
    from scored
    where score > 1.959963984540054

),

final as (

    select
        organisation,
        platform,
        peak_grain,
        begins_at,
        posted_date,
        cast(term_rank as integer) as term_rank,
        word as term,
        peak_posts as posts_count,
        before_posts as posts_before_count,
        score
    from ranked
    where term_rank <= 10

)

select * from final
