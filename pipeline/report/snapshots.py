"""The pictures of a state rather than a course: coverage, response rates, the curve, who waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from pipeline.report.charts import (
    Rows,
    count_axis,
    data,
    day_axis,
    framed,
    labels,
    name_axis,
    series_colour,
    series_dash,
    share_axis,
)
from pipeline.report.drawing import Size
from pipeline.report.palette import stand_in, stand_ins
from pipeline.report.words import DAY, HOUR, MINUTE, Words

COVER: Final = ("cover-0", "cover-1", "cover-2", "cover-3")
CURVE_MARKS: Final = (MINUTE, 10 * MINUTE, HOUR, 4 * HOUR, DAY, 7 * DAY, 28 * DAY)
NARROW_MARKS: Final = (MINUTE, HOUR, DAY, 7 * DAY)


def coverage_strip(
    rows: Rows, days: Sequence[date], sources: Sequence[str], words: Words, size: Size
) -> Any:
    """A square for each source and day, darker the more of the day was covered.

    Args:
        rows: source, day (ISO), level (0-3), is_silent.
        days: every day of the axis.
        sources: from top to bottom.
        words: the language.
        size: what it is drawn for.
    """
    import altair as alt

    source = alt.Y(
        "source:N",
        sort=None,
        scale=alt.Scale(domain=list(sources)),
        axis=name_axis(sources, 100 if size.is_narrow else 180),
    )
    day = alt.X(
        "day:O",
        axis=day_axis(days, size, words),
        scale=alt.Scale(domain=[each.isoformat() for each in days], paddingInner=0.12),
    )
    squares = (
        alt.Chart(data(rows))
        .mark_rect(cornerRadius=2, height={"band": 0.72})
        .encode(
            x=day,
            y=source,
            color=alt.Color(
                "level:O",
                legend=None,
                scale=alt.Scale(domain=[0, 1, 2, 3], range=stand_ins(list(COVER))),
            ),
        )
    )
    silent = (
        alt.Chart(data([row for row in rows if row["is_silent"]]))
        .mark_text(text="!", fontWeight="bold", color=stand_in("warning"))
        .encode(x=day, y=source)
    )
    return framed(alt.layer(squares, silent), size, 26 * len(sources))


def response_ranges(
    rows: Rows,
    windows: Sequence[str],
    series: Sequence[tuple[str, str]],
    size: Size,
) -> Any:
    """For each window the share answered: a dot an organisation, with its 95% interval.

    Args:
        rows: window (label), name, value, low, high, is_own, shown (value as text).
        windows: labels from top to bottom.
        series: name and colour, the own organisation first.
        size: what it is drawn for.
    """
    import altair as alt

    names = [name for name, _ in series]
    base = alt.Chart(data(rows)).encode(
        y=alt.Y(
            "window:N",
            sort=None,
            scale=alt.Scale(domain=list(windows)),
            axis=name_axis(windows),
        ),
        yOffset=alt.YOffset("name:N", sort=None, scale=alt.Scale(domain=names, paddingOuter=0.5)),
        color=series_colour(series),
    )
    share = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(title=None, format=".0%", values=[0, 0.25, 0.5, 0.75, 1], grid=True),
    )
    interval = base.mark_rule(strokeWidth=5, strokeCap="round", opacity=0.35).encode(
        x=alt.X("low:Q", scale=alt.Scale(domain=[0, 1])), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(x=share)
    figures = (
        base.transform_filter("datum.is_own")
        .mark_text(dy=-13, fontWeight="bold")
        .encode(x=share, text="shown:N", color=alt.value(stand_in("ink")))
    )
    height = len(windows) * max(40, 18 * len(names) + 12)
    return framed(alt.layer(interval, dots, figures), size, height)


def answer_curve(
    rows: Rows, series: Sequence[tuple[str, str]], median: float | None, words: Words, size: Size
) -> Any:
    """The Kaplan-Meier curve as steps: which share has an answer within how long.

    Args:
        rows: name, seconds, share.
        series: name and colour, the own organisation first.
        median: seconds within which the own organisation answers half; None when it never does.
        words: the language.
        size: what it is drawn for.
    """
    import altair as alt

    marks = NARROW_MARKS if size.is_narrow else CURVE_MARKS
    longest = max([row["seconds"] for row in rows], default=DAY)
    end = max(DAY, min(longest, 28 * DAY))
    shown = [mark for mark in marks if mark <= end]
    axis = alt.Axis(
        title=None,
        values=shown,
        labelExpr=labels({str(mark): words.duration(mark) for mark in shown}),
        grid=True,
        labelOverlap=True,
    )
    clamped = [
        {**row, "seconds": max(row["seconds"], MINUTE)} for row in rows if row["seconds"] <= end
    ]
    scale = alt.Scale(type="log", domain=[MINUTE, end], clamp=True, nice=False)
    steps = [
        _steps(
            [row for row in clamped if (row["name"] == series[0][0]) is is_own], is_own=is_own
        ).encode(
            x=alt.X(
                "seconds:Q",
                axis=axis,
                scale=scale,
            ),
            y=alt.Y(
                "share:Q",
                scale=alt.Scale(domain=[0, 1]),
                axis=share_axis(words.say("share that has an answer")),
            ),
            color=series_colour(series),
            strokeDash=series_dash(series),
        )
        for is_own in (False, True)
    ]
    half = alt.Chart(data([{"half": 0.5}])).mark_rule(
        color=stand_in("muted"), strokeDash=[2, 4], strokeWidth=1.25
    )
    layers = [half.encode(y="half:Q"), *steps]
    if median is not None and MINUTE <= median <= end:
        dot = alt.Chart(data([{"seconds": median, "share": 0.5}])).mark_point(
            filled=True, size=120, color=stand_in("own"), opacity=1
        )
        layers.append(dot.encode(x="seconds:Q", y="share:Q"))
    return framed(alt.layer(*layers), size, 240)


def _steps(rows: Rows, *, is_own: bool) -> Any:
    import altair as alt

    return alt.Chart(data(rows)).mark_line(
        interpolate="step-after", strokeWidth=3 if is_own else 1.75
    )


def waiting_bands(
    rows: Rows, bands: Sequence[str], needs: Sequence[tuple[str, str]], words: Words, size: Size
) -> Any:
    """How many people wait, by how long and for what.

    Args:
        rows: band (label), need (label), count.
        bands: labels from short to long.
        needs: need and colour.
        words: the language.
        size: what it is drawn for.
    """
    import altair as alt

    order = {need: number for number, (need, _) in enumerate(needs)}
    ranked = [{**row, "rank": order[row["need"]]} for row in rows]
    totals = {band: sum(row["count"] for row in rows if row["band"] == band) for band in bands}
    band_axis = alt.Y(
        "band:N",
        sort=None,
        scale=alt.Scale(domain=list(bands)),
        axis=name_axis(bands),
    )
    bars = (
        alt.Chart(data(ranked))
        .mark_bar(height={"band": 0.6}, stroke=stand_in("paper"), strokeWidth=0.5)
        .encode(
            x=alt.X(
                "count:Q", axis=count_axis(None, max(totals.values(), default=0)), stack="zero"
            ),
            y=band_axis,
            color=series_colour(needs, field="need"),
            order=alt.Order("rank:Q"),
        )
    )
    shown = [
        {"band": band, "total": total, "shown": words.number(total)}
        for band, total in totals.items()
    ]
    figures = (
        alt.Chart(data(shown))
        .mark_text(align="left", dx=6, fontWeight="bold")
        .encode(x="total:Q", y=band_axis, text="shown:N")
    )
    return framed(alt.layer(bars, figures), size, 38 * len(bands))
