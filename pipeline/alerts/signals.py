"""What there is to say: the night, peaks, late complaints, sources in trouble, broken promises.

Peaks and sources come from the published file, where texts of people are masked; what only the
private database knows (who waits, when a post was first seen) is read from there.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline.alerts.peaks import PEAK_DAYS, Peak, find_peaks
from pipeline.alerts.promises import Broken, find_broken
from pipeline.alerts.settings import Kind
from pipeline.alerts.sources import Trouble, find_trouble
from pipeline.analysis import asking
from pipeline.inbox import Waiting, read_inbox
from pipeline.ledger import Failing, failing, run_counts
from pipeline.report.archive import ENDED, place
from pipeline.report.facts import Facts
from pipeline.report.facts import gather as gather_facts
from pipeline.report.headlines import tiles
from pipeline.report.span import Span
from pipeline.report.words import Words
from pipeline.warehouse import read_warehouse

if TYPE_CHECKING:
    from pipeline.config import Config

GROWTH: Final = 1.5
"""A peak is worse when it is so many times higher than it was when it was told."""

FAR_PAST: Final = 5.0
"""A complaint is worse when it has waited so many times its target."""

Ask = Callable[[str], list[dict[str, Any]]]


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """The night in a few lines, and the sources that failed in it."""

    night: date
    posts: int
    new_posts: int
    lines: tuple[str, ...]
    failures: tuple[Failing, ...]


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The report of a week or quarter that is over; told with the first digest after it."""

    span: Span
    path: Path


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that may be said: ``key`` stays the same while it lasts, ``level`` rises."""

    kind: Kind
    key: str
    level: int
    about: Digest | Written | Peak | Waiting | Trouble | Broken


class Signals(msgspec.Struct, frozen=True, kw_only=True):
    """All there is to say now about an organisation."""

    organisation: str
    report: str
    found: tuple[Signal, ...]

    def of(self, kind: str) -> list[Signal]:
        """Those of one kind, in order."""
        return [each for each in self.found if each.kind == kind]


def gather(config: Config, now: datetime) -> Signals:
    """Everything that may be said at a moment.

    Raises:
        WarehouseError: nothing is published yet, or a night is at work.
    """
    published = (config.data / "analytics.duckdb").resolve()
    with asking(published) as ask_file:
        return _gather(config, lambda query: ask_file(query).as_dicts(), now)


def _gather(config: Config, ask: Ask, now: datetime) -> Signals:
    words = Words(config.language, config.timezone)
    facts = gather_facts(ask, config.organisation.name)
    report = place(config.data / "reports", facts, config.language, is_own=True)
    return Signals(
        organisation=config.organisation.name,
        report=str(report),
        found=(
            *_digest(config, ask, facts, words),
            *_reports(config, facts),
            *_peaks(config, ask, facts),
            *_complaints(config),
            *_sources(config, ask),
            *_promises(config, now),
        ),
    )


def _digest(config: Config, ask: Ask, facts: Facts, words: Words) -> Iterator[Signal]:
    run_id = facts.run_id or ""
    posts, new_posts, failed = 0, 0, tuple[Failing, ...]()
    with read_warehouse(config.data) as warehouse:
        if warehouse is not None:
            posts, new_posts = run_counts(warehouse.database, run_id)
            failed = tuple(failing(warehouse.database, run_id))
    about = Digest(
        night=facts.last_day,
        posts=posts,
        new_posts=new_posts,
        lines=tuple(tile.sentence for tile in tiles(ask, facts, words)),
        failures=failed,
    )
    yield Signal(kind="digest", key=f"digest:{run_id}", level=1, about=about)


def _reports(config: Config, facts: Facts) -> Iterator[Signal]:
    for kind in ENDED:
        span = Span.ended(kind, facts.last_day)
        of_it = msgspec.structs.replace(facts, span=span)
        path = place(config.data / "reports", of_it, config.language, is_own=True)
        if path.exists():
            about = Written(span=span, path=path)
            yield Signal(kind="digest", key=f"report:{span.name}", level=1, about=about)


def _peaks(config: Config, ask: Ask, facts: Facts) -> Iterator[Signal]:
    newest = facts.last_day
    oldest = newest - timedelta(days=PEAK_DAYS - 1)
    for peak in find_peaks(config.data, ask, facts.organisation, oldest, newest):
        times = peak.volume / max(1.0, peak.expected)
        level = 1 + max(0, math.floor(math.log(times, GROWTH))) if times > 0 else 1
        yield Signal(kind="peak", key=f"peak:{peak.began.isoformat()}", level=level, about=peak)


def _complaints(config: Config) -> Iterator[Signal]:
    told = read_inbox(config.data, config.organisation.name, config.inbox)
    for each in told.waiting:
        if each.is_late and each.need in {"fault", "complaint"}:
            yield Signal(
                kind="complaint",
                key=f"complaint:{each.key}",
                level=2 if _age(each) > FAR_PAST * each.target_hours else 1,
                about=each,
            )


def _age(each: Waiting) -> float:
    return each.clock_hours if each.open_hours is None else each.open_hours


def _sources(config: Config, ask: Ask) -> Iterator[Signal]:
    for trouble in find_trouble(config.data, ask):
        digest = hashlib.sha256(trouble.source.encode()).hexdigest()[:16]
        key = f"source:{digest}:{trouble.trouble}"
        yield Signal(kind="source", key=key, level=1, about=trouble)


def _promises(config: Config, now: datetime) -> Iterator[Signal]:
    for broken in find_broken(config, now):
        yield Signal(kind="retention", key=f"retention:{broken.what}", level=1, about=broken)
