"""Do we give? What own posts give and take, and after which model they speak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.report import comparisons, queries
from pipeline.report.course import Course, compared, followed, of_rivals
from pipeline.report.definitions import defined
from pipeline.report.drawing import draw
from pipeline.report.facts import Ask, Facts, Score, score_of
from pipeline.report.measured import Reckoned, reckoned_table
from pipeline.report.story import (
    Chapter,
    Figure,
    Key,
    Table,
    absent,
    cell,
    rated,
    series,
    share_cell,
    told_or_absent,
)
from pipeline.report.words import Words, later, named

EVEN = 0.5
MANY = 10
WHOLE = 0.999
MODELS: Final = (
    ("press_agentry_share", "sending", later("promotes")),
    ("public_information_share", "repeating", later("informs")),
    ("two_way_asymmetrical_share", "reaching", later("asks for its own sake")),
    ("two_way_symmetrical_share", "listening", later("converses as an equal")),
)
UNTOLD: Final = ("context", later("none of these"))


def chapter(ask: Ask, facts: Facts, words: Words) -> Chapter:
    """Give share over time, and the mix of models."""
    return Chapter(
        key="giving",
        question=words.say("Do we give?"),
        lead=words.say(
            "A post gives when it answers, helps, explains, thanks or passes on others. It takes "
            "when it sells, or asks to buy, follow, vote or click."
        ),
        figures=(_give_share(ask, facts, words), _models(ask, facts, words)),
    )


def _give_share(ask: Ask, facts: Facts, words: Words) -> Figure:
    course = Course(
        measure="give_share",
        form="share",
        title=words.say("Give share, {course}", course=facts.span.told_course(words)),
        axis=words.say("posts that give, of those that give or take"),
        reference=(EVEN, words.say("50%: as much giving as taking")),
    )
    sentences = (
        *_give_sentences(facts, words),
        *compared(facts, words, course.measure, course.form),
    )
    return followed(ask, facts, words, course, sentences, _gave(facts, words))


def _gave(facts: Facts, words: Words) -> list[Reckoned]:
    """What was given and taken, and the one against the other."""
    score, over = facts.score("give_share"), facts.span.told(words)
    if score.shown is None:
        return []
    gave = score.numerator or 0
    took = (score.denominator or 0) - gave
    told = [(words.say("give"), words.number(gave)), (words.say("take"), words.number(took))]
    if gave >= took > 0:
        told.append((words.say("posts that give for each that takes"), _times(words, gave / took)))
    elif took > gave > 0:
        told.append((words.say("posts that take for each that gives"), _times(words, took / gave)))
    return [Reckoned(label=label, over=over, value=value) for label, value in told]


def _give_sentences(facts: Facts, words: Words) -> tuple[str, ...]:
    score = facts.score("give_share")
    sentence = words.say(
        "Of the posts of {name} that gave or took in {period}, {share} gave.",
        period=facts.span.told(words),
        name=named(facts.organisation),
        share=rated(words, score),
    )
    told = [told_or_absent(words, score, sentence, words.say("Give share"))]
    if score.shown is None:
        return tuple(told)
    gave = score.numerator or 0
    took = (score.denominator or 0) - gave
    if not took:
        told.append(words.say("None of them asked for something in return."))
    elif gave >= took:
        told.append(
            words.say(
                "Against every post that takes stand {ratio} that give.",
                ratio=_times(words, gave / took),
            )
        )
    elif gave:
        told.append(
            words.say(
                "Against every post that gives stand {ratio} that take.",
                ratio=_times(words, took / gave),
            )
        )
    return tuple(told)


def _times(words: Words, ratio: float) -> str:
    return words.number(ratio, 1 if ratio < MANY else 0)


def _models(ask: Ask, facts: Facts, words: Words) -> Figure:
    query = queries.measured(
        [measure for measure, _, _ in MODELS], facts.span.grain, [facts.window_start]
    )
    scores = {(row["organisation"], row["measure"]): score_of(row) for row in ask(query)}
    lines = series(facts)
    drawn = dict(zip(facts.everybody, (name for name, _ in lines), strict=False))
    kinds = [(words.say(label), colour) for _, colour, label in MODELS]
    kinds.append((words.say(UNTOLD[1]), UNTOLD[0]))
    mixes = {name: mix for name in drawn if (mix := _mix(scores, name)) is not None}
    rows = [
        {"name": drawn[name], "kind": kind, "share": share, "shown": words.share(share)}
        for name, mix in mixes.items()
        for (kind, _), share in zip(kinds, mix, strict=True)
    ]
    sentences = _model_sentences(facts, words)
    title = words.say("Four ways to speak, over {period}", period=facts.span.told(words))
    return Figure(
        key="pr-models",
        title=title,
        sentences=sentences,
        drawing=draw(
            lambda size: comparisons.mixes(rows, [drawn[name] for name in mixes], kinds, size),
            "pr-models",
            title,
            " ".join(sentences),
            words,
        )
        if rows
        else None,
        legend=tuple(Key(label=label, colour=colour) for label, colour in kinds) if rows else (),
        table=_model_table(scores, facts, words),
        told=reckoned_table(_ways(facts, words), words),
        definitions=defined(words, ["pr_models", "floor"]),
        queries=(query,),
    )


def _mix(scores: Mapping[tuple[str, str], Score], name: str) -> list[float] | None:
    """The four shares and what is left; None where one may not be shown."""
    shares = [scores.get((name, measure), Score(value=None)).shown for measure, _, _ in MODELS]
    known = [share for share in shares if share is not None]
    if len(known) < len(MODELS):
        return None
    return [*known, max(0.0, 1 - sum(known))]


def _model_sentences(facts: Facts, words: Words) -> tuple[str, ...]:
    scores = [facts.score(measure) for measure, _, _ in MODELS]
    shares = [score.shown for score in scores if score.shown is not None]
    if len(shares) < len(MODELS):
        return (
            words.say(
                "How the posts of {name} speak: {absent}.",
                name=named(facts.organisation),
                absent=absent(words, scores[0]),
            ),
        )
    promotes, informs, asks, converses = map(words.share, shares)
    told = [
        words.say(
            "Of the {count} posts of {name} in {period}, {promotes} promoted something, {informs} "
            "gave information, {asks} asked something for the organisation's own sake and "
            "{converses} conversed as an equal.",
            period=facts.span.told(words),
            count=words.number(scores[0].denominator or 0),
            name=named(facts.organisation),
            promotes=promotes,
            informs=informs,
            asks=asks,
            converses=converses,
        ),
        _ways_told(shares, words),
    ]
    if others := of_rivals(facts, words, "two_way_symmetrical_share", "share"):
        told.append(words.say("Conversing as an equal, for comparison: {others}.", others=others))
    return tuple(told)


def _ways_told(shares: Sequence[float], words: Words) -> str:
    """One way and both ways, and that the rest does not tell where there is a rest."""
    one, two = words.share(shares[0] + shares[1]), words.share(shares[2] + shares[3])
    if sum(shares) >= WHOLE:
        return words.say("One way is {one}, both ways {two}.", one=one, two=two)
    return words.say(
        "One way is {one}, both ways {two}; the other posts do not tell.", one=one, two=two
    )


def _ways(facts: Facts, words: Words) -> list[Reckoned]:
    """One way and both ways: the models two by two."""
    scores = [facts.score(measure) for measure, _, _ in MODELS]
    shares = [score.shown for score in scores if score.shown is not None]
    if len(shares) < len(MODELS):
        return []
    ways = ((words.say("one way"), shares[:2]), (words.say("both ways"), shares[2:]))
    return [
        Reckoned(
            label=label,
            over=facts.span.told(words),
            value=words.share(sum(two)),
            n=words.number(scores[0].denominator or 0),
        )
        for label, two in ways
    ]


def _model_table(scores: Mapping[tuple[str, str], Score], facts: Facts, words: Words) -> Table:
    rows = []
    for name in facts.everybody:
        for measure, _, label in MODELS:
            score = scores.get((name, measure), Score(value=None))
            rows.append(
                (
                    f"{named(name)}: {words.say(label)}",
                    share_cell(words, score),
                    cell(words, score.numerator),
                    cell(words, score.denominator),
                )
            )
    return Table(
        columns=(
            words.say("organisation and model"),
            words.say("share"),
            words.say("posts"),
            words.say("own posts (n)"),
        ),
        rows=tuple(rows),
    )
