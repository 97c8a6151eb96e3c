"""Who was answered and after how long (measures.md, section 3.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from pipeline.world.hours import Desk
from pipeline.world.shape import NEEDS_RESPONSE, Said
from pipeline.world.truth.scope import Scope

WINDOWS: Final = {
    "1h": timedelta(hours=1),
    "4h": timedelta(hours=4),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """An addressed post and what became of it.

    ``open_seconds`` is its time until the answer, or until nobody looked any more, in opening
    hours.
    """

    said: Said
    answered_at: datetime | None
    starts_clock: bool
    open_seconds: float

    @property
    def needs_response(self) -> bool:
        """Whether it asks, complains or requests."""
        return bool(self.said.intents & NEEDS_RESPONSE)

    def seconds(self, through: datetime) -> float:
        """Until the answer, or until nobody looked any more."""
        return ((self.answered_at or through) - self.said.at).total_seconds()


def asked(scope: Scope) -> list[Asked]:
    """Every addressed post with its first owned reply below it, in order of time."""
    addressed = scope.having("addressed")
    answers = {each.number: owned_below(scope, each) for each in addressed}
    clocks = _clocks(scope, addressed, answers)
    world = scope.seen.world
    desk = Desk(world.opening_hours, world.timezone)
    found: list[Asked] = []
    for each in addressed:
        answered_at = answers[each.number][0].at if answers[each.number] else None
        found.append(
            Asked(
                said=each,
                answered_at=answered_at,
                starts_clock=each.number in clocks,
                open_seconds=desk.open_seconds(each.at, answered_at or scope.seen.as_of),
            )
        )
    return found


def owned_below(scope: Scope, said: Said) -> list[Said]:
    """Owned replies anywhere below a post and after it, the first one first."""
    found = [
        each for each in scope.seen.below(said) if scope.is_owned(each.author) and each.at > said.at
    ]
    return sorted(found, key=lambda each: each.number)


def _clocks(
    scope: Scope, addressed: Sequence[Said], answers: Mapping[int, Sequence[Said]]
) -> set[int]:
    """Posts that start a clock: a person's first in a thread, and the first after each answer."""
    spoken: dict[tuple[int, int], list[Said]] = defaultdict(list)
    for each in addressed:
        spoken[each.author.number, scope.seen.root(each).number].append(each)
    starting: set[int] = set()
    for posts in spoken.values():
        answered = {answer.at for each in posts for answer in answers[each.number]}
        seen: set[int] = set()
        for each in posts:
            answers_before = sum(at < each.at for at in answered)
            if answers_before not in seen:
                seen.add(answers_before)
                starting.add(each.number)
    return starting


def response_measures(
    chosen: Sequence[Asked], through: datetime
) -> Mapping[str, tuple[float | None, float | None]]:
    """(numerator, denominator) of rates and counts, (value, None) of times."""
    clocks = [each for each in chosen if each.starts_clock]
    measures: dict[str, tuple[float | None, float | None]] = {
        "addressed_posts": (len(chosen), None),
        **{
            f"response_rate_{name}": rate(chosen, window, through)
            for name, window in WINDOWS.items()
        },
    }
    needing = [each for each in chosen if each.needs_response]
    measures["needs_response_rate_24h"] = rate(needing, WINDOWS["24h"], through)
    curve = kaplan_meier((each.seconds(through), each.answered_at is not None) for each in clocks)
    measures["first_response_seconds_median"] = (quantile(curve, 0.5), None)
    measures["first_response_seconds_p90"] = (quantile(curve, 0.9), None)
    open_curve = kaplan_meier((each.open_seconds, each.answered_at is not None) for each in clocks)
    measures["first_response_open_seconds_median"] = (quantile(open_curve, 0.5), None)
    waiting = [each for each in chosen if each.needs_response and each.answered_at is None]
    measures["open_queue"] = (len(waiting), None)
    longest = max((each.seconds(through) for each in waiting), default=None)
    measures["oldest_waiting_seconds"] = (longest, None)
    return measures


def rate(chosen: Iterable[Asked], window: timedelta, through: datetime) -> tuple[float, float]:
    """(answered within the window, asked at least that long before nobody looked any more)."""
    matured = [each for each in chosen if each.said.at <= through - window]
    seconds = window.total_seconds()
    answered = [
        each
        for each in matured
        if each.answered_at is not None and each.seconds(through) <= seconds
    ]
    return len(answered), len(matured)


def kaplan_meier(lives: Iterable[tuple[float, bool]]) -> list[tuple[float, float]]:
    """(seconds, share still unanswered) after each answer; unanswered lives are right-censored.

    Kaplan & Meier 1958: the product over answers of 1 - answered / still waiting.
    """
    ordered = sorted(lives)
    waiting = len(ordered)
    survival = 1.0
    curve: list[tuple[float, float]] = []
    for seconds, same in groupby(ordered, key=lambda life: life[0]):
        ends = [answered for _, answered in same]
        if any(ends):
            survival *= 1.0 - sum(ends) / waiting
            curve.append((seconds, survival))
        waiting -= len(ends)
    return curve


def quantile(curve: Iterable[tuple[float, float]], share: float) -> float | None:
    """The first moment by which at least ``share`` are answered; None where it never comes."""
    return next((at for at, survival in curve if survival <= 1.0 - share + 1e-12), None)
