"""The report: one self-contained page a night, week or quarter, from the published file alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, get_args

import msgspec

Kind = Literal["night", "week", "quarter"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
LANGUAGES: Final = ("nl", "en")


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A written report: where it stands, and what it says in five plain lines."""

    path: Path
    headlines: list[str]


def write_report(
    analytics: Path,
    folder: Path,
    *,
    language: str,
    organisation: str | None = None,
    kind: Kind = "night",
    day: date | None = None,
    shelf: str | None = None,
) -> Report:
    """Write the report of the published night, or of a week or quarter, beside its predecessors.

    Args:
        analytics: the published DuckDB file; read only, schema ``marts`` only.
        folder: where reports are kept (see ``pipeline.report.archive``).
        language: ``nl`` or ``en``.
        organisation: whose report; the company under study when None.
        kind: of report.
        day: lies in the week or quarter that is told; the newest that is over when None.
        shelf: language of the list of all reports; that of this one when None.

    Raises:
        ConfigError: no such language or organisation, or the week or quarter is not over.
        WarehouseError: nothing is published, or the file lacks what a report needs.
    """
    from pipeline.analysis import asking
    from pipeline.report import archive, headlines, page
    from pipeline.report.chapters import (
        advice,
        answering,
        giving,
        listening,
        mood,
        network,
        people,
        sending,
        uses,
    )
    from pipeline.report.facts import gather
    from pipeline.report.method import method
    from pipeline.report.words import Words

    Words(language)
    story = (listening, sending, answering, giving, people, network, uses, mood, advice)
    with asking(analytics.resolve()) as ask_file:

        def ask(query: str) -> list[dict[str, Any]]:
            return ask_file(query).as_dicts()

        facts = gather(ask, organisation, kind, day)
        words = Words(language, facts.timezone)
        tiles = headlines.tiles(ask, facts, words)
        chapters = [each.chapter(ask, facts, words) for each in story]
    html = page.render(facts, tiles, chapters, method(facts, words), words)
    path = archive.place(folder, facts, language, is_own=organisation is None)
    archive.keep(html, path)
    archive.write_index(folder, facts.own, Words(shelf or language, facts.timezone))
    return Report(path=path, headlines=[tile.sentence for tile in tiles])


def write_ended(analytics: Path, folder: Path, *, language: str) -> list[Report]:
    """Write the reports of the week and the quarter that ended and have none yet.

    To be called once the report of the night stands in the folder.

    Raises:
        ConfigError: no such language.
        WarehouseError: nothing is published.
    """
    from pipeline.analysis import asking
    from pipeline.report import archive
    from pipeline.report.facts import gather

    with asking(analytics.resolve()) as ask:
        facts = gather(lambda query: ask(query).as_dicts(), None)
    return [
        write_report(analytics, folder, language=language, kind=span.kind, day=span.first)
        for span in archive.due(folder, facts, language)
    ]
