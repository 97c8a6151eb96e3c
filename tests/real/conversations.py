"""A night over real conversations, and every difference from figures reckoned elsewhere explained.

    python -m tests.real.conversations            # the 20 largest companies

The conversations and the expected figures (made in plain pandas by other definitions) are read in
place. Luister's figures come from a whole night: import, load, matching, reading, models, publish,
report. Between the two stand plain loops over the same rows: ``Theirs`` reckons by the definitions
of the expected figures, ``Ours`` by those of measures.md, and ``explain`` names, post by post, by
which definition the two part. Nothing is left over: the loops equal the files on both sides.
"""

from __future__ import annotations

import csv
import json
import re
import statistics
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from connectors import load as connector_of
from connectors import platforms
from pipeline import night as steps
from pipeline.config import load
from tests.shared import shared
from tests.sql.reference import survival_quantile

LARGEST = 20
RUN_ID = "20171210T040000Z-000000"
THROUGH = datetime(2017, 12, 10, 4, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
ALWAYS = """
there: one company a tweet; answered = a direct answer, at any time; times of the answered first
       contacts alone, quantiles between two values.
here:  everybody addressed; answered = an answer below it within 7 days; times by Kaplan-Meier: the
       unanswered stay in, a quantile is an observed time, none where the curve stays above it.
"""
_HANDLE = re.compile(r"@(\w+)")
MEASURES = (
    *("own_posts", "replies", "continuations", "conversation_share"),
    *("broadcasts", "outreach", "relays"),
    *("response_rate_7d", "first_response_seconds_median", "first_response_seconds_p90"),
)


@dataclass(frozen=True)
class Tweet:
    """One row of the file."""

    id: str
    author: str
    is_inbound: bool
    at: datetime
    text: str
    answers: str

    @property
    def handles(self) -> list[str]:
        return [name.lower() for name in _HANDLE.findall(self.text)]


def tweets(path: Path) -> dict[str, Tweet]:
    """The rows by id, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["tweet_id"]: Tweet(
                id=row["tweet_id"],
                author=row["author_id"],
                is_inbound=row["inbound"] == "True",
                at=datetime.strptime(row["created_at"], "%a %b %d %H:%M:%S %z %Y"),
                text=row["text"],
                answers=row["in_response_to_tweet_id"],
            )
            for row in csv.DictReader(file)
        }


def companies(rows: Mapping[str, Tweet]) -> list[str]:
    """All companies of the file, the one that wrote most first."""
    counts = Counter(row.author for row in rows.values() if not row.is_inbound)
    return [name for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


class Conversations:
    """The reply trees of the file."""

    def __init__(self, rows: Mapping[str, Tweet]) -> None:
        self.rows = rows
        self.companies = companies(rows)
        self.children: dict[str, list[Tweet]] = defaultdict(list)
        for row in rows.values():
            if row.answers in rows:
                self.children[row.answers].append(row)
        self.threads: dict[str, list[Tweet]] = defaultdict(list)
        for row in rows.values():
            self.threads[self.root(row)].append(row)

    def root(self, row: Tweet) -> str:
        while row.answers in self.rows:
            row = self.rows[row.answers]
        return row.id

    def thread(self, row: Tweet) -> list[Tweet]:
        return self.threads[self.root(row)]

    def below(self, row: Tweet) -> Iterable[Tweet]:
        for child in self.children[row.id]:
            yield child
            yield from self.below(child)


@dataclass(frozen=True)
class Figures:
    """What is compared of one company; ids so that every difference can be named."""

    own: int
    replies: int
    broadcasts: int
    asked: frozenset[str]
    answered: frozenset[str]
    clocks: Mapping[str, float | None]
    median: float | None
    p90: float | None


class Theirs(Conversations):
    """By the definitions that stand beside the expected figures."""

    def company_of(self, row: Tweet) -> str | None:
        direct = [child for child in self.children[row.id] if not child.is_inbound]
        if direct:
            return min(direct, key=lambda child: child.at).author
        parent = self.rows.get(row.answers)
        if parent is not None and not parent.is_inbound:
            return parent.author
        names = {name.lower(): name for name in self.companies}
        return next((names[name] for name in row.handles if name in names), None)

    def figures(self, company: str) -> Figures:
        own = [row for row in self.rows.values() if row.author == company and not row.is_inbound]
        asked = [
            row for row in self.rows.values() if row.is_inbound and self.company_of(row) == company
        ]
        answered = [
            row.id for row in asked if any(c.author == company for c in self.children[row.id])
        ]
        clocks = {row.id: self._seconds(row, company) for row in asked if not row.answers}
        times = [seconds for seconds in clocks.values() if seconds is not None]
        return Figures(
            own=len(own),
            replies=sum(bool(row.answers) for row in own),
            broadcasts=sum(not row.answers for row in own),
            asked=frozenset(row.id for row in asked),
            answered=frozenset(answered),
            clocks=clocks,
            median=statistics.median(times) if times else None,
            p90=_between(times, 0.9) if times else None,
        )

    def _seconds(self, row: Tweet, company: str) -> float | None:
        """To the first tweet of the company anywhere in the conversation."""
        times = [
            other.at for other in self.thread(row) if other.author == company and other.at >= row.at
        ]
        return (min(times) - row.at).total_seconds() if times else None


def _between(values: Sequence[float], share: float) -> float:
    """The quantile between two values, as numpy and SQL's percentile_cont have it."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


class Ours(Conversations):
    """By measures.md, in plain loops."""

    def figures(self, company: str) -> Figures:
        own = [row for row in self.rows.values() if row.author == company]
        counted = [row for row in own if not self.is_continuation(row)]
        asked = [row for row in self.rows.values() if self.addresses(row, company)]
        first = {row.id: self.first_answer(row, company) for row in asked}
        clocks = {
            row.id: (answer - row.at).total_seconds() if answer else None
            for row in asked
            if self.starts_clock(row, company)
            for answer in [first[row.id]]
        }
        spells = [
            ((THROUGH - self.rows[key].at).total_seconds() if seconds is None else seconds,
             seconds is not None)
            for key, seconds in clocks.items()
        ]  # fmt: skip
        return Figures(
            own=len(counted),
            replies=sum(bool(row.answers) for row in counted),
            broadcasts=sum(not row.answers and not self.is_outreach(row) for row in counted),
            asked=frozenset(row.id for row in asked if row.at + WEEK <= THROUGH),
            answered=frozenset(
                row.id
                for row in asked
                for answer in [first[row.id]]
                if row.at + WEEK <= THROUGH and answer and answer - row.at <= WEEK
            ),
            clocks=clocks,
            median=survival_quantile(spells, 0.5),
            p90=survival_quantile(spells, 0.1),
        )

    def is_outreach(self, row: Tweet) -> bool:
        """An original post that tags somebody else."""
        return not row.answers and any(name != row.author.lower() for name in row.handles)

    def is_continuation(self, row: Tweet) -> bool:
        """A reply to oneself before anybody else spoke in the thread."""
        parent = self.rows.get(row.answers)
        return (
            parent is not None
            and parent.author == row.author
            and not any(
                other.author != row.author and other.at < row.at for other in self.thread(row)
            )
        )

    def addresses(self, row: Tweet, company: str) -> bool:
        if row.author == company:
            return False
        parent = self.rows.get(row.answers)
        return company.lower() in row.handles or (parent is not None and parent.author == company)

    def first_answer(self, row: Tweet, company: str) -> datetime | None:
        """The first tweet of the company below it, not before it."""
        times = [reply.at for reply in self.below(row) if reply.author == company]
        return min((at for at in times if at >= row.at), default=None)

    def starts_clock(self, row: Tweet, company: str) -> bool:
        """Whether the company has answered the person since they last spoke in this thread."""
        mine = [
            other
            for other in self.thread(row)
            if other.author == row.author and self.addresses(other, company)
        ]
        before = [other for other in mine if (other.at, other.id) < (row.at, row.id)]
        if not before:
            return True
        last = max(before, key=lambda other: (other.at, other.id)).at
        answers = {
            reply.at for other in mine for reply in self.below(other) if reply.author == company
        }
        return any(last <= at < row.at for at in answers)


def explain(theirs: Theirs, ours: Ours, company: str) -> list[str]:
    """Why the figures of one company differ: the definition, and of how many tweets it disposes."""
    one, other = theirs.figures(company), ours.figures(company)
    told: Counter[str] = Counter()
    for row in theirs.rows.values():
        if row.author == company and ours.is_continuation(row):
            told["share: continuation, out of both"] += 1
        if row.author == company and ours.is_outreach(row):
            told["acts: an original post that tags somebody is outreach, no broadcast"] += 1
    for key in one.asked ^ other.asked:
        told["rate: " + _why_asked(theirs, ours, theirs.rows[key], company, key in one.asked)] += 1
    for key in one.asked & other.asked:
        if (key in one.answered) != (key in other.answered):
            told["rate: " + _why_answered(theirs.rows[key], ours, company)] += 1
    for key in one.clocks.keys() ^ other.clocks.keys():
        row = theirs.rows[key]
        told["time: " + _why_clock(theirs, ours, row, company, key in one.clocks)] += 1
    for key in one.clocks.keys() & other.clocks.keys():
        if one.clocks[key] != other.clocks[key]:
            told["time: answered elsewhere in the thread, not below"] += 1
    if one.clocks == other.clocks and (one.median, one.p90) != (other.median, other.p90):
        told["time: quantile is an observed time, not one between two"] += 1
    return [f"{reason} ({count})" for reason, count in sorted(told.items())]


def _why_asked(theirs: Theirs, ours: Ours, row: Tweet, company: str, is_theirs: bool) -> str:
    if is_theirs:
        if ours.addresses(row, company):
            return "younger than a week, not matured"
        return "answered, but it neither tags nor answers the company: not addressed"
    if not row.is_inbound:
        return "another company tags it: addressed too"
    first = theirs.company_of(row)
    if first is not None and first != company:
        return "addresses several, counted once there"
    return "addressed, counted nowhere there"


def _why_answered(row: Tweet, ours: Ours, company: str) -> str:
    answer = ours.first_answer(row, company)
    if answer is None:
        return "the answer is dated before the question"
    if answer - row.at > WEEK:
        return "answered after more than a week"
    return "answered further down, not directly"


def _why_clock(theirs: Theirs, ours: Ours, row: Tweet, company: str, is_theirs: bool) -> str:
    if is_theirs:
        if not ours.addresses(row, company):
            return "neither tags nor answers the company: not addressed"
        return "the same person asks on in the thread: no second clock"
    if not row.is_inbound:
        return "another company asks"
    if row.answers in theirs.rows:
        return "later in a conversation: no first contact there, a person's new turn here"
    if row.answers:
        return "the tweet it answers is not in the file: no first contact there"
    return "addresses several, counted once there"


def configuration(source: Path, names: Sequence[str]) -> str:
    """A luister.toml for the file: every company an organisation, the first of them ours."""
    quoted = json.dumps
    parts = ['language = "en"', 'timezone = "UTC"', 'contact = "team@example.org"']
    for place, name in enumerate(names):
        head = "[[competitor]]" if place else "[organisation]"
        parts.append(f"{head}\nname = {quoted(name)}\naccounts = {{ twitter = [{quoted(name)}] }}")
    parts.append(
        f'[[source]]\nname = "conversations"\nplatform = "table"\nurls = [{quoted(str(source))}]\n'
        '[source.options]\nplatform = "twitter"\n'
        'map = { author_id = "author_id", author_handle = "author_id" }'
    )
    return "\n\n".join(parts)


def play(folder: Path, source: Path) -> tuple[steps.Outcome, Path]:
    """A whole night over the file; returns how it went and what was published."""
    path = folder / "luister.toml"
    path.write_text(configuration(source, companies(tweets(source))), "utf-8")
    night = steps.open_night(load(path, platforms()), RUN_ID)
    outcome = steps.run(night, connector_of)
    return outcome, (night.data / "analytics.duckdb").resolve()


def measured(published: Path) -> dict[str, dict[str, float | None]]:
    """Company to measure to value, over the whole period."""
    found: dict[str, dict[str, float | None]] = defaultdict(dict)
    with duckdb.connect(str(published), read_only=True) as database:
        rows = database.execute(
            "select organisation, measure, value from marts.scorecard"
            " where platform = 'twitter' and period_grain = 'all' and list_contains(?, measure)",
            [list(MEASURES)],
        ).fetchall()
    for organisation, measure, value in rows:
        found[organisation][measure] = value
    return found


def expected(path: Path) -> dict[str, dict[str, Any]]:
    """Company to column to figure, as reckoned elsewhere."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["company"]: {
                name: float(cell) if _is_number(cell) else None for name, cell in row.items()
            }
            for row in csv.DictReader(file)
        }


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None


def table(rows: Mapping[str, Tweet], there: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    """The largest companies, a line each with both figures, and below it why they differ."""
    theirs, ours = Theirs(rows), Ours(rows)
    titles = ("own posts", "broadcasts", "reply share", "answered", "median, s", "p90, s")
    widths = (12, 12, 16, 16, 18, 20)
    lines = [f"{'there | here':17}" + "".join(map(str.rjust, titles, widths))]
    for company in companies(rows)[:LARGEST]:
        one, other = there[company], here[company]
        pairs = (
            (one["company_tweets"], other["own_posts"], "{:.0f}"),
            (one["broadcasts"], other["broadcasts"], "{:.0f}"),
            (one["reply_share"], other["conversation_share"], "{:.1%}"),
            (one["reply_rate_all"], other["response_rate_7d"], "{:.1%}"),
            (one["first_response_median_s"], other["first_response_seconds_median"], "{:.0f}"),
            (one["first_response_p90_s"], other["first_response_seconds_p90"], "{:.0f}"),
        )
        cells = [f"{_shown(a, form)} | {_shown(b, form)}" for a, b, form in pairs]
        lines.append(f"{company:17}" + "".join(map(str.rjust, cells, widths)))
        lines += [f"    {reason}" for reason in explain(theirs, ours, company)]
    return "\n".join(lines)


def _shown(value: float | None, form: str) -> str:
    return "none" if value is None else form.format(value)


def main() -> None:
    """Play the night and print the table: there | here."""
    source = shared("conversations", "twcs_5k.dev.csv")
    figures = expected(shared("conversations", "twcs_expected.dev.csv"))
    with tempfile.TemporaryDirectory() as folder:
        outcome, published = play(Path(folder), source)
        told = table(tweets(source), figures, measured(published))
    sys.stdout.write(f"night {outcome.status}: {outcome.posts} posts\n{ALWAYS}\n{told}\n")


if __name__ == "__main__":
    main()
