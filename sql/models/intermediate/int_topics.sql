-- grain: one row per organisation, ISO week and rank: what others spoke of that week and the weeks before did not;
-- log-odds with an informative prior (Monroe, Colaresi & Quinn 2008), stories counted rather than words
with

terms as (

    select * from {{ ref('int_topic_terms') }}

),

calendar as (

    select cast(date_trunc('week', max(calendar_date)) as date) as newest_week
    from {{ ref('int_calendar') }}

),

weeks as (

    select
        terms.organisation,
        terms.week_start,
        sum(terms.stories_count) as all_stories
    from terms
    group by terms.organisation, terms.week_start

),

searched as (

    select
        weeks.organisation,
        weeks.week_start,
        weeks.all_stories,
        coalesce(sum(earlier.all_stories), 0) as all_before,
        -- a tenth of all that was said, so that little talk can have topics too; at most a thousand terms
        least(1000.0, 0.1 * (weeks.all_stories + coalesce(sum(earlier.all_stories), 0))) as prior_weight
    from weeks
    cross join calendar
    left join weeks as earlier
        on
            weeks.organisation = earlier.organisation
            and weeks.week_start > earlier.week_start
            and earlier.week_start >= {{ days_later('weeks.week_start', -28) }}
    where weeks.week_start > {{ days_later('calendar.newest_week', -56) }}
    group by weeks.organisation, weeks.week_start, weeks.all_stories

),

compared as (

    select
        terms.organisation,
        terms.week_start,
        terms.term,
        terms.first_word,
        terms.second_word,
        terms.stories_count,
        coalesce(sum(earlier.stories_count), 0) as stories_before_count
    from terms
    left join terms as earlier
        on
            terms.organisation = earlier.organisation
            and terms.term = earlier.term
            and terms.week_start > earlier.week_start
            and earlier.week_start >= {{ days_later('terms.week_start', -28) }}
    -- what one person says again and again is no topic
    where
        terms.stories_count >= 3
        and terms.people_count >= 2
    group by
        terms.organisation, terms.week_start, terms.term, terms.first_word, terms.second_word, terms.stories_count

),

scored as (

    select
        compared.*,
        {{ log_odds_score(
            'compared.stories_count', 'compared.stories_before_count', 'searched.all_stories', 'searched.all_before',
            'searched.prior_weight'
        ) }} as score
    from compared
    inner join searched
        on
            compared.organisation = searched.organisation
            and compared.week_start = searched.week_start
    where searched.all_before > 0

),

standing_out as (

    select * from scored
    where score > 1.959963984540054

),

-- words that are nearly always said beside one and the same other word: the two together tell more
said_in_pairs as (

    select
        words.organisation,
        words.week_start,
        words.term
    from standing_out as words
    inner join standing_out as pairs
        on
            words.organisation = pairs.organisation
            and words.week_start = pairs.week_start
            and pairs.second_word <> ''
            and words.term in (pairs.first_word, pairs.second_word)
            and pairs.stories_count >= 0.8 * words.stories_count
    where words.second_word = ''
    group by words.organisation, words.week_start, words.term

),

ranked as (

    select
        standing_out.*,
        row_number() over (
            partition by standing_out.organisation, standing_out.week_start
            order by standing_out.score desc, standing_out.term asc
        ) as topic_rank
    from standing_out
    left join said_in_pairs
        on
            standing_out.organisation = said_in_pairs.organisation
            and standing_out.week_start = said_in_pairs.week_start
            and standing_out.term = said_in_pairs.term
    where said_in_pairs.term is null

),

final as (

    select
        organisation,
        week_start,
        cast(topic_rank as integer) as topic_rank,
        term,
        stories_count,
        cast(stories_before_count as bigint) as stories_before_count,
        score
    from ranked
    where topic_rank <= 20

)

select * from final
