"""The pictures that set shares side by side: how a whole is made up, and two shares of each use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pipeline.report.charts import Rows, data, framed, name_axis, series_colour
from pipeline.report.drawing import Size
from pipeline.report.palette import stand_in

ROOM_FOR_FIGURE: Final = {True: 0.13, False: 0.06}
ON_DARK: Final = frozenset({"listening", "sending", "own"})


def mixes(rows: Rows, names: Sequence[str], kinds: Sequence[tuple[str, str]], size: Size) -> Any:
    """A bar to 100% for each name, cut into kinds.

    Args:
        rows: name, kind, share (0-1), shown (the share as text).
        names: from top to bottom.
        kinds: kind and colour, from left to right.
        size: what it is drawn for.
    """
    import altair as alt

    place = {kind: number for number, (kind, _) in enumerate(kinds)}
    name = alt.Y(
        "name:N",
        sort=None,
        scale=alt.Scale(domain=list(names)),
        axis=name_axis(names, 110 if size.is_narrow else 180),
    )
    axis = alt.Axis(title=None, format=".0%", values=[0, 0.25, 0.5, 0.75, 1])
    scale = alt.Scale(domain=[0, 1])
    placed = sorted(_placed(rows, names, place), key=lambda row: place[row["kind"]])
    bars = (
        alt.Chart(data(placed))
        .mark_bar(height={"band": 0.62}, stroke=stand_in("paper"), strokeWidth=1)
        .encode(
            x=alt.X("from:Q", axis=axis, scale=scale),
            x2="to:Q",
            y=name,
            color=series_colour(kinds, field="kind"),
        )
    )
    dark = {kind for kind, colour in kinds if colour in ON_DARK}
    figures = [
        alt.Chart(
            data(
                [
                    row
                    for row in placed
                    if row["share"] >= ROOM_FOR_FIGURE[size.is_narrow]
                    and (row["kind"] in dark) is is_dark
                ]
            )
        )
        .mark_text(fontWeight="bold", color=stand_in("paper" if is_dark else "ink"))
        .encode(x=alt.X("middle:Q", scale=scale), y=name, text="shown:N")
        for is_dark in (True, False)
    ]
    return framed(alt.layer(bars, *figures), size, 44 * len(names) + 20)


def _placed(rows: Rows, names: Sequence[str], place: dict[str, int]) -> list[dict[str, Any]]:
    placed = []
    for name in names:
        begin = 0.0
        own = [row for row in rows if row["name"] == name]
        for row in sorted(own, key=lambda each: place[each["kind"]]):
            end = begin + row["share"]
            placed.append({**row, "from": begin, "to": end, "middle": (begin + end) / 2})
            begin = end
    return placed


def pairs(rows: Rows, names: Sequence[str], sides: Sequence[tuple[str, str]], size: Size) -> Any:
    """Two bars for each name, one beside the other, with their figures.

    Args:
        rows: name, side, share (0-1), shown (the share as text).
        names: from top to bottom.
        sides: side and colour.
        size: what it is drawn for.
    """
    import altair as alt

    highest = max((row["share"] for row in rows), default=0.0)
    top = min(1.0, max(0.25, highest * 1.15))
    base = alt.Chart(data(rows)).encode(
        y=alt.Y(
            "name:N",
            sort=None,
            scale=alt.Scale(domain=list(names), paddingInner=0.3),
            axis=name_axis(names, 150 if size.is_narrow else 200),
        ),
        yOffset=alt.YOffset(
            "side:N", sort=None, scale=alt.Scale(domain=[each for each, _ in sides])
        ),
    )
    share = alt.X(
        "share:Q",
        scale=alt.Scale(domain=[0, top]),
        axis=alt.Axis(title=None, format=".0%", tickCount=4, grid=True),
    )
    bars = base.mark_bar().encode(x=share, color=series_colour(sides, field="side"))
    figures = base.mark_text(align="left", dx=5).encode(
        x=share, text="shown:N", color=alt.value(stand_in("ink"))
    )
    return framed(alt.layer(bars, figures), size, 46 * len(names))
