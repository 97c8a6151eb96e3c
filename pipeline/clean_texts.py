"""Texts to look at before they are published, and those in which nothing had to be blanked.

A look takes long, and most texts that are worth one hold nothing to blank: an amount, a number of
an order. Their digests are kept, so that the next publication looks at new texts only. A text that
is gone takes its digest with it at the next publication that looks through all, and other rules
look at all texts again.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from types import ModuleType
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from pipeline import called, phones, scrub, spelled, streets
from pipeline.processes import each_with
from pipeline.query import exists, identifier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BYTES: Final = 16
_CHUNK: Final = 2_000
_ALONE: Final = 5
"""So many chunks are looked at here: to begin processes takes as long."""

_SAID: Final = f"unhex(substr(sha256({{}}), 1, {2 * _BYTES}))"


def begin(database: DuckDBPyConnection) -> None:
    """Begin a publication, of which no text was seen yet."""
    database.execute("create or replace temp table seen_texts (said blob)")


def not_known(
    database: DuckDBPyConnection, source: str, column: str, condition: str, *values: str
) -> list[str]:
    """Distinct texts of a column that fulfil a condition, without those known to be clean.

    Args:
        database: the private database; ``begin`` was called on it.
        source: a mart, as SQL writes it.
        column: one of its columns of text.
        condition: which of them are worth a look, in SQL with a question mark for each value.
        values: what the question marks stand for.
    """
    name = identifier(column)
    database.execute(
        f"""
        create or replace temp table looked_at as
        select distinct {_SAID.format(name)} as said, {name} as shown
        from {source} where {condition}
        """,
        values,
    )
    found = []
    # to look among millions of digests for none takes half a second, in each of many columns
    if exists(database, "select 1 from looked_at limit 1"):
        database.execute("insert into seen_texts select said from looked_at")
        found = database.execute(
            """
            select shown from looked_at
            where said not in (select said from enriched.clean_texts where rules = ?)
            """,
            [rules()],
        ).fetchall()
    database.execute("drop table looked_at")
    return [text for (text,) in found]


def scrubbed(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each text and how it is shown; on all cores where there are many."""
    remaining = iter(texts)
    chunks = iter(lambda: list(islice(remaining, _CHUNK)), [])
    for chunk, shown in each_with(_scrub_all, chunks, alone=_ALONE):
        yield from zip(chunk, shown, strict=True)


def _scrub_all(texts: list[str]) -> list[str]:
    return [scrub.scrub(text) for text in texts]


def note_clean(database: DuckDBPyConnection, texts: Iterable[str]) -> None:
    """Note texts in which nothing had to be blanked."""
    said = [hashlib.sha256(text.encode()).digest()[:_BYTES] for text in texts]
    if not said:
        return
    database.register("newly_clean", pa.table({"said": pa.array(said, pa.binary())}))
    try:
        database.execute(
            "insert into enriched.clean_texts select said, ? from newly_clean", [rules()]
        )
    finally:
        database.unregister("newly_clean")


def settle(database: DuckDBPyConnection, *, are_all_seen: bool) -> None:
    """End a publication: forget the texts that are gone, and looks by other rules.

    Args:
        database: the private database.
        are_all_seen: whether it looked through all texts there are, so that any other is gone.
    """
    if are_all_seen:
        database.execute(
            """
            delete from enriched.clean_texts
            where rules <> ? or said not in (select said from seen_texts)
            """,
            [rules()],
        )
    database.execute("drop table seen_texts")


def forget_all(database: DuckDBPyConnection) -> None:
    """Forget every look, so that nothing is left of somebody; the next publication looks again."""
    database.execute("delete from enriched.clean_texts")


@cache
def rules() -> str:
    """A name for the rules by which texts are looked at: another one as soon as these change."""
    return said_by(called, phones, scrub, spelled, streets)


def said_by(*modules: ModuleType) -> str:
    """A name for what modules say: another one as soon as one of them changes."""
    sources = "".join(map(inspect.getsource, modules))
    return hashlib.sha256(sources.encode()).hexdigest()[:_BYTES]
