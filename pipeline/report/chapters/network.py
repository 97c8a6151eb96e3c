"""What network is forming? The speakers and ties of each week around the company."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from pipeline.report import queries
from pipeline.report.chapters.network_lines import Weeks, lines_of, week_score
from pipeline.report.course import (
    known_rivals,
    short,
    value_cell,
)
from pipeline.report.definitions import defined
from pipeline.report.facts import Ask, Facts, Score, score_of
from pipeline.report.measured import Reckoned, reckoned_table
from pipeline.report.network_map import network_map
from pipeline.report.stacks import stack
from pipeline.report.story import (
    Chapter,
    Figure,
    Table,
    cell,
    rated,
    told_or_absent,
)
from pipeline.report.words import Words, later, named

SPEAKERS: Final = "isolate_share"
TIES: Final = "edge_reciprocity"
SIZES: Final = (TIES, SPEAKERS, "density", "modularity")
MUTUAL: Final = (
    ("edge_reciprocity", "tie-1", later("mutual ties")),
    ("customer_to_customer_share", "tie-2", later("ties among customers")),
    ("returning_node_share", "tie-3", later("speakers back again")),
)
CENTRES: Final = (
    ("in_centralization", "tie-1", later("incoming")),
    ("out_centralization", "tie-2", later("outgoing")),
)
HIGH = 0.4


def chapter(ask: Ask, facts: Facts, words: Words) -> Chapter:
    """Size, mutuality and centre of the network of each week."""
    return Chapter(
        key="network",
        question=words.say("What network is forming?"),
        lead=words.say(
            "Who replied to, quoted, passed on or tagged whom, week by week: do the people around "
            "{name} find each other too, or does everything run through one point?",
            name=named(facts.organisation),
        ),
        figures=(
            network_map(ask, facts, words),
            _size(ask, facts, words),
            _mutual(ask, facts, words),
            _centre(ask, facts, words),
        ),
    )


def _read(ask: Ask, facts: Facts, measures: Sequence[str]) -> tuple[str, Weeks]:
    if not facts.weeks:
        return queries.weekly(measures, facts.last_day, facts.last_day), {}
    query = queries.weekly(measures, facts.weeks[0], facts.weeks[-1])
    found = {
        (row["organisation"], row["period_start"], row["measure"]): score_of(row)
        for row in ask(query)
    }
    return query, found


def _size(ask: Ask, facts: Facts, words: Words) -> Figure:
    query, found = _read(ask, facts, SIZES)
    kinds = [(words.say("with a tie"), "tie-1"), (words.say("without a tie"), "context")]
    rows = []
    for week in facts.weeks:
        alone = week_score(found, facts, week, SPEAKERS)
        without = alone.numerator or 0
        counts = ((alone.denominator or 0) - without, without)
        for (kind, _), count in zip(kinds, counts, strict=True):
            rows.append({"day": week.isoformat(), "kind": kind, "count": count})
    sentences = _size_sentences(found, facts, words)
    title = words.say("Speakers a week, with and without a tie")
    bars = stack(
        "network-size",
        title,
        sentences,
        rows=rows,
        days=facts.weeks,
        kinds=kinds,
        counted=words.say("speakers"),
        words=words,
    )
    return Figure(
        key="network-size",
        title=title,
        sentences=sentences,
        drawing=bars.drawing,
        legend=bars.legend,
        table=_size_table(found, facts, words),
        told=reckoned_table(_alone(found, facts, words), words),
        definitions=defined(
            words, ["ties", "density", *(["modularity"] if _has_groups(found) else []), "floor"]
        ),
        queries=(query,),
    )


def _has_groups(found: Weeks) -> bool:
    return any(measure == "modularity" for _, _, measure in found)


def _size_sentences(found: Weeks, facts: Facts, words: Words) -> tuple[str, ...]:
    if not facts.weeks:
        return (words.say("There is no whole week yet."),)
    week = facts.weeks[-1]
    alone, ties = (week_score(found, facts, week, measure) for measure in (SPEAKERS, TIES))
    if not alone.denominator:
        return (
            words.say(
                "In the week of {day} nobody spoke around {name}.",
                day=words.day(week),
                name=named(facts.organisation),
            ),
        )
    return (
        words.say(
            "In the week of {day} {speakers} spoke or were spoken to around {name}, and {ties} "
            "ran between them.",
            day=words.day(week),
            speakers=words.many("{count} account", "{count} accounts", alone.denominator),
            name=named(facts.organisation),
            ties=words.many("{count} tie", "{count} ties", ties.denominator or 0),
        ),
        words.say(
            "Without any tie was {share}: they spoke about {name}, but to nobody.",
            share=rated(words, alone),
            name=named(facts.organisation),
        ),
    )


def _alone(found: Weeks, facts: Facts, words: Words) -> list[Reckoned]:
    """The share without a tie in the last whole week."""
    if not facts.weeks:
        return []
    week = facts.weeks[-1]
    alone = week_score(found, facts, week, SPEAKERS)
    return [
        Reckoned(
            label=words.say("without a tie"),
            over=words.say("week of {day}", day=words.day(week)),
            value=value_cell(words, "share", alone),
            n=cell(words, alone.denominator),
        )
    ]


def _size_table(found: Weeks, facts: Facts, words: Words) -> Table:
    groups = _has_groups(found)

    def line(week: date) -> tuple[str, ...]:
        alone, ties, density, modularity = (
            week_score(found, facts, week, measure)
            for measure in (SPEAKERS, TIES, "density", "modularity")
        )
        told = [
            words.day(week),
            cell(words, alone.denominator),
            cell(words, alone.numerator),
            cell(words, ties.denominator),
            # of many speakers few of the ties that are possible are there
            value_cell(words, "index", density)
            if density.shown is None
            else words.fine(density.shown),
        ]
        if groups:
            told.append(value_cell(words, "index", modularity))
        return tuple(told)

    columns = [
        words.say("week of"),
        words.say("speakers"),
        words.say("without a tie"),
        words.say("ties"),
        words.say("density"),
    ]
    if groups:
        columns.append(words.say("modularity"))
    return Table(columns=tuple(columns), rows=tuple(line(week) for week in reversed(facts.weeks)))


def _mutual(ask: Ask, facts: Facts, words: Words) -> Figure:
    query, found = _read(ask, facts, [measure for measure, _, _ in MUTUAL])
    return lines_of(
        found,
        facts,
        words,
        key="network-mutual",
        title=words.say("How close-knit the network is, by week"),
        axis=words.say("share of the ties or speakers"),
        form="share",
        measures=MUTUAL,
        sentences=_mutual_sentences(found, facts, words),
        told=reckoned_table(_of_rivals(found, facts, words), words),
        definitions=("ties", "mutual_ties", "floor"),
        query=query,
    )


def _of_rivals(found: Weeks, facts: Facts, words: Words) -> list[Reckoned]:
    """Mutual ties around each competitor in the last whole week."""
    if not facts.weeks:
        return []
    week = facts.weeks[-1]
    scores = ((rival, week_score(found, facts, week, TIES, rival)) for rival in facts.rivals)
    return [
        Reckoned(
            label=f"{named(rival)}: {words.say('mutual ties')}",
            over=words.say("week of {day}", day=words.day(week)),
            value=value_cell(words, "share", score),
            n=cell(words, score.denominator),
        )
        for rival, score in scores
        if score.denominator
    ]


def _mutual_sentences(found: Weeks, facts: Facts, words: Words) -> tuple[str, ...]:
    if not facts.weeks:
        return (words.say("There is no whole week yet."),)
    week = facts.weeks[-1]
    mutual, among, back = (week_score(found, facts, week, measure) for measure, _, _ in MUTUAL)
    sentences = (
        words.say(
            "In the week of {day} {share} of the ties were mutual: both turned to each other.",
            day=words.day(week),
            share=short(words, "share", mutual),
        ),
        words.say(
            "Among customers ran {share} of the ties: conversation that goes on without {name}.",
            share=short(words, "share", among),
            name=named(facts.organisation),
        ),
        words.say(
            "Of the speakers of the week before, {share} were back.",
            share=short(words, "share", back),
        ),
    )
    told = [
        told_or_absent(words, score, sentence, words.say(label))
        for score, sentence, (_, _, label) in zip(
            (mutual, among, back), sentences, MUTUAL, strict=True
        )
    ]
    known = known_rivals(facts, lambda rival: week_score(found, facts, week, TIES, rival))
    others = "; ".join(f"{named(rival)} {short(words, 'share', score)}" for rival, score in known)
    if others:
        told.append(words.say("Mutual ties, for comparison: {others}.", others=others))
    return tuple(told)


def _centre(ask: Ask, facts: Facts, words: Words) -> Figure:
    query, read = _read(ask, facts, [SPEAKERS, *(measure for measure, _, _ in CENTRES)])
    found = _counted_by_speakers(read)
    return lines_of(
        found,
        facts,
        words,
        key="network-centre",
        title=words.say("How much turns on one speaker, by week"),
        axis=words.say("centralisation: 0 all alike, 1 all through one"),
        form="index",
        measures=CENTRES,
        reference=(HIGH, words.say("{value}: high, by our own limit", value=words.number(HIGH, 1))),
        sentences=_centre_sentences(found, facts, words),
        definitions=("ties", "centralization", "floor"),
        query=query,
    )


def _counted_by_speakers(found: Weeks) -> Weeks:
    """A centralisation is one of so many speakers: they are its n, and the floor is theirs."""
    counted = {}
    for (name, week, measure), score in found.items():
        speakers = found.get((name, week, SPEAKERS), Score(value=None))
        counted[name, week, measure] = msgspec.structs.replace(
            score, denominator=speakers.denominator, too_few=score.too_few or speakers.too_few
        )
    return counted


def _centre_sentences(found: Weeks, facts: Facts, words: Words) -> tuple[str, ...]:
    if not facts.weeks:
        return (words.say("There is no whole week yet."),)
    week = facts.weeks[-1]
    scores = [week_score(found, facts, week, measure) for measure, _, _ in CENTRES]
    into, out = (score.shown for score in scores)
    if into is None or out is None:
        return (
            words.say(
                "In the week of {day} too few spoke to tell whether all turned on one speaker.",
                day=words.day(week),
            ),
        )
    told = words.say(
        "In the week of {day} incoming centralisation was {into} and outgoing {out} (n = {count} "
        "accounts): at 0 all receive and give alike, at 1 everything runs through one.",
        day=words.day(week),
        count=words.number(scores[0].denominator or 0),
        into=words.number(into, 2),
        out=words.number(out, 2),
    )
    return (told, _shape(into, out, words))


def _shape(into: float, out: float, words: Words) -> str:
    if into >= HIGH and out >= HIGH:
        return words.say("Both are high: everything runs through one speaker, there and back.")
    if into >= HIGH:
        return words.say("Incoming is high: attention goes to one speaker, the shape of a stage.")
    if out >= HIGH:
        return words.say("Outgoing is high: one speaker turns to many, the shape of a helpdesk.")
    return words.say("Neither is high: there is no one speaker around whom everything turns.")
