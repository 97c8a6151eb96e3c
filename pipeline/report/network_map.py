"""The network of one week as a drawing: who turned to whom, the most tied in the middle."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pipeline.report import charts, queries
from pipeline.report.definitions import defined
from pipeline.report.drawing import Size, draw
from pipeline.report.facts import Ask, Facts, Row
from pipeline.report.labelling import Dot, name_places
from pipeline.report.layout import Place, places
from pipeline.report.measured import Reckoned, reckoned_table
from pipeline.report.palette import stand_in, stand_ins
from pipeline.report.story import Figure, Key, Table, cell, series
from pipeline.report.words import Words, named

NODES_DRAWN: Final = 500
NODES_LISTED: Final = 12
NODES_NAMED: Final = 5
PERSON: Final = "inbound"
SMALLEST_DOT: Final = 14.0
WIDE_DOT: Final = 520.0
NARROW_DOT: Final = 260.0
"""Areas of dots, in square pixels."""

EDGES: Final = (-0.04, 1.04)
"""What of the square of one by one is drawn, with room around it."""

ROOM_ASIDE: Final = 12
"""Pixels of the width that ``charts.framed`` leaves open beside a chart."""


def network_map(ask: Ask, facts: Facts, words: Words) -> Figure:
    """The ties of the last whole week, drawn."""
    title = words.say("Who turned to whom, in the last whole week")
    ties, query = _read(ask, facts)
    nodes = _nodes(ties)
    counted = _ties_counted(ask, facts) if not ties else 0
    sentences = _sentences(ties, nodes, counted, facts, words)
    kinds = _kinds(nodes, facts, words)
    return Figure(
        key="network-map",
        title=title,
        sentences=sentences,
        drawing=draw(
            lambda size: _chart(ties, nodes, kinds, size),
            "network-map",
            title,
            " ".join(sentences),
            words,
        )
        if ties
        else None,
        legend=tuple(Key(label=label, colour=colour) for label, colour in kinds) if ties else (),
        table=_table(nodes, words),
        told=reckoned_table(_counts(ties, nodes, facts, words), words),
        definitions=defined(words, ["ties"]),
        queries=(query,),
    )


def _read(ask: Ask, facts: Facts) -> tuple[list[Row], str]:
    week = facts.weeks[-1] if facts.weeks else facts.last_day
    query = queries.ties(facts.organisation, week, NODES_DRAWN)
    return (ask(query) if facts.weeks else []), query


def _ties_counted(ask: Ask, facts: Facts) -> int:
    """How many ties the week had: the scorecard remembers longer than the ties are kept."""
    if not facts.weeks:
        return 0
    week = facts.weeks[-1]
    rows = ask(queries.weekly(["edge_reciprocity"], week, week))
    return sum(
        int(row["denominator"] or 0) for row in rows if row["organisation"] == facts.organisation
    )


def _nodes(ties: Sequence[Row]) -> dict[int, dict[str, Any]]:
    """Every node with its organisation, and how many turned to it and it to others."""
    nodes: dict[int, dict[str, Any]] = {}
    for tie in ties:
        for end, degree in (("from", "outgoing"), ("to", "incoming")):
            node = nodes.setdefault(
                tie[f"{end}_node"],
                {"name": tie[f"{end}_organisation"], "incoming": 0, "outgoing": 0},
            )
            node[degree] += 1
    return dict(sorted(nodes.items()))


def _kinds(
    nodes: Mapping[int, Mapping[str, Any]], facts: Facts, words: Words
) -> list[tuple[str, str]]:
    """Who is drawn, and in what colour."""
    present = {named(node["name"]) for node in nodes.values() if node["name"]}
    drawn = [(label, colour) for label, colour in series(facts) if label in present]
    return [*drawn, (words.say("somebody else"), PERSON)]


def _sentences(
    ties: Sequence[Row],
    nodes: Mapping[int, Mapping[str, Any]],
    counted: int,
    facts: Facts,
    words: Words,
) -> tuple[str, ...]:
    if not facts.weeks:
        return (words.say("There is no whole week yet."),)
    if not ties and counted:
        return (
            words.many(
                "{count} tie was counted in the last whole week; which one is not kept so long, "
                "so it is not drawn.",
                "{count} ties were counted in the last whole week; which ones is not kept so "
                "long, so they are not drawn.",
                counted,
            ),
        )
    if not ties:
        return (words.say("In the last whole week nobody turned to anybody."),)
    people, among = _people(ties, nodes)
    told = [
        words.say(
            "Each dot is an account, each line a tie; the larger the dot, the more others turned "
            "to it. In the week of {day} {people} had a tie, and {count} of them with somebody "
            "who does not speak for an organisation.",
            day=words.day(facts.weeks[-1]),
            people=words.many("{count} person", "{count} people", people),
            count=words.number(among),
        )
    ]
    spoken_through = Counter(node["name"] for node in nodes.values() if node["name"])
    if spoken_through and max(spoken_through.values()) > 1:
        told.append(
            words.say("Whoever speaks through more than one account has a dot for each of them.")
        )
    if len(nodes) >= NODES_DRAWN:
        told.append(
            words.say(
                "Drawn are the {count} accounts with most ties.", count=words.number(NODES_DRAWN)
            )
        )
    return tuple(told)


def _people(ties: Sequence[Row], nodes: Mapping[int, Mapping[str, Any]]) -> tuple[int, int]:
    """How many people had a tie, and how many of them with somebody of no organisation."""
    people = [number for number, node in nodes.items() if node["name"] is None]
    among = {
        number
        for tie in ties
        if tie["from_organisation"] is None and tie["to_organisation"] is None
        for number in (tie["from_node"], tie["to_node"])
    }
    return len(people), len(among)


def _counts(
    ties: Sequence[Row], nodes: Mapping[int, Mapping[str, Any]], facts: Facts, words: Words
) -> list[Reckoned]:
    """The numbers of the sentence."""
    if not ties:
        return []
    people, among = _people(ties, nodes)
    counts = [
        (words.say("people with a tie"), people),
        (words.say("of them with somebody of no organisation"), among),
        (words.say("accounts drawn"), len(nodes)),
    ]
    over = words.say("week of {day}", day=words.day(facts.weeks[-1]))
    return [Reckoned(label=label, over=over, value=words.number(count)) for label, count in counts]


def _table(nodes: Mapping[int, Mapping[str, Any]], words: Words) -> Table:
    listed = sorted(nodes.items(), key=lambda each: (-each[1]["incoming"], each[0]))[:NODES_LISTED]
    return Table(
        columns=(
            words.say("account"),
            words.say("turned to it"),
            words.say("it turned to"),
        ),
        rows=tuple(
            (
                named(node["name"])
                if node["name"]
                else words.say("person {number}", number=str(number)),
                cell(words, node["incoming"]),
                cell(words, node["outgoing"]),
            )
            for number, node in listed
        ),
    )


def _chart(
    ties: Sequence[Row],
    nodes: Mapping[int, Mapping[str, Any]],
    kinds: Sequence[tuple[str, str]],
    size: Size,
) -> Any:
    import altair as alt

    width = size.width - ROOM_ASIDE
    height = round(size.width * (1.0 if size.is_narrow else 0.66))
    placed = places([(tie["from_node"], tie["to_node"]) for tie in ties])
    across = alt.X("x:Q", axis=None, scale=alt.Scale(domain=list(EDGES), nice=False))
    down = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=list(EDGES), nice=False))
    lines = (
        alt.Chart(charts.data(_line_rows(ties, placed)))
        .mark_rule(color=stand_in("muted"), strokeWidth=0.7, opacity=0.55)
        .encode(x=across, y=down, x2="x2", y2="y2")
    )
    labels = [label for label, _ in kinds]
    rows = _dot_rows(nodes, placed, labels, NARROW_DOT if size.is_narrow else WIDE_DOT)
    dots = (
        alt.Chart(charts.data(rows))
        .mark_circle(stroke=stand_in("paper"), strokeWidth=0.6, opacity=1)
        .encode(
            x=across,
            y=down,
            size=alt.Size("area:Q", legend=None, scale=None),
            color=alt.Color(
                "kind:N",
                legend=None,
                scale=alt.Scale(domain=labels, range=stand_ins([colour for _, colour in kinds])),
            ),
        )
    )
    names = (
        alt.Chart(charts.data(_name_rows(rows, width, height)))
        .mark_text(
            baseline="middle",
            color=stand_in("ink"),
            stroke=stand_in("paper"),
            strokeWidth=3,
            strokeJoin="round",
            fontSize=12,
            fontWeight="bold",
            limit=width,
        )
        .encode(x=across, y=down, text="label:N")
    )
    return charts.framed(lines + dots + names, size, height)


def _line_rows(ties: Sequence[Row], placed: Mapping[int, Place]) -> list[dict[str, float]]:
    pairs = {tuple(sorted((tie["from_node"], tie["to_node"]))) for tie in ties}
    return [
        {
            "x": placed[one][0],
            "y": placed[one][1],
            "x2": placed[other][0],
            "y2": placed[other][1],
        }
        for one, other in sorted(pairs)
    ]


def _dot_rows(
    nodes: Mapping[int, Mapping[str, Any]],
    placed: Mapping[int, Place],
    labels: Sequence[str],
    largest: float,
) -> list[dict[str, Any]]:
    """Dots, people first so that organisations lie on top; the most tied of these are named.

    The area of a dot grows with how many turned to it, from ``SMALLEST_DOT`` to ``largest``.
    """
    rows = []
    most = max((node["incoming"] for node in nodes.values()), default=0) or 1
    spoken_for = [number for number, node in nodes.items() if node["name"] is not None]
    for number, node in nodes.items():
        kind = named(node["name"]) if node["name"] else labels[-1]
        rows.append(
            {
                "x": placed[number][0],
                "y": placed[number][1],
                "area": SMALLEST_DOT + (largest - SMALLEST_DOT) * node["incoming"] / most,
                "kind": kind if kind in labels else labels[-1],
                "label": kind if number in spoken_for[:NODES_NAMED] else "",
            }
        )
    return sorted(rows, key=lambda row: row["kind"] != labels[-1])


def _name_rows(
    rows: Sequence[Mapping[str, Any]], width: float, height: float
) -> list[dict[str, Any]]:
    """The names of dots where they cover nothing, in the units of the square."""
    low, high = EDGES
    dots = [
        Dot(
            (row["x"] - low) / (high - low) * width,
            (high - row["y"]) / (high - low) * height,
            math.sqrt(row["area"] / math.pi),
            row["label"],
        )
        for row in rows
    ]
    return [
        {
            "x": low + place[0] / width * (high - low),
            "y": high - place[1] / height * (high - low),
            "label": dot.name,
        }
        for dot, place in zip(dots, name_places(dots, width, height), strict=True)
        if place is not None
    ]
