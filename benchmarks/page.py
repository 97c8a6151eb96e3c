"""docs/performance.md: what the harness measured, between its two marks; the rest is by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.stages import STAGES, Stage

if TYPE_CHECKING:
    from benchmarks.harness import Pair, Run

DOCS: Final = Path(__file__).parent.parent / "docs"
BEGIN: Final = "<!-- measured: begin -->"
END: Final = "<!-- measured: end -->"
NIGHT: Final = ("land", "load", "match", "models, first", "publish", "report")
"""Stages that come once each in a first night, for all posts."""
FOR_EACH: Final = ("decode", "all reading")
"""Those that are told for one post or text."""
COLUMNS: Final = (
    *("stage", "seconds", "floor", "ratio", "by processor", "before", "peak MB", "written MB"),
    "the floor is",
)

LEAST_SECONDS: Final = 0.05
"""A statement that is quicker says nothing by its ratio."""


def write_page(runs: dict[int, Run], before: dict[int, Run]) -> None:
    """Write the measured part of the page and its picture.

    Raises:
        ValueError: the page has lost its marks.
    """
    page = DOCS / "performance.md"
    text = page.read_text("utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"{page.name} needs the lines {BEGIN} and {END}, once each")
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    parts = [part for size in sorted(runs) for part in _told(runs[size], before.get(size))]
    page.write_text("\n".join([head + BEGIN, "", *parts, END]) + tail, "utf-8")
    picture(runs, DOCS / "performance.svg")


def _told(run: Run, before: Run | None) -> list[str]:
    rows = [
        f"## {run.posts:,} posts",
        "",
        f"Seen on {run.day} on {run.cores} cores: `python -m benchmarks --posts {run.posts}`.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        f"|---|{'--:|' * (len(COLUMNS) - 2)}---|",
    ]
    for stage in STAGES:
        pair = run.stages.get(stage.name)
        if pair is not None:
            former = before.stages.get(stage.name) if before else None
            rows.append(_row(stage, pair, former))
    return [*rows, "", *_sum(run), *_models(run)]


def _row(stage: Stage, pair: Pair, former: Pair | None) -> str:
    per_unit = pair.ours.units != pair.floor.units or stage.name in FOR_EACH
    ours, least = (
        (f"{pair.ours.microseconds:.1f} µs each", f"{pair.floor.microseconds:.1f} µs each")
        if per_unit
        else (f"{pair.ours.seconds:.2f}", f"{pair.floor.seconds:.2f}")
    )
    was = f"{former.ratio:.2f}" if former else ""
    written = pair.ours.written_megabytes
    processor = "" if stage.has_helpers else f"{pair.processor_ratio:.2f}"
    return (
        f"| {stage.name} | {ours} | {least} | {pair.ratio:.2f} | {processor} | {was} | "
        f"{pair.ours.peak_megabytes:,.0f} | {'' if written is None else f'{written:,.0f}'} | "
        f"{stage.floor} |"
    )


def _sum(run: Run) -> list[str]:
    if not run.stages.keys() >= {*NIGHT, *FOR_EACH}:
        return []
    ours, floor = (sum(_seconds(run, name)[side] for name in NIGHT) for side in (0, 1))
    each = [_seconds(run, name) for name in FOR_EACH]
    whole, floors = ours + sum(told for told, _ in each), floor + sum(told for _, told in each)
    without = (
        f"From posts to report without reading texts ({', '.join(NIGHT)}): {ours:.1f} s, "
        f"{ours / floor:.2f} times the sum of the floors ({floor:.1f} s)."
    )
    with_all = (
        f"A whole night, every post decoded and with a text of its own to be read (these and "
        f"{' and '.join(FOR_EACH)}): {whole:.1f} s, {whole / floors:.2f} times the sum of the "
        f"floors ({floors:.1f} s)."
    )
    return [without, "", with_all, ""]


def _seconds(run: Run, name: str) -> tuple[float, float]:
    """What a stage takes for all posts of a run, and its floor."""
    pair = run.stages[name]
    if name not in FOR_EACH:
        return pair.ours.seconds, pair.floor.seconds
    return pair.ours.microseconds * run.posts / 1e6, pair.floor.microseconds * run.posts / 1e6


def _models(run: Run) -> list[str]:
    if not run.models:
        return []
    dearest = sorted(run.models, key=lambda name: -run.models[name])
    total = sum(run.models.values())
    told = (
        f"Each of the {len(run.models)} models in the first build, the dearest first, of "
        f"{total:.1f} s in all (two at a time), beside its statement alone in plain DuckDB (one at "
        "a time); those without are in Python:"
    )
    return [
        told,
        "",
        "| model | seconds | plain | ratio |",
        "|---|--:|--:|--:|",
        *(_model(name, run.models[name], run.plain_models.get(name)) for name in dearest),
        "",
    ]


def _model(name: str, seconds: float, plain: float | None) -> str:
    if plain is None:
        return f"| `{name}` | {seconds:.2f} | | |"
    ratio = f"{seconds / plain:.1f}" if plain >= LEAST_SECONDS else ""
    return f"| `{name}` | {seconds:.2f} | {plain:.2f} | {ratio} |"


def picture(runs: dict[int, Run], path: Path) -> None:
    """How many times its floor each stage takes, for each size, as an SVG."""
    import altair as alt
    import vl_convert

    order = [stage.name for stage in STAGES]
    rows: list[dict[str, Any]] = [
        {"stage": name, "ratio": round(pair.ratio, 3), "posts": f"{size:,}"}
        for size, run in sorted(runs.items())
        for name, pair in run.stages.items()
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("ratio:Q", scale=alt.Scale(type="log"), title="times the floor (1 = equal)"),
        y=alt.Y("stage:N", sort=order, title=None),
        color=alt.Color("posts:N", title="posts"),
        shape=alt.Shape("posts:N", title="posts"),
    )
    line = alt.Chart(alt.Data(values=[{"one": 1}])).mark_rule(strokeDash=[4, 3]).encode(x="one:Q")
    chart = (base.mark_point(filled=True, size=90) + line).properties(width=520, height=360)
    path.write_text(vl_convert.vegalite_to_svg(chart.to_json()), "utf-8")
