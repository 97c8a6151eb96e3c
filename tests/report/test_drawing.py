"""A drawing is a still picture: hostile texts in it are only texts, and colours are meanings."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest

from pipeline.report import charts, comparisons, snapshots
from pipeline.report.drawing import ATTRIBUTES, ELEMENTS, Size, draw, inert
from pipeline.report.page import style
from pipeline.report.palette import MEANINGS, STAND_INS, stand_in
from pipeline.report.words import Words
from tests.report.hostile import HOSTILE

WORDS = Words("nl")
DAYS = [date(2026, 3, 2) + timedelta(days=number) for number in range(5)]


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def test_what_a_still_picture_does_not_need_is_left_out() -> None:
    svg = f"""<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20">
        <script>alert(1)</script><foreignObject><b/></foreignObject>
        <style>a{{}}</style><image href="http://a.example/x.png"/>
        <g onload="alert(1)" style="x" id="y"><a href="javascript:alert(1)"><text>link</text></a>
        <rect fill="{stand_in("own")}" stroke="#123456" width="3" onclick="alert(1)"/></g></svg>"""

    drawn = inert(svg, "name", "title", "description")

    assert "alert" not in drawn
    assert "http" not in drawn
    assert '<rect width="3" class="f-own s-ink"></rect>' in drawn


def test_title_and_description_name_the_picture() -> None:
    drawn = parsed(inert('<svg width="1" height="1"/>', "a", "<b>&", "said </svg>\x07"))

    assert drawn.get("role") == "img"
    assert drawn.get("aria-labelledby") == "a-title a-description"
    assert [(child.get("id"), child.text) for child in drawn] == [
        ("a-title", "<b>&"),
        ("a-description", "said </svg>"),
    ]


@pytest.mark.fault(50)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_drawn_as_text(text: str) -> None:
    name = f"source {text}"
    rows = [
        {"source": name, "day": day.isoformat(), "level": 3, "is_silent": False} for day in DAYS
    ]

    drawn = draw(
        lambda size: snapshots.coverage_strip(rows, DAYS, [name], WORDS, size),
        "coverage",
        text,
        text,
        WORDS,
    )

    for picture in (drawn.wide, drawn.narrow):
        for element in parsed(picture).iter():
            assert element.tag in ELEMENTS | {"title", "desc"}
            known = ATTRIBUTES | {"class", "fill", "id", "role", "viewBox", "focusable"}
            assert set(element.keys()) <= known | {"aria-labelledby"}
        assert "source" in "".join(parsed(picture).itertext())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_beside_bars_are_text(text: str) -> None:
    name = f"rival {text}"
    parts = [
        {"name": name, "kind": kind, "side": kind, "share": 0.5, "shown": "50%"}
        for kind in ("one", "two")
    ]
    kinds = [("one", "sending"), ("two", "own")]
    for make in (
        lambda size: comparisons.mixes(parts, [name], kinds, size),
        lambda size: comparisons.pairs(parts, [name], kinds, size),
    ):
        drawn = draw(make, "mix", text, text, WORDS)
        for picture in (drawn.wide, drawn.narrow):
            assert {element.tag for element in parsed(picture).iter()} <= (
                ELEMENTS | {"title", "desc"}
            )
            assert "rival" in "".join(parsed(picture).itertext())


def test_a_mix_fills_its_bar_and_says_only_what_fits() -> None:
    shares = {"a": 0.6, "b": 0.01, "c": 0.39}
    rows = [
        {"name": "us", "kind": kind, "share": share, "shown": f"{share:.0%}"}
        for kind, share in shares.items()
    ]
    kinds = [("a", "sending"), ("b", "reaching"), ("c", "context")]
    drawn = parsed(
        draw(
            lambda size: comparisons.mixes(rows, ["us"], kinds, size),
            "mix",
            "titel",
            "uitleg",
            WORDS,
        ).wide
    )

    told = [element.text for element in drawn.iter("text")]
    assert "60%" in told
    assert "39%" in told
    assert "1%" not in told
    widths = {
        str(element.get("class")).split()[0]: float(found[1])
        for element in drawn.iter("path")
        if (found := re.match(r"M[\d.]+,[\d.]+h([\d.]+)", element.get("d", "")))
    }
    total = widths["f-sending"] + widths["f-reaching"] + widths["f-context"]
    assert widths["f-sending"] / total == pytest.approx(0.6, abs=0.01)


def test_labels_along_the_axes_are_in_the_language() -> None:
    rows = [{"day": day.isoformat(), "kind": "a", "count": 1500} for day in DAYS]
    chart = draw(
        lambda size: charts.stacked_days(rows, DAYS, [("a", "own")], "berichten", WORDS, size),
        "volume",
        "titel",
        "uitleg",
        WORDS,
    )

    told = "".join(parsed(chart.wide).itertext())
    assert "6 mrt" in told
    assert "1.500" in told
    assert "berichten" in told


def test_counts_below_the_line_are_counts() -> None:
    rows = [{"day": day.isoformat(), "kind": "a", "count": -40} for day in DAYS]
    drawn = draw(
        lambda size: charts.stacked_days(rows, DAYS, [("a", "own")], "n", WORDS, size),
        "volume",
        "titel",
        "uitleg",
        WORDS,
    )

    labels = [element.text for element in parsed(drawn.wide).iter() if element.tag == "text"]
    assert "40" in labels
    assert not [label for label in labels if label and ("-" in label or "−" in label)]


@pytest.mark.parametrize(
    ("highest", "lowest", "expected"),
    [(1, 0, ["0", "1"]), (2, 0, ["0", "1", "2"]), (1, -1, ["1", "0", "1"]), (3, 0, [*"0123"])],
)
def test_a_few_posts_are_counted_in_whole_numbers(
    highest: int, lowest: int, expected: list[str]
) -> None:
    rows = [
        {"day": day.isoformat(), "kind": "a", "count": count}
        for day, count in zip(DAYS, (highest, lowest), strict=False)
    ]
    drawn = draw(
        lambda size: charts.stacked_days(rows, DAYS, [("a", "own")], "n", WORDS, size),
        "volume",
        "titel",
        "uitleg",
        WORDS,
    )

    labels = [element.text for element in parsed(drawn.wide).iter() if element.tag == "text"]
    assert [label for label in labels if label and label.isdigit()] == expected


def test_a_line_is_broken_where_there_are_too_few() -> None:
    values = [0.2, 0.3, None, 0.4, 0.5]
    rows = [
        {"name": "us", "day": day.isoformat(), "value": value}
        for day, value in zip(DAYS, values, strict=True)
    ]
    drawn = draw(
        lambda size: charts.lines(rows, DAYS, [("us", "own")], "share", WORDS, size, form="share"),
        "share",
        "titel",
        "uitleg",
        WORDS,
    )

    lines = [
        element.get("d", "")
        for element in parsed(drawn.wide).iter("path")
        if element.get("class") == "s-own" and "L" in element.get("d", "")
    ]
    assert len(lines) == 1
    assert lines[0].count("M") == 2


def test_every_size_is_drawn_at_its_width() -> None:
    rows = [{"window": "1 uur", "name": "us", "value": 0.5, "low": 0.4, "high": 0.6}]
    shown = [{**row, "is_own": True, "shown": "50%"} for row in rows]
    drawn = draw(
        lambda size: snapshots.response_ranges(shown, ["1 uur"], [("us", "own")], size),
        "rates",
        "titel",
        "uitleg",
        WORDS,
    )

    assert parsed(drawn.wide).get("viewBox", "").startswith("0 0 720 ")
    assert parsed(drawn.narrow).get("viewBox", "").startswith("0 0 358 ")
    assert Size(358).is_narrow


def test_every_meaning_has_a_colour_in_both_themes() -> None:
    sheet = style()
    dark = sheet.split("prefers-color-scheme: dark", 1)[1]

    assert len(STAND_INS) == len(MEANINGS)
    for meaning in MEANINGS:
        assert f"--{meaning}:" in sheet.split("prefers-color-scheme: dark", 1)[0]
        assert f"--{meaning}:" in dark
        assert re.search(rf"\.[fs]-{meaning}\b", sheet)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_lines_stand_out_from_the_paper(theme: str) -> None:
    light, dark = style().split("prefers-color-scheme: dark", 1)
    colours = dict(
        re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", light if theme == "light" else dark)
    )

    for text in ("ink", "muted", "link", "warning"):
        assert contrast(colours[text], colours["paper"]) >= 4.5, text
        assert contrast(colours[text], colours["panel"]) >= 4.5, text
    for line in (
        "own",
        "rival-1",
        "rival-2",
        "rival-3",
        "rival-4",
        "tie-1",
        "tie-2",
        "tie-3",
        "sending",
        "positive",
        "negative",
    ):
        assert contrast(colours[line], colours["paper"]) >= 3, line
