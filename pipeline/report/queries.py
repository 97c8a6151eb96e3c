"""The questions the report asks of the published file.

What is run is what is shown under each picture, word for word, so that an analyst who pastes it
gets the same rows. Names from outside stand in it as quoted literals; dates are dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

CURVE_MARKS: Final = (3600, 14_400, 86_400, 604_800)

PUBLICATION: Final = """
select run_id, published_at, collected_through, timezone, version
from marts.publication
"""

ORGANISATIONS: Final = """
select organisation, role, owned_accounts_count, employee_accounts_count, platforms_count
from marts.organisations
order by role desc, organisation
"""

FLOOR: Final = """
select min(denominator) as floor
from marts.scorecard
where not too_few and denominator > 0
"""

PRECISION: Final = """
select
    organisation,
    relevance_precision as value,
    right_posts as numerator,
    marked_posts as denominator,
    precision_low as low,
    precision_high as high,
    null as coverage,
    too_few
from marts.relevance_precision
where alias = 'all'
order by organisation
"""

ACCOUNTS: Final = """
select distinct author_key, author_organisation as organisation
from marts.posts
where author_organisation is not null
order by organisation, author_key
"""

RETENTION: Final = """
select kind, kept_days
from marts.retention
order by kind
"""

SPAN: Final = """
select
    min(volume_daily.posted_date) as first_day,
    max(volume_daily.posted_date) as last_day,
    (select max(collected_through) from marts.coverage_sources) as newest_moment,
    (select min(collected_from) from marts.coverage_sources) as oldest_moment
from marts.volume_daily
"""


POST: Final = """posts.platform, posts.posted_at, posts.language,
    left(concat_ws(' ', posts.title, posts.text), 600) as text"""
"""What is shown of a post that stands behind a number."""


def literal(text: str) -> str:
    """Text as a SQL string: quotes doubled, and nothing else has a meaning inside one."""
    return "'" + text.replace("\0", "").replace("'", "''") + "'"


def between(column: str, first: date, last: date) -> str:
    """That a date lies within these days, both included."""
    return f"{column} between date '{first.isoformat()}' and date '{last.isoformat()}'"


def _dates(days: Sequence[date]) -> str:
    return ", ".join(f"date '{each.isoformat()}'" for each in days)


def _list(texts: Sequence[str]) -> str:
    return ", ".join(map(literal, texts))


def scores(grain: str, starts: Sequence[date]) -> str:
    """Every measure of every organisation, for the periods from these days and for everything."""
    return f"""
select organisation, period_grain, period_start, measure, value, numerator, denominator, low, high,
    coverage, too_few
from marts.scorecard
where platform = 'all' and (
    period_grain = 'all'
    or (period_grain = {literal(grain)} and period_start in ({_dates(starts)}))
)
"""


def volume(organisation: str, first: date, last: date) -> str:
    """Posts a day by role."""
    return f"""
select
    posted_date,
    sum(outbound_posts) as outbound_posts,
    sum(addressed_posts) as addressed_posts,
    sum(inbound_posts - addressed_posts) as other_inbound_posts,
    sum(context_posts) as context_posts,
    sum(volume) as volume
from marts.volume_daily
where organisation = {literal(organisation)}
    and {between("posted_date", first, last)}
group by posted_date
order by posted_date
"""


def platforms(organisation: str, first: date, last: date) -> str:
    """Posts by platform."""
    return f"""
select platform, sum(volume) as volume
from marts.volume_daily
where organisation = {literal(organisation)}
    and {between("posted_date", first, last)}
group by platform
having sum(volume) > 0
order by volume desc, platform
"""


def acts(organisation: str, first: date, last: date, step: str) -> str:
    """What the company did: own posts by act, a day or a week (``step``)."""
    return f"""
select
    cast(date_trunc({literal(step)}, posted_date) as date) as period_start,
    act,
    sum(posts_count) as posts_count
from marts.acts_daily
where organisation = {literal(organisation)}
    and {between("posted_date", first, last)}
group by period_start, act
order by period_start, act
"""


def course(measure: str, grain: str, first: date, last: date) -> str:
    """One measure of every organisation, the periods a week apart, or a month where they are one.

    Args:
        measure: which.
        grain: of the scorecard: ``rolling_28d``, ``week`` or ``month``.
        first: where the first period starts.
        last: where the last one starts.
    """
    apart = "" if grain == "month" else f"\n    and {_weeks_before(last)}"
    return f"""
select period_start, organisation, value, numerator, denominator, low, high, coverage, too_few
from marts.scorecard
where platform = 'all'
    and period_grain = {literal(grain)}
    and measure = {literal(measure)}
    and {between("period_start", first, last)}{apart}
order by period_start, organisation
"""


def _weeks_before(last: date) -> str:
    return f"date_diff('day', period_start, date '{last.isoformat()}') % 7 = 0"


def response_rates(grain: str, start: date) -> str:
    """Response rates of every organisation over the period from ``start``."""
    return f"""
select measure, organisation, value, numerator, denominator, low, high, coverage, too_few
from marts.scorecard
where platform = 'all'
    and period_grain = {literal(grain)}
    and period_start = date '{start.isoformat()}'
    and measure in (
        'response_rate_1h', 'response_rate_4h', 'response_rate_24h', 'response_rate_7d',
        'needs_response_rate_24h'
    )
order by organisation, measure
"""


def measured(measures: Sequence[str], grain: str, starts: Sequence[date]) -> str:
    """These measures of every organisation, over the periods from each of ``starts``."""
    return f"""
select
    period_start, measure, organisation, value, numerator, denominator, low, high, coverage, too_few
from marts.scorecard
where platform = 'all'
    and period_grain = {literal(grain)}
    and period_start in ({_dates(starts)})
    and measure in ({_list(measures)})
order by period_start desc, organisation, measure
"""


def told(measures: Sequence[str], grain: str, starts: Sequence[date]) -> str:
    """These measures of every organisation, over these periods and over all that was heard."""
    return f"""
select
    measure, organisation, period_grain, period_start,
    value, numerator, denominator, low, high, coverage, too_few
from marts.scorecard
where platform = 'all'
    and measure in ({_list(measures)})
    and (
        period_grain = 'all'
        or (period_grain = {literal(grain)} and period_start in ({_dates(starts)}))
    )
order by measure, organisation, period_grain, period_start
"""


def audiences(grain: str, start: date) -> str:
    """How each quartile of audience was answered over the period from ``start``."""
    return f"""
select
    organisation, audience_quartile, people_count, followers_from,
    response_rate_24h as value, answered_posts as numerator, matured_posts as denominator,
    response_rate_low as low, response_rate_high as high, first_response_seconds_median, too_few
from marts.response_by_audience
where platform = 'all'
    and period_grain = {literal(grain)}
    and period_start = date '{start.isoformat()}'
order by organisation, audience_quartile
"""


def weekly(measures: Sequence[str], first: date, last: date) -> str:
    """These measures of every organisation, for whole ISO weeks that begin on these days."""
    return f"""
select
    period_start, measure, organisation, value, numerator, denominator, low, high, coverage, too_few
from marts.scorecard
where platform = 'all'
    and period_grain = 'week'
    and {between("period_start", first, last)}
    and measure in ({_list(measures)})
order by period_start, organisation, measure
"""


def curve() -> str:
    """The curve of answers, thinned to what an eye can see; exact at 1 h, 4 h, 24 h and 7 days."""
    passed = " + ".join(f"cast(seconds > {mark} as integer)" for mark in CURVE_MARKS)
    return f"""
select organisation, seconds, at_risk_count, answered_share
from marts.response_curve
where platform = 'all'
qualify row_number() over (
    partition by organisation, floor(20 * ln(greatest(seconds, 1))), {passed}
    order by seconds desc
) = 1
order by organisation, seconds
"""


def waiting(organisation: str) -> str:
    """Who waits, by how long and for what."""
    return f"""
select
    case
        when waiting_seconds < 14400 then 1
        when waiting_seconds < 86400 then 2
        when waiting_seconds < 604800 then 3
        else 4
    end as band,
    need,
    count(*) as posts_count
from marts.open_queue
where organisation = {literal(organisation)}
group by band, need
order by band, need
"""


def longest_waiting(organisation: str, limit: int) -> str:
    """The posts that have waited longest."""
    return f"""
select post_key, platform, asked_at, waiting_seconds, need, sentiment, audience_band, language,
    left(text, 600) as text
from marts.open_queue
where organisation = {literal(organisation)}
order by waiting_seconds desc, post_key
limit {int(limit)}
"""


def sentiment(organisation: str, first: date, last: date, step: str) -> str:
    """Positive, neutral and negative posts of others, a day or a week (``step``)."""
    return f"""
select
    cast(date_trunc({literal(step)}, posted_date) as date) as period_start,
    sum(positive_posts) as positive_posts,
    sum(neutral_posts) as neutral_posts,
    sum(negative_posts) as negative_posts,
    sum(posts_count) as posts_count
from marts.sentiment_daily
where organisation = {literal(organisation)}
    and {between("posted_date", first, last)}
group by period_start
order by period_start
"""


def advices(organisation: str, limit: int) -> str:
    """What to do next, the weightiest first."""
    return f"""
select advice_rank, rule, subject, value, numerator, denominator, compared_with, weight
from marts.advices
where organisation = {literal(organisation)}
order by advice_rank
limit {int(limit)}
"""


def advice_posts(organisation: str) -> str:
    """The posts behind each advice."""
    return f"""
select evidence.rule, evidence.post_rank, posts.is_question, posts.sentiment,
    {POST}
from marts.advice_posts as evidence
inner join marts.posts as posts using (post_key)
where evidence.organisation = {literal(organisation)}
order by evidence.rule, evidence.post_rank
"""


def ties(organisation: str, week: date, nodes: int) -> str:
    """Who turned to whom in a week, among the nodes with most ties."""
    return f"""
select from_node, to_node, from_organisation, to_organisation, posts_count
from marts.network_ties
where organisation = {literal(organisation)}
    and week = date '{week.isoformat()}'
    and from_node <= {nodes}
    and to_node <= {nodes}
order by from_node, to_node
"""
