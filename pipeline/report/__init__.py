"""The report: one self-contained page a night, from the published file alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A written report: where it stands, and what it says in five plain lines."""

    path: Path
    headlines: list[str]


def write_report(
    analytics: Path, folder: Path, *, language: str, organisation: str | None = None
) -> Report:
    """Write the report of the published night beside its predecessors.

    Args:
        analytics: the published DuckDB file; read only, schema ``marts`` only.
        folder: where reports are kept; ``latest-<language>.html`` points at the newest.
        language: ``nl`` or ``en``.
        organisation: whose report; the company under study when None.

    Raises:
        ConfigError: no such language or organisation.
        WarehouseError: nothing is published, or the file lacks what a report needs.
    """
    from pipeline.analysis import ask as ask_file
    from pipeline.report import headlines, page
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

    published = analytics.resolve()

    def ask(query: str) -> list[dict[str, Any]]:
        return ask_file(published, query).as_dicts()

    Words(language)
    facts = gather(ask, organisation)
    words = Words(language, facts.timezone)
    tiles = headlines.tiles(ask, facts, words)
    story = (listening, sending, answering, giving, people, network, uses, mood, advice)
    chapters = [each.chapter(ask, facts, words) for each in story]
    html = page.render(facts, tiles, chapters, method(facts, words), words)
    name = page.file_name(facts, words, is_own=organisation is None)
    return Report(
        path=page.archive(html, folder, name), headlines=[tile.sentence for tile in tiles]
    )
