"""What the report knows before it begins to tell: whose report, which days, and the scorecard."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from pipeline.errors import ConfigError, WarehouseError
from pipeline.report import Kind, queries
from pipeline.report.span import Span

Row = dict[str, Any]
Ask = Callable[[str], list[Row]]
Period = Literal["now", "before", "all"]

CALENDAR_DAYS: Final = 42
WEEKS_SHOWN: Final = 26
FEWEST_DAYS_FOR_WEEKS: Final = 70
LATE_ENOUGH_HOUR: Final = 23
RIVALS_SHOWN: Final = 4


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of the scorecard.

    Shares are 0-1, times are seconds; ``value`` is None when the measure is not defined.
    """

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    low: float | None = None
    high: float | None = None
    coverage: float | None = None
    too_few: bool = False

    @property
    def shown(self) -> float | None:
        """The value, if there is one that may be shown."""
        return None if self.too_few else self.value


Scores = Mapping[tuple[Period, str, str], Score]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Whose report this is, and over which days.

    ``span`` is what it is about; that of a night ends with the newest day that was collected to its
    end. ``own`` is the company under study, which may be another. ``floor`` is the smallest number
    of posts over which the scorecard shows a rate. ``kept_days`` says by kind of data how long it
    is kept, once a night has enforced it. ``precision`` says by organisation how many matches are
    right, of those that were marked. ``accounts`` are organisations by the pseudonyms of the
    accounts they speak through.
    """

    organisation: str
    own: str
    rivals: tuple[str, ...]
    owned_accounts: int
    run_id: str | None
    version: str | None
    timezone: str
    published_at: datetime | None
    collected_through: datetime | None
    night: date
    first_day: date
    span: Span
    floor: float | None
    scores: Scores
    kept_days: Mapping[str, int] = {}
    precision: Mapping[str, Score] = {}
    accounts: Mapping[str, str] = {}

    @property
    def window_start(self) -> date:
        """First day of what the report is about."""
        return self.span.first

    @property
    def last_day(self) -> date:
        """Last day of what the report is about."""
        return self.span.last

    @property
    def days(self) -> list[date]:
        """The days of the daily pictures."""
        first = self.last_day - timedelta(days=CALENDAR_DAYS - 1)
        return days_between(min(first, self.window_start), self.last_day)

    @property
    def window(self) -> list[date]:
        """The days the report is about."""
        return days_between(self.window_start, self.last_day)

    @property
    def weeks(self) -> list[date]:
        """Mondays of the whole weeks of the pictures over time, at most half a year."""
        last = self.last_day - timedelta(days=(self.last_day.weekday() + 1) % 7 + 6)
        oldest = monday(self.first_day + timedelta(days=6))
        first = max(oldest, last - timedelta(weeks=WEEKS_SHOWN - 1))
        return days_between(first, last)[::7]

    @property
    def course(self) -> tuple[str, list[tuple[date, date]]]:
        """Grain, first and last days of what is followed over time; see ``Span.course``."""
        return self.span.course(self.first_day)

    @property
    def step(self) -> Literal["day", "week"]:
        """Bars stand for days while the collection is young, for weeks later."""
        span = (self.last_day - self.first_day).days + 1
        return "week" if span >= FEWEST_DAYS_FOR_WEEKS else "day"

    @property
    def steps(self) -> list[date]:
        """The bars of the pictures over time."""
        return self.weeks if self.step == "week" else self.days

    @property
    def steps_end(self) -> date:
        """Last day inside the last bar."""
        return self.steps[-1] + timedelta(days=6 if self.step == "week" else 0)

    @property
    def everybody(self) -> tuple[str, ...]:
        """The company, then those it is compared with."""
        return (self.organisation, *self.rivals)

    def score(self, measure: str, organisation: str | None = None, period: Period = "now") -> Score:
        """A measure; one without value when the scorecard does not have it."""
        key = (period, organisation or self.organisation, measure)
        return self.scores.get(key, Score(value=None))


def days_between(first: date, last: date) -> list[date]:
    """Every day from first to last."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def monday(day: date) -> date:
    """The first day of the ISO week."""
    return day - timedelta(days=day.weekday())


def gather(
    ask: Ask, organisation: str | None, kind: Kind = "night", day: date | None = None
) -> Facts:
    """Read who, when and the scorecard.

    Args:
        ask: answers one SQL statement over the published file.
        organisation: whose report; the company under study when None.
        kind: of report.
        day: lies in the week or quarter that is told; the newest that is over when None.

    Raises:
        ConfigError: no such organisation, or the week or quarter is not over or was not heard.
        WarehouseError: the file has no night or no organisation in it.
    """
    publication = _one(ask(queries.PUBLICATION))
    known = ask(queries.ORGANISATIONS)
    chosen = _choose(known, organisation)
    zone = ZoneInfo(publication["timezone"])
    heard = _one(ask(queries.SPAN))
    moment = publication["published_at"] or publication["collected_through"]
    last_day = _last_whole_day(heard, zone)
    night = moment.astimezone(zone).date() if moment else last_day
    first_day = _first_day(heard, zone)
    is_empty = last_day is None
    if last_day is None or night is None:
        last_day = night = last_day or night or date(1970, 1, 1)
    first_day = min(first_day or last_day, last_day)
    span = choose(kind, day, first_day, last_day)
    scores: Scores = {} if is_empty else _scores(ask, span)
    return Facts(
        organisation=chosen["organisation"],
        own=_choose(known, None)["organisation"],
        rivals=_drawn_first(_rivals(known, chosen["organisation"]), scores),
        owned_accounts=chosen["owned_accounts_count"],
        run_id=publication["run_id"],
        version=publication["version"],
        timezone=publication["timezone"],
        published_at=publication["published_at"],
        collected_through=publication["collected_through"],
        night=night,
        first_day=first_day,
        span=span,
        floor=_one(ask(queries.FLOOR))["floor"],
        scores=scores,
        kept_days={row["kind"]: row["kept_days"] for row in ask(queries.RETENTION)},
        precision={row["organisation"]: score_of(row) for row in ask(queries.PRECISION)},
        accounts={row["author_key"]: row["organisation"] for row in ask(queries.ACCOUNTS)},
    )


def _one(rows: Sequence[Row]) -> Row:
    if not rows:
        raise WarehouseError("the published file is empty", todo="`luister run` first")
    return rows[0]


def _choose(known: Sequence[Row], organisation: str | None) -> Row:
    names = [row["organisation"] for row in known]
    if organisation is None:
        own = [row for row in known if row["role"] == "own"]
        return _one(own or list(known))
    if organisation in names:
        return known[names.index(organisation)]
    near = difflib.get_close_matches(organisation, names, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known are: {', '.join(sorted(names))}"
    raise ConfigError(f"no organisation {organisation!r}", where="organisation", todo=hint)


def _rivals(known: Sequence[Row], organisation: str) -> tuple[str, ...]:
    return tuple(row["organisation"] for row in known if row["organisation"] != organisation)


def _drawn_first(rivals: tuple[str, ...], scores: Scores) -> tuple[str, ...]:
    """Where there are more competitors than are drawn, those first of whom most was heard."""
    if len(rivals) <= RIVALS_SHOWN:
        return rivals

    def heard(rival: str) -> float:
        found = (scores.get(("now", rival, each)) for each in ("own_posts", "addressed_posts"))
        return sum(score.value or 0 for score in found if score)

    return tuple(sorted(rivals, key=lambda rival: (-heard(rival), rival)))


def _last_whole_day(span: Row, zone: ZoneInfo) -> date | None:
    """The newest day with an end: the running one is left out unless it is nearly over."""
    last: date | None = span["last_day"]
    newest: datetime | None = span["newest_moment"]
    if last is None:
        return None
    local = newest.astimezone(zone) if newest else None
    is_running = local is not None and local.date() <= last and local.hour < LATE_ENOUGH_HOUR
    return last - timedelta(days=1) if is_running else last


def _first_day(span: Row, zone: ZoneInfo) -> date | None:
    """Where collecting began; where that is unknown, the oldest post."""
    oldest: datetime | None = span["oldest_moment"]
    first: date | None = span["first_day"]
    return oldest.astimezone(zone).date() if oldest else first


def choose(kind: Kind, day: date | None, first_day: date, last_day: date) -> Span:
    """What a report is about.

    Args:
        kind: of report.
        day: lies in it; the newest that is over when None.
        first_day: when collecting began.
        last_day: the newest day that was heard to its end.

    Raises:
        ConfigError: it is not over yet, or nothing of it was heard.
    """
    if kind == "night":
        if day is not None:
            raise ConfigError(
                "a report of a night is made from what is published now",
                where="--day",
                todo="leave it out, or ask for a week or a quarter",
            )
        return Span.of_night(last_day)
    span = Span.around(kind, day) if day else Span.ended(kind, last_day)
    if not first_day <= span.last <= last_day:
        raise ConfigError(
            f"{span.name} was not heard to its end: we know {first_day} to {last_day}",
            where=f"--period {kind}",
            todo="choose another day, or wait until it is over",
        )
    return span


def _scores(ask: Ask, span: Span) -> Scores:
    found: dict[tuple[Period, str, str], Score] = {}
    for row in ask(queries.scores(span.grain, [span.first, span.before.first])):
        period: Period = "now" if row["period_start"] == span.first else "before"
        if row["period_grain"] == "all":
            period = "all"
        found[period, row["organisation"], row["measure"]] = score_of(row)
    return found


def score_of(row: Mapping[str, Any]) -> Score:
    """A row of the scorecard, or of a mart with its columns, as a score.

    Only the scorecard has a coverage.
    """
    return Score(
        value=row["value"],
        numerator=row["numerator"],
        denominator=row["denominator"],
        low=row["low"],
        high=row["high"],
        coverage=row.get("coverage"),
        too_few=row["too_few"],
    )
