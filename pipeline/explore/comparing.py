"""Two columns of the scorecard beside each other, and how sure the difference is."""

from __future__ import annotations

import csv
import math
from collections.abc import Container, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

import msgspec

from pipeline.explore.published import Night
from pipeline.explore.questions import Period, listened, periods, scores
from pipeline.models import PROJECT

_CATALOGUE: Final = PROJECT / "seeds" / "measure_catalogue.csv"


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """A measure by name: its unit, and its definition in each language."""

    name: str
    unit: str
    definitions: Mapping[str, str]


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """Whose scorecard, over which period."""

    organisation: str
    grain: str
    start: date


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """One measure on both sides; the difference is the other minus the one.

    ``low`` and ``high`` are its 95% interval; None where there is none.
    """

    measure: Measure
    one: Mapping[str, Any] | None
    other: Mapping[str, Any] | None
    difference: float | None
    low: float | None
    high: float | None

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


@lru_cache(maxsize=1)
def catalogue() -> tuple[Measure, ...]:
    """Every measure, in the order of the catalogue."""
    with _CATALOGUE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Measure(
                name=row["measure"],
                unit=row["unit"],
                definitions={"en": row["definition_en"], "nl": row["definition_nl"]},
            )
            for row in csv.DictReader(file)
        )


def compare(night: Night, one: Side, other: Side, platform: str) -> list[Comparison]:
    """Every measure that either side has.

    Sides that share posts (a month and the quarter around it) get no interval: it is for two
    samples apart.
    """
    is_apart = one.organisation != other.organisation or (
        one.grain == other.grain and one.start != other.start
    )
    found = [
        scores(night, side.organisation, platform, side.grain, side.start) for side in (one, other)
    ]
    return [
        _compared(
            measure, found[0].get(measure.name), found[1].get(measure.name), is_apart=is_apart
        )
        for measure in catalogue()
        if measure.name in found[0] or measure.name in found[1]
    ]


def read_sides(asked: Mapping[str, str], night: Night, platform: str = "all") -> tuple[Side, Side]:
    """The two sides an address asks for; else two periods of one company, or one of two."""
    known = periods(night)
    names = night.about.organisations
    is_of_two = asked.get("other", names[0]) in names and asked.get("one", names[0]) != asked.get(
        "other", names[0]
    )
    fit = _fit_to_compare(known, listened(night, names[0], platform), 1 if is_of_two else 2)
    fallbacks = (fit[0 if is_of_two else min(1, len(fit) - 1)], fit[0])
    sides = []
    for prefix, fallback in zip(("one", "other"), fallbacks, strict=True):
        organisation = asked.get(prefix, "")
        grain, _, start = asked.get(f"{prefix}_period", "").partition(":")
        chosen = next(
            (each for each in known if (each[0], each[1].isoformat()) == (grain, start)), fallback
        )
        sides.append(
            Side(
                organisation=organisation if organisation in names else names[0],
                grain=chosen[0],
                start=chosen[1],
            )
        )
    return sides[0], sides[1]


def _fit_to_compare(
    known: Sequence[Period], listened_to: Container[Period], wanted: int
) -> Sequence[Period]:
    """Months, newest first, that hold less than others for no reason of ours; else weeks.

    The newest is seldom over. Where neither has as many as are wanted of which most was collected,
    as in the first weeks, months are taken as they are.
    """
    by_grain = {grain: [each for each in known if each[0] == grain] for grain in ("month", "week")}
    over = {grain: found[1:] if len(found) > 2 else found for grain, found in by_grain.items()}
    for found in over.values():
        whole = [each for each in found if each in listened_to]
        if len(whole) >= wanted:
            return whole
    return over["month"] or known or [("all", date.min)]


def _compared(
    measure: Measure,
    one: Mapping[str, Any] | None,
    other: Mapping[str, Any] | None,
    *,
    is_apart: bool,
) -> Comparison:
    difference = low = high = None
    if one is not None and other is not None and _is_shown(one) and _is_shown(other):
        difference = other["value"] - one["value"]
        if is_apart and all(
            side[bound] is not None for side in (one, other) for bound in ("low", "high")
        ):
            low, high = interval(
                (one["value"], one["low"], one["high"]),
                (other["value"], other["low"], other["high"]),
            )
    return Comparison(
        measure=measure, one=one, other=other, difference=difference, low=low, high=high
    )


def interval(
    one: tuple[float, float, float], other: tuple[float, float, float]
) -> tuple[float, float]:
    """Newcombe's interval of other minus one, from the interval of each (1998, method 10).

    Args:
        one: value, lower and upper bound.
        other: the same of the other, of other posts.
    """
    value, low, high = one
    other_value, other_low, other_high = other
    difference = other_value - value
    return (
        difference - math.hypot(other_value - other_low, high - value),
        difference + math.hypot(other_high - other_value, value - low),
    )


def _is_shown(row: Mapping[str, Any]) -> bool:
    return row["value"] is not None and not row["too_few"]
