"""The pictures as Altair charts: each a function of its rows and the width it is drawn for.

Rows are plain mappings with fixed column names; texts of others are values in them, never names,
formats or expressions. Colours are stand-ins of ``palette``.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pipeline.report.drawing import Size
from pipeline.report.palette import DASHES, stand_in, stand_ins
from pipeline.report.words import Words

Rows = Sequence[Mapping[str, Any]]
Form = Literal["share", "ratio", "index"]


def data(rows: Rows) -> Any:
    """The rows, as values inside the chart; a tuple, for Altair copies lists at every step."""
    import altair as alt

    return alt.Data(values=tuple(dict(row) for row in rows))


def framed(chart: Any, size: Size, height: int) -> Any:
    """The chart at the width it is drawn for, axes included."""
    import altair as alt

    return chart.properties(
        width=size.width,
        height=height,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding={"left": 2, "right": 10, "top": 6, "bottom": 2},
    )


def labels(texts: Mapping[str, str]) -> str:
    """A label for each value of an axis; keys and labels are our own, never others' words."""
    return f"{json.dumps(dict(texts))}[datum.value]"


def day_axis(days: Sequence[date], size: Size, words: Words) -> Any:
    """An axis of days with a few of them named, the last one always."""
    import altair as alt

    every = max(1, math.ceil(len(days) / (4 if size.is_narrow else 8)))
    shown = list(days)[::-1][::every][::-1]
    texts = {each.isoformat(): words.short_day(each) for each in shown}
    return alt.Axis(
        values=list(texts), labelExpr=labels(texts), title=None, labelAngle=0, labelOverlap=True
    )


def name_axis(names: Sequence[str], limit: int = 200) -> Any:
    """An axis of names (cut at ``limit`` pixels), with room for a wider letter."""
    import altair as alt

    room = min(limit, 7 * max(map(len, names), default=1))
    return alt.Axis(
        title=None,
        labelColor=stand_in("ink"),
        labelLimit=limit,
        minExtent=room,
        grid=False,
        labelPadding=8,
    )


def count_axis(title: str | None, span: int) -> Any:
    """An axis of whole numbers, ``span`` from end to end; below zero they are counts too."""
    import altair as alt

    return alt.Axis(
        title=title,
        labelExpr="format(abs(datum.value), ',d')",
        # the renderer minds no smallest step: with more marks than numbers it writes some twice
        tickCount=max(1, min(4, span)),
        titleY=-12,
        titleX=0,
    )


def share_axis(title: str | None) -> Any:
    """An axis of percentages."""
    import altair as alt

    return alt.Axis(title=title, format=".0%", tickCount=4, titleY=-12, titleX=0)


def stacked_days(
    rows: Rows,
    days: Sequence[date],
    kinds: Sequence[tuple[str, str]],
    title: str,
    words: Words,
    size: Size,
) -> Any:
    """Bars a day or week, stacked by kind; counts below zero stand under the line.

    Args:
        rows: day (ISO), kind, count.
        days: every day of the axis, silent ones too.
        kinds: kind and colour, from the line outwards.
        title: of the vertical axis.
        words: the language.
        size: what it is drawn for.
    """
    import altair as alt

    order = {kind: number for number, (kind, _) in enumerate(kinds)}
    ranked = [{**row, "rank": order[row["kind"]]} for row in rows]
    bars = (
        alt.Chart(data(ranked))
        .mark_bar(stroke=stand_in("paper"), strokeWidth=0.5)
        .encode(
            x=alt.X(
                "day:O",
                axis=day_axis(days, size, words),
                scale=alt.Scale(domain=[each.isoformat() for each in days], paddingInner=0.15),
            ),
            y=alt.Y("count:Q", axis=count_axis(title, _span(rows)), stack="zero"),
            color=alt.Color(
                "kind:N",
                legend=None,
                scale=alt.Scale(
                    domain=[kind for kind, _ in kinds],
                    range=stand_ins([colour for _, colour in kinds]),
                ),
            ),
            order=alt.Order("rank:Q"),
        )
    )
    zero = (
        alt.Chart(data([{"zero": 0}]))
        .mark_rule(color=stand_in("muted"), strokeWidth=1)
        .encode(y="zero:Q")
    )
    return framed(bars + zero, size, 220)


def lines(
    rows: Rows,
    days: Sequence[date],
    series: Sequence[tuple[str, str]],
    title: str,
    words: Words,
    size: Size,
    *,
    form: Form,
    reference: float | None = None,
) -> Any:
    """A line with points for each name, broken where there are too few posts.

    Args:
        rows: day (ISO), name, value (None where there are too few).
        days: the end of every window along the axis.
        series: name and colour, the one that matters most first.
        title: of the vertical axis.
        words: the language.
        size: what it is drawn for.
        form: whether the values are shares (0-1), ratios, or an index that ends at 1.
        reference: where a line across marks a published or natural figure.
    """
    import altair as alt

    axis = (
        share_axis(title)
        if form == "share"
        else alt.Axis(title=title, tickCount=4, titleY=-12, titleX=0)
    )
    highest = max((row["value"] for row in rows if row["value"] is not None), default=0.0)
    top = max(1.2, highest * 1.1) if form == "ratio" else min(1.0, max(0.25, highest * 1.1))
    layers = _reference(reference) if reference is not None else []
    for is_own in (False, True):
        drawn = [row for row in rows if (row["name"] == series[0][0]) is is_own]
        shared = alt.Chart(data(drawn)).encode(
            x=alt.X(
                "day:O",
                axis=day_axis(days, size, words),
                scale=alt.Scale(domain=[each.isoformat() for each in days]),
            ),
            y=alt.Y("value:Q", axis=axis, scale=alt.Scale(domain=[0, top], nice=True)),
            color=series_colour(series),
        )
        line = shared.mark_line(strokeWidth=3.5 if is_own else 1.75)
        layers.append(line.encode(strokeDash=series_dash(series)))
        layers.append(shared.mark_point(filled=True, size=50 if is_own else 24, opacity=1))
    return framed(alt.layer(*layers), size, 220)


def _span(rows: Rows) -> int:
    """From the deepest stack of a day to the highest."""
    above: Counter[str] = Counter()
    below: Counter[str] = Counter()
    for row in rows:
        (above if row["count"] > 0 else below)[row["day"]] += abs(int(row["count"]))
    return max(above.values(), default=0) + max(below.values(), default=0)


def series_dash(series: Sequence[tuple[str, str]]) -> Any:
    """Each organisation its own dashes, for whoever does not see the colours."""
    import altair as alt

    dashes = [list(DASHES[number % len(DASHES)]) for number in range(len(series))]
    return alt.StrokeDash(
        "name:N",
        legend=None,
        scale=alt.Scale(domain=[name for name, _ in series], range=dashes),
    )


def series_colour(series: Sequence[tuple[str, str]], field: str = "name") -> Any:
    """Each name its own colour, without a legend: the page writes that itself."""
    import altair as alt

    return alt.Color(
        f"{field}:N",
        legend=None,
        scale=alt.Scale(
            domain=[name for name, _ in series],
            range=stand_ins([colour for _, colour in series]),
        ),
    )


def _reference(value: float) -> list[Any]:
    import altair as alt

    rule = alt.Chart(data([{"reference": value}])).mark_rule(
        color=stand_in("muted"), strokeDash=[2, 4], strokeWidth=1.25
    )
    return [rule.encode(y="reference:Q")]
