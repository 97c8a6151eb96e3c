"""The canonical export: what the database knows, without by which run and when we looked.

Two databases that were fed the same posts give the same bytes, however often a night was killed on
the way, in whatever order its sources came and whatever key its pseudonyms have.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from pipeline.history import COUNTS
from pipeline.people import AUDIENCE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_OF_THE_RUN: Final = {
    "raw.posts": ("first_seen_at", "last_seen_at", "author_key", "first_source", "first_verb"),
    "raw.post_aliases": (),
    "raw.threads": (),
    "raw.post_versions": ("observed_at",),
    "raw.payloads": ("observed_at",),
    "raw.post_sources": ("first_run_id",),
    "raw.authors": ("author_key", "first_seen_at", "last_seen_at"),
    "enriched.texts": (),
    "enriched.matches": (),
    "enriched.matched_posts": (),
    "enriched.relevance": (),
    "conf.settings": (),
    "conf.organisations": (),
    "conf.accounts": (),
    "conf.sources": (),
    "ops.progress": ("collected_from", "collected_through", "run_id"),
    "ops.gaps": ("gap_from", "gap_to", "run_id", "closed_by_run_id"),
    "raw.cut_threads": ("first_cut_at", "last_cut_at", "run_id", "closed_by_run_id"),
    "ops.quarantine": ("run_id",),
    "ops.http_state": ("run_id",),
}
"""Tables, and their columns that tell of the run rather than of what was found."""

_SERIES: Final = {
    "raw.post_counts": ("post_id", COUNTS),
    "raw.author_counts": ("author_id", AUDIENCE),
}
"""Tables of observations, whose they are and what they count: the order counts, not the moment."""


def canonical_export(database: DuckDBPyConnection) -> bytes:
    """One JSON object a line, in a fixed order; ``deleted_at`` is told as deleted or not."""
    lines: list[str] = []
    for table, left_out in _OF_THE_RUN.items():
        lines += _lines(database, table, f"select distinct {_kept(table, left_out)} from {table}")
    for table, (name, counts) in _SERIES.items():
        packed = ", ".join(f"'{count}': {count}" for count in counts)
        lines += _lines(
            database,
            table,
            f"""
            select platform, {name}, list({{{packed}}} order by observed_at) as counts
            from {table} group by platform, {name}
            """,
        )
    return "".join(f"{line}\n" for line in lines).encode()


def canonical_digest(database: DuckDBPyConnection) -> str:
    """SHA-256 of the canonical export, in hexadecimal."""
    return hashlib.sha256(canonical_export(database)).hexdigest()


def _kept(table: str, left_out: tuple[str, ...]) -> str:
    excluded = f" exclude ({', '.join(left_out)})" if left_out else ""
    if table == "raw.posts":
        return f"*{excluded} replace (deleted_at is not null as deleted_at)"
    if table in {"ops.gaps", "raw.cut_threads"}:
        return f"*{excluded}, closed_by_run_id is not null as is_closed"
    return f"*{excluded}"


def _lines(database: DuckDBPyConnection, table: str, query: str) -> list[str]:
    rows = database.execute(
        f"select to_json(found)::varchar as line from ({query}) as found order by line"
    ).fetchall()
    return [f'{{"table":"{table}","row":{line}}}' for (line,) in rows]
