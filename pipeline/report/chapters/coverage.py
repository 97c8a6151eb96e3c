"""What the sources covered: how far each got, what is missing, and which fell silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from pipeline.report import coverage_queries, queries, snapshots
from pipeline.report.definitions import defined
from pipeline.report.drawing import draw
from pipeline.report.facts import Ask, Facts, Row
from pipeline.report.failures import secret_step, set_step, why
from pipeline.report.measured import Reckoned, reckoned_table
from pipeline.report.shown import platform
from pipeline.report.story import Figure, Key, Table, cell
from pipeline.report.words import Words, later, named
from pipeline.secret_names import SecretNames, of_kept

SOURCES_DRAWN: Final = 24
VERBS: Final = {
    "mentions": later("mentions"),
    "inbox": later("what is addressed to us"),
    "timeline": later("own posts"),
}


def figure(ask: Ask, facts: Facts, words: Words) -> Figure:
    """How much of each day each source covered, and how its last run went."""
    source_query = coverage_queries.coverage_sources(facts.window_start, facts.last_day)
    day_query = coverage_queries.coverage_days(facts.window_start, facts.last_day)
    sources = ask(source_query)
    drawn = sorted(sources, key=_trouble)[:SOURCES_DRAWN]
    names = {row["source"]: named(row["source"]) for row in drawn}
    found = {(row["source"], row["covered_date"]): row for row in ask(day_query)}
    squares = [
        {
            "source": names[source],
            "day": day.isoformat(),
            "level": _level(row["coverage"] if row else None),
            "is_silent": bool(row and row["is_silent"]),
        }
        for source in names
        for day in facts.window
        for row in [found.get((source, day))]
    ]
    has_cut_threads = bool(ask(coverage_queries.HAS_CUT_THREADS)[0]["is_there"])
    cut_query = coverage_queries.cut_threads(facts.window_start, facts.last_day)
    cut = ask(cut_query)[0] if has_cut_threads else {}
    sentences = (*_coverage_sentences(sources, facts, words), *_cut_off(cut, words))
    title = words.say("What the sources covered")
    return Figure(
        key="coverage",
        title=title,
        sentences=sentences,
        drawing=draw(
            lambda size: snapshots.coverage_strip(
                squares, facts.window, list(names.values()), words, size
            ),
            "coverage",
            title,
            " ".join(sentences),
            words,
        )
        if drawn
        else None,
        legend=(
            Key(label=words.say("covered"), colour="cover-3"),
            Key(label=words.say("mostly"), colour="cover-2"),
            Key(label=words.say("partly"), colour="cover-1"),
            Key(label=words.say("not covered"), colour="cover-0"),
            *_silent_key(squares, words),
        ),
        table=_coverage_table(sources, words),
        told=reckoned_table(_covered(sources, facts, words), words),
        definitions=defined(words, ["coverage"]),
        queries=(
            source_query,
            day_query,
            queries.told(["volume"], facts.span.grain, [facts.window_start]),
            *([cut_query] if cut.get("threads_count") else ()),
        ),
    )


def _silent_key(squares: Sequence[Row], words: Words) -> tuple[Key, ...]:
    if not any(square["is_silent"] for square in squares):
        return ()
    label = words.say("! silent: nothing came where much was expected")
    return (Key(label=label, colour=""),)


def _trouble(row: Row) -> tuple[bool, float, str]:
    """Sources with trouble first, then the least covered."""
    return (row["last_status"] == "complete", _share(row) or 0.0, row["source"])


def _share(row: Row) -> float | None:
    return float(row["covered_hours"]) / float(row["hours"]) if row["hours"] else None


def _level(coverage: float | None) -> int:
    if not coverage:
        return 0
    return 3 if coverage >= 0.99 else 2 if coverage >= 0.5 else 1


def _coverage_sentences(sources: Sequence[Row], facts: Facts, words: Words) -> tuple[str, ...]:
    if not sources:
        return (words.say("No source is configured: these posts were imported."),)
    good = [row for row in sources if row["last_status"] == "complete"]
    covered, hours = _hours(sources, facts)
    told = [_last_runs(len(good), len(sources), words)]
    if hours:
        told.append(
            words.say(
                "Of all hours of all sources in {period}, {share} was covered.",
                period=facts.span.told(words),
                share=words.share(covered / hours),
            )
        )
    if facts.window_start < facts.first_day:
        told.append(words.say("We have listened since {day}.", day=words.day(facts.first_day)))
    told += [_failure(row, words) for row in sources if row["last_status"] != "complete"][:5]
    told += _without_access(sources, words)
    silent = [row["source"] for row in sources if row["silent_days"]]
    if silent:
        told.append(
            words.say(
                "Remarkably silent: {names}. Look whether the source still works.",
                names=words.first_names(silent, 5),
            )
        )
    return tuple(told)


def _cut_off(cut: Row, words: Words) -> Iterator[str]:
    """Conversations of the period that are not whole: still asked for, and given up."""
    given_up = cut.get("given_up_count") or 0
    waited_for = (cut.get("threads_count") or 0) - given_up
    if waited_for:
        yield words.many(
            "Of {count} conversation a part could not be read yet; the coming nights ask for "
            "it again, and there is nothing for you to do.",
            "Of {count} conversations a part could not be read yet; the coming nights ask for "
            "it again, and there is nothing for you to do.",
            waited_for,
        )
    if given_up:
        yield words.many(
            "Of {count} conversation a part could not be read, so an answer in it may be missing "
            "here: read it on the platform itself before you judge it; which one it is stands in "
            "marts.coverage_threads.",
            "Of {count} conversations a part could not be read, so answers in them may be missing "
            "here: read them on the platform itself before you judge them; which ones they are "
            "stands in marts.coverage_threads.",
            given_up,
        )


def _hours(sources: Sequence[Row], facts: Facts) -> tuple[float, float]:
    """Hours covered and hours of the period, in which those before listening began count too."""
    covered = sum(float(row["covered_hours"] or 0) for row in sources)
    share = facts.score("volume").coverage
    return covered, covered / share if share else sum(float(row["hours"] or 0) for row in sources)


def _covered(sources: Sequence[Row], facts: Facts, words: Words) -> list[Reckoned]:
    """What the sentences tell of all sources together."""
    good = [row for row in sources if row["last_status"] == "complete"]
    covered, hours = _hours(sources, facts)
    return [
        Reckoned(
            label=words.say("sources read to the end"),
            over=words.say("last run"),
            value=words.number(len(good)),
            n=words.number(len(sources)),
        ),
        Reckoned(
            label=words.say("hours covered"),
            over=facts.span.told(words),
            value=words.share(covered / hours) if hours else "–",
            n=words.number(hours),
        ),
    ]


def _without_access(sources: Sequence[Row], words: Words) -> list[str]:
    """What no source was asked for want of a secret, as at most one sentence."""
    lacking = [
        f"{named(row['source'])} ({words.names(verbs)}{_of_variables(row)})"
        for row in sources
        if (verbs := _verbs(row["last_verbs_without_access"], words))
    ]
    if not lacking:
        return []
    return [words.say("Not asked, because a key is missing: {names}.", names="; ".join(lacking))]


def _of_variables(row: Row) -> str:
    """``: MASTODON_TOKEN``, the variables that are not there."""
    missing = _secrets(row).missing
    return f": {', '.join(missing)}" if missing else ""


def _secrets(row: Row) -> SecretNames:
    return of_kept(row["last_secrets_used"], row["last_secrets_missing"])


def _verbs(told: str | None, words: Words) -> list[str]:
    return [words.say(VERBS[verb]) for verb in (told or "").split(", ") if verb in VERBS]


def _last_runs(good: int, total: int, words: Words) -> str:
    if good < total:
        return words.say(
            "{good} of {total} sources were read to the end in their last run.",
            good=words.number(good),
            total=words.number(total),
        )
    if total == 1:
        return words.say("The one source was read to the end in its last run.")
    return words.say(
        "All {total} sources were read to the end in their last run.", total=words.number(total)
    )


def _failure(row: Row, words: Words) -> str:
    """Why a source was not read to the end, and which variable somebody must see to."""
    secrets = _secrets(row)
    if row["last_status"] == "unasked":
        step = set_step(secrets, words)
    else:
        step = secret_step(row["last_error_code"], secrets, words)
    return f"{_failed(row, words)} {step}".rstrip()


def _failed(row: Row, words: Words) -> str:
    if row["last_status"] is None:
        return words.say("Source {source} has not been read yet.", source=named(row["source"]))
    if row["last_status"] == "unasked":
        return words.say(
            "Source {source} has nothing to ask yet: a key, accounts or names are missing.",
            source=named(row["source"]),
        )
    reason = why(row["last_error_code"], words)
    through: datetime | None = row["collected_through"]
    if through is None:
        return words.say("Source {source} {why}.", source=named(row["source"]), why=reason)
    return words.say(
        "Source {source} {why}; we have heard it up to {moment}.",
        source=named(row["source"]),
        why=reason,
        moment=words.moment(through),
    )


def _coverage_table(sources: Sequence[Row], words: Words) -> Table:
    def line(row: Row) -> tuple[str, ...]:
        share = _share(row)
        through: datetime | None = row["collected_through"]
        status = {
            "complete": words.say("complete"),
            "partial": words.say("partial"),
            "failed": words.say("failed"),
            "unasked": words.say("nothing asked"),
        }
        return (
            named(row["source"]),
            platform(row["platform"], words),
            status.get(row["last_status"], "–"),
            words.moment(through) if through else "–",
            "–" if share is None else words.share(share),
            cell(words, row["gap_hours"], 1),
            cell(words, row["posts_count"]),
            cell(words, row["rejected_count"]),
        )

    return Table(
        columns=(
            words.say("source"),
            words.say("platform"),
            words.say("last run"),
            words.say("collected through"),
            words.say("covered"),
            words.say("open gaps (hours)"),
            words.say("posts"),
            words.say("not understood"),
        ),
        rows=tuple(line(row) for row in sources),
        words=frozenset({1, 2, 3}),
    )
