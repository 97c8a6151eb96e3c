-- grain: one row per organisation, platform, peak day and rank: the words that day had and the weeks before had not;
-- log-odds with an informative prior (Monroe, Colaresi & Quinn 2008), posts counted rather than words
with

words as (

    select * from {{ ref('int_peak_words') }}

),

totals as (

    select
        organisation,
        platform,
        posted_date,
        sum(peak_posts) as all_peak,
        sum(before_posts) as all_before
    from words
    group by organisation, platform, posted_date

),

scored as (

    select
        words.*,
        {{ log_odds_score(
            'words.peak_posts', 'words.before_posts', 'totals.all_peak', 'totals.all_before', '1000.0'
        ) }} as score
    from words
    inner join totals
        on
            words.organisation = totals.organisation
            and words.platform = totals.platform
            and words.posted_date = totals.posted_date
    where words.peak_posts >= 3

),

ranked as (

    select
        *,
        row_number() over (
            partition by organisation, platform, posted_date
            order by score desc, word asc
        ) as term_rank
    from scored
    where score > 1.959963984540054

),

final as (

    select
        organisation,
        platform,
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
