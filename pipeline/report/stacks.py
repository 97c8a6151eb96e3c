"""Bars of what there was each day or week, by kind, with the key that tells the kinds apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from pipeline.report import charts
from pipeline.report.drawing import Drawing, draw
from pipeline.report.story import Key
from pipeline.report.words import Words


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """The picture and its key; neither where there is nothing to draw."""

    drawing: Drawing | None = None
    legend: tuple[Key, ...] = ()


def stack(
    key: str,
    title: str,
    sentences: Sequence[str],
    *,
    rows: Sequence[Mapping[str, Any]],
    days: Sequence[date],
    kinds: Sequence[tuple[str, str]],
    counted: str,
    words: Words,
) -> Stack:
    """Bars a day or week, stacked by kind.

    Args:
        key: of the figure.
        title: of the figure.
        sentences: what the picture says, for who cannot see it.
        rows: day (ISO), kind, count; counts below zero stand under the line.
        days: every day of the axis, silent ones too.
        kinds: kind and colour, from the line outwards.
        counted: what is counted, on the vertical axis.
        words: the language.
    """
    if not any(row["count"] for row in rows):
        return Stack()
    drawing = draw(
        lambda size: charts.stacked_days(rows, days, kinds, counted, words, size),
        key,
        title,
        " ".join(sentences),
        words,
    )
    return Stack(
        drawing=drawing, legend=tuple(Key(label=label, colour=colour) for label, colour in kinds)
    )
