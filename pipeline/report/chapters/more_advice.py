"""What follows where fewer than three rules give reason for advice: people, peaks, wishes.

Not everything that deserves attention is a fault. Each of these rests on numbers of the report and
on posts, as an advice of ``marts.advices`` does, and is left out where it has neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

import msgspec

from pipeline.report.facts import Ask, Facts, Row
from pipeline.report.measured import Reckoned
from pipeline.report.queries import POST, between, literal, told
from pipeline.report.words import Words, named

FEWEST: Final = 5
"""People or posts that must be behind one of these."""

POSTS_SHOWN: Final = 10


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What to do, on which numbers, the posts behind it, and what was asked for them.

    ``numbers`` are those of the reason.
    """

    rule: str
    title: str
    reason: str
    numbers: tuple[Reckoned, ...]
    posts: tuple[Row, ...]
    queries: tuple[str, ...]


Rule = Callable[[Ask, Facts, Words], Advice | None]


def more(ask: Ask, facts: Facts, words: Words) -> Iterator[Advice]:
    """Those that have numbers and posts, in the order in which they are worth most."""
    rules: tuple[Rule, ...] = (_people, _peak, _wishes)
    for rule in rules:
        found = rule(ask, facts, words)
        if found:
            yield found


def _people(ask: Ask, facts: Facts, words: Words) -> Advice | None:
    """Who addressed the organisation and had no answer to anything."""
    score = facts.score("people_answered_share")
    missing = (score.denominator or 0) - (score.numerator or 0)
    if score.shown is None or missing < FEWEST:
        return None
    query = _unanswered(facts.organisation, facts.window_start, facts.last_day)
    return Advice(
        rule="unanswered_people",
        title=words.say("Give everyone a turn"),
        reason=words.say(
            "{missing} of the {count} people who addressed {name} in {period} had no answer to "
            "anything they said.",
            missing=words.number(missing),
            count=words.number(score.denominator or 0),
            name=named(facts.organisation),
            period=facts.span.told(words),
        ),
        numbers=(
            Reckoned(
                label=words.say("people without any answer"),
                over=facts.span.told(words),
                value=words.number(missing),
                n=words.number(score.denominator or 0),
            ),
        ),
        posts=tuple(ask(query)),
        queries=(query, told(["people_answered_share"], facts.span.grain, [facts.window_start])),
    )


def _peak(ask: Ask, facts: Facts, words: Words) -> Advice | None:
    """The highest peak: what made it may come back."""
    query = _highest(facts.organisation, facts.window_start, facts.last_day)
    found = ask(query)
    if not found:
        return None
    peak = found[0]
    posts = _of_peak(facts.organisation, peak["posted_date"])
    return Advice(
        rule="peak",
        title=words.say("Learn from {day}", day=words.weekday(peak["posted_date"])),
        reason=words.say(
            "{volume} posts on one day, where {expected} are usual: what was it about, and was "
            "the answer ready?",
            volume=words.number(peak["volume"]),
            expected=words.number(peak["expected"]),
        ),
        numbers=tuple(
            Reckoned(
                label=label, over=words.day(peak["posted_date"]), value=words.number(peak[column])
            )
            for label, column in ((words.say("posts"), "volume"), (words.say("usual"), "expected"))
        ),
        posts=tuple(ask(posts)),
        queries=(query, posts),
    )


def _wishes(ask: Ask, facts: Facts, words: Words) -> Advice | None:
    """What others miss, wish and think of."""
    score = facts.score("demand_product")
    if (score.numerator or 0) < FEWEST:
        return None
    query = _wished(facts.organisation, facts.window_start, facts.last_day)
    return Advice(
        rule="wishes",
        title=words.say("Pass on what people wish and miss"),
        reason=words.say(
            "{count} posts by others in {period} were about ideas, defects and wishes: they belong "
            "with whoever makes the product.",
            count=words.number(score.numerator or 0),
            period=facts.span.told(words),
        ),
        numbers=(
            Reckoned(
                label=words.say("posts about ideas, defects and wishes"),
                over=facts.span.told(words),
                value=words.number(score.numerator or 0),
            ),
        ),
        posts=tuple(ask(query)),
        queries=(query, told(["demand_product"], facts.span.grain, [facts.window_start])),
    )


def _unanswered(organisation: str, first: date, last: date) -> str:
    return f"""
with people as (
    select author_key
    from marts.addressed_posts
    where organisation = {literal(organisation)}
        and {between("asked_date", first, last)}
    group by author_key
    having not bool_or(is_answered)
)

select
    {POST}
from marts.addressed_posts as asked
inner join people on asked.author_key = people.author_key
inner join marts.posts as posts on asked.post_key = posts.post_key
where asked.organisation = {literal(organisation)}
    and {between("asked.asked_date", first, last)}
qualify row_number() over (
    partition by asked.author_key order by asked.asked_at, posts.post_key
) = 1
order by asked.needs_response desc, posts.posted_at, posts.post_key
limit {POSTS_SHOWN}
"""


def _highest(organisation: str, first: date, last: date) -> str:
    return f"""
select posted_date, volume, expected, threshold
from marts.peaks
where organisation = {literal(organisation)}
    and platform = 'all'
    and {between("posted_date", first, last)}
order by volume - expected desc, posted_date
limit 1
"""


def _of_peak(organisation: str, day: date) -> str:
    return f"""
select
    {POST}
from marts.peak_posts as peaks
inner join marts.posts as posts on peaks.post_key = posts.post_key
where peaks.organisation = {literal(organisation)}
    and peaks.platform = 'all'
    and peaks.posted_date = date '{day.isoformat()}'
order by peaks.post_rank
limit {POSTS_SHOWN}
"""


def _wished(organisation: str, first: date, last: date) -> str:
    return f"""
select
    {POST}
from marts.post_roles as roles
inner join marts.posts as posts on roles.post_key = posts.post_key
where roles.organisation = {literal(organisation)}
    and roles.role in ('addressed', 'mentioned')
    and posts.purpose = 'product'
    and {between("posts.posted_date", first, last)}
order by
    coalesce(posts.likes_count, 0) + coalesce(posts.reposts_count, 0)
    + coalesce(posts.replies_count, 0) desc,
    posts.posted_at desc,
    posts.post_key
limit {POSTS_SHOWN}
"""
