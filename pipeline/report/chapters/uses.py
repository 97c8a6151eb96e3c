"""What for? Six uses: what others come for, what own posts are about, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from pipeline.report import comparisons, queries, ranges
from pipeline.report.course import overlap
from pipeline.report.definitions import defined
from pipeline.report.drawing import draw
from pipeline.report.facts import Ask, Facts, Score
from pipeline.report.measured import Reckoned, reckoned_table
from pipeline.report.story import (
    Chapter,
    Figure,
    Key,
    Table,
    cell,
    rated,
    share_cell,
)
from pipeline.report.words import Words, later, named

USES: Final = {
    "service": later("service"),
    "knowledge": later("sharing knowledge"),
    "image": later("image"),
    "sales": later("sales"),
    "product": later("product development"),
    "internal": later("work and vacancies"),
}
WIDE_GAP = 0.1


class Side(msgspec.Struct, frozen=True):
    """Posts of one side by use: of others (demand) or own (attention)."""

    counts: Mapping[str, int]
    floor: float | None

    @property
    def total(self) -> int:
        """Posts that have a purpose."""
        return sum(self.counts.values())

    @property
    def may_be_shared_out(self) -> bool:
        """Whether there are enough of them to speak of shares."""
        return self.floor is not None and self.total >= self.floor

    def share(self, use: str) -> float:
        """The part of the posts with a purpose that is about this use."""
        return self.counts[use] / self.total

    @property
    def first(self) -> str:
        """The use most are about."""
        return max(self.counts, key=lambda use: self.counts[use])


def chapter(ask: Ask, facts: Facts, words: Words) -> Chapter:
    """Demand beside attention, and who of them is answered."""
    return Chapter(
        key="uses",
        question=words.say("What for?"),
        lead=words.say(
            "Six uses of social media: what others come to {name} for, beside what its own posts "
            "are about. Where the two part, value is left lying, or {name} talks past people.",
            name=named(facts.organisation),
        ),
        figures=(_demand(ask, facts, words), _answered(ask, facts, words)),
    )


def _side(found: Mapping[str, float], prefix: str, floor: float | None) -> Side:
    return Side({use: int(found.get(f"{prefix}_{use}") or 0) for use in USES}, floor)


def _demand(ask: Ask, facts: Facts, words: Words) -> Figure:
    measures = [f"{prefix}_{use}" for use in USES for prefix in ("demand", "attention")]
    starts = [facts.window_start, facts.span.before.first]
    query = queries.measured(measures, facts.span.grain, starts)
    counts = {
        row["measure"]: row["value"]
        for row in ask(query)
        if (row["organisation"], row["period_start"]) == (facts.organisation, facts.window_start)
    }
    demand = _side(counts, "demand", facts.floor)
    attention = _side(counts, "attention", facts.floor)
    sides = [
        (words.say("what others come for"), "inbound", demand),
        (words.say("what own posts are about"), "own", attention),
    ]
    rows = [
        {
            "name": words.say(label),
            "side": said,
            "share": side.share(use),
            "shown": words.share(side.share(use)),
        }
        for use, label in USES.items()
        for said, _, side in sides
        if side.may_be_shared_out
    ]
    legend = [(said, colour) for said, colour, side in sides if side.may_be_shared_out]
    sentences = _demand_sentences(demand, attention, facts, words)
    title = words.say("Demand beside attention, over {period}", period=facts.span.told(words))
    return Figure(
        key="demand",
        title=title,
        sentences=sentences,
        drawing=draw(
            lambda size: comparisons.pairs(
                rows, [words.say(label) for label in USES.values()], legend, size
            ),
            "demand",
            title,
            " ".join(sentences),
            words,
        )
        if rows
        else None,
        legend=tuple(Key(label=label, colour=colour) for label, colour in legend),
        table=_demand_table(demand, attention, facts, words),
        told=reckoned_table(
            [
                Reckoned(
                    label=words.say("{side}: posts with a purpose", side=said),
                    over=facts.span.told(words),
                    value=words.number(side.total),
                )
                for said, _, side in sides
            ],
            words,
        ),
        definitions=defined(words, ["uses", "demand", "response_rate_uses", "floor"]),
        queries=(query,),
    )


def _demand_sentences(demand: Side, attention: Side, facts: Facts, words: Words) -> tuple[str, ...]:
    name = named(facts.organisation)
    told = []
    if demand.may_be_shared_out:
        told.append(
            words.say(
                "Others come to {name} for {use} most: {share} of their {count} posts with a "
                "purpose.",
                name=name,
                **_first(demand, words),
            )
        )
    else:
        told.append(
            words.say(
                "What others come to {name} for: too few posts with a purpose (n = {count}).",
                name=name,
                count=words.number(demand.total),
            )
        )
    if attention.may_be_shared_out:
        told.append(
            words.say(
                "{name} itself writes about {use} most: {share} of {count} posts with a purpose.",
                name=name,
                **_first(attention, words),
            )
        )
    else:
        told.append(
            words.say(
                "What {name} itself writes about: too few posts with a purpose (n = {count}).",
                name=name,
                count=words.number(attention.total),
            )
        )
    if demand.may_be_shared_out and attention.may_be_shared_out:
        told += _gaps(demand, attention, words)
    return tuple(told)


def _first(side: Side, words: Words) -> dict[str, str]:
    return {
        "use": words.say(USES[side.first]),
        "share": words.share(side.share(side.first)),
        "count": words.number(side.total),
    }


def _gaps(demand: Side, attention: Side, words: Words) -> list[str]:
    gaps = {use: demand.share(use) - attention.share(use) for use in USES}
    wanting = max(gaps, key=lambda use: gaps[use])
    talking = min(gaps, key=lambda use: gaps[use])
    told = []
    if gaps[wanting] >= WIDE_GAP:
        told.append(
            words.say(
                "Largest shortfall: {use} is {demand} of what others come for and {attention} of "
                "own posts.",
                **_gap(wanting, demand, attention, words),
            )
        )
    if gaps[talking] <= -WIDE_GAP:
        told.append(
            words.say(
                "Largest surplus: {use} is {attention} of own posts and {demand} of what others "
                "come for.",
                **_gap(talking, demand, attention, words),
            )
        )
    if not told:
        told.append(
            words.say(
                "Demand and attention run alike: nowhere do they differ by ten points or more."
            )
        )
    return told


def _gap(use: str, demand: Side, attention: Side, words: Words) -> dict[str, str]:
    return {
        "use": words.say(USES[use]),
        "demand": words.share(demand.share(use)),
        "attention": words.share(attention.share(use)),
    }


def _demand_table(demand: Side, attention: Side, facts: Facts, words: Words) -> Table:
    def part(side: Side, use: str) -> str:
        if side.may_be_shared_out:
            return words.share(side.share(use))
        return words.say("too few") if side.total else "–"

    def line(use: str) -> tuple[str, ...]:
        rate = facts.score(f"response_rate_24h_{use}")
        return (
            words.say(USES[use]),
            cell(words, demand.counts[use]),
            part(demand, use),
            cell(words, facts.score(f"demand_{use}", period="before").value),
            cell(words, attention.counts[use]),
            part(attention, use),
            cell(words, facts.score(f"attention_{use}", period="before").value),
            share_cell(words, rate) if rate.denominator else "–",
        )

    before = facts.span.told_before(words)
    return Table(
        columns=(
            words.say("use"),
            words.say("posts of others"),
            words.say("share"),
            before,
            words.say("own posts"),
            words.say("share"),
            before,
            words.say("answered within 24 hours"),
        ),
        rows=tuple(line(use) for use in USES),
    )


def _answered(ask: Ask, facts: Facts, words: Words) -> Figure:
    rates = [(_rate(use), words.say(label)) for use, label in USES.items()]
    query = queries.measured(
        [measure for measure, _ in rates], facts.span.grain, [facts.window_start]
    )
    return ranges.figure(
        ranges.scores_of(ask(query)),
        rates,
        facts,
        words,
        key="uses-answered",
        title=words.say(
            "Answered within 24 hours, by use, over {period}", period=facts.span.told(words)
        ),
        sentences=_answered_sentences(facts, words),
        first=words.say("organisation and use"),
        counted=words.say("answered"),
        terms=["uses", "response_rate_uses", "floor"],
        query=query,
        is_absent_left_out=True,
    )


def _rate(use: str) -> str:
    return f"response_rate_24h_{use}"


def _answered_sentences(facts: Facts, words: Words) -> tuple[str, ...]:
    rates = {use: facts.score(_rate(use)) for use in USES}
    known = [use for use in USES if rates[use].shown is not None]
    few = [use for use in USES if use not in known and rates[use].denominator]
    told = []
    if len(known) > 1:
        best = max(known, key=lambda use: rates[use].shown or 0)
        worst = min(known, key=lambda use: rates[use].shown or 0)
        told.append(
            words.say(
                "Answered most within 24 hours: {use}, {share}.",
                use=words.say(USES[best]),
                share=rated(words, rates[best]),
            )
        )
        told.append(
            words.say(
                "Least: {use}, {share}.",
                use=words.say(USES[worst]),
                share=rated(words, rates[worst]),
            )
        )
        if overlap(rates[best], rates[worst]):
            told.append(words.say("The intervals overlap, so that difference may be chance."))
    elif known:
        told.append(
            words.say(
                "Of who came to {name} for {use}, {share} had an answer within 24 hours.",
                name=named(facts.organisation),
                use=words.say(USES[known[0]]),
                share=rated(words, rates[known[0]]),
            )
        )
    if few or not told:
        names = _counted(few or list(USES), rates, words)
        told.append(words.say("Too few to give a share: {names}.", names=names))
    return tuple(told)


def _counted(uses: Sequence[str], rates: Mapping[str, Score], words: Words) -> str:
    return words.names(
        words.say(
            "{value} (n = {count})",
            value=words.say(USES[use]),
            count=words.number(rates[use].denominator or 0),
        )
        for use in uses
    )
