"""What of the last publication stands: rows that would leave as they are written there already.

A night changes a few posts of many. Where the marts are those of the build that was published last,
or that build and what one night has added to it, the rows of posts that did not change are copied
from the published file, under the pseudonyms they have there; all others are looked at and named
as ever. It is a new file all the same: nothing is changed in place, so that no byte is left of what
is gone. In any doubt everything is written from the marts.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline import border, called, clean_texts, naming, phones, scrub, spelled, streets
from pipeline.built import last_build
from pipeline.clean_texts import said_by
from pipeline.errors import WarehouseError
from pipeline.query import columns_of, exists, first, has_column, has_table, identifier, literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

KEPT_BY_POST: Final = ("posts", "post_roles")
"""Marts of which a night makes the rows of ``int_changed_rows`` again, and no others."""

WHOLE_AFTER: Final = 7
"""After so many publications in a row everything is written from the marts once."""

NAMED, MOVED, MOVED_ROWS, SCHEMA = "named_alike", "moved_posts", "moved_rows", "standing"
SHARE: Final = 5
"""Where more than one post in so many has moved, nothing is won by copying the others."""


class DoesNotStandError(WarehouseError):
    """Rows of the last publication do not fit the marts."""


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """A published file as it was left: its size in bytes, when it was written, and by which rules.

    ``build`` names the build whose marts it holds, ``key`` the key of its pseudonyms; ``copies`` is
    how many publications in a row took rows of the one before.
    """

    file: str
    size: int
    written: int
    build: str
    key: str
    rules: str
    copies: int


def forget(database: DuckDBPyConnection) -> None:
    """Let nothing stand: the next publication is written from the marts."""
    database.execute("drop table if exists main.published")
    database.execute("drop table if exists main.named_posts")


def note_named(database: DuckDBPyConnection) -> None:
    """Note the posts in which somebody is called by name, in table ``named_alike``.

    A name is blanked wherever the same words stand, so posts with the same words are among them.

    Args:
        database: the private database; ``pipeline.naming.note_names`` was called on it.
    """
    words = []
    if exists(database, f"select 1 from {naming.TABLE} limit 1"):
        words = [
            each for each in sorted(border.WORDS) if has_column(database, "marts", "posts", each)
        ]
    alike = "".join(
        f"""
        union select post_key from marts.posts semi join (
            select distinct {name} from marts.posts semi join {naming.TABLE} using (post_key)
        ) using ({name})
        """
        for name in words
    )
    database.execute(
        f"create or replace temp table {NAMED} as select post_key from {naming.TABLE} {alike}"
    )


def note_publication(
    database: DuckDBPyConnection, path: Path, key: str, before: Publication | None
) -> None:
    """Note what was published, once its file is in place.

    Args:
        database: the private database; ``note_named`` was called for this file.
        path: the file.
        key: the name of the key of its pseudonyms.
        before: the publication of which rows were copied, if any.
    """
    forget(database)
    build = last_build(database)
    if build is None:
        return
    told = path.stat()
    published = Publication(
        file=path.name,
        size=told.st_size,
        written=told.st_mtime_ns,
        build=build.name,
        key=key,
        rules=rules(),
        copies=0 if before is None else before.copies + 1,
    )
    database.execute(f"create table main.named_posts as from {NAMED}")
    database.execute(
        "create table main.published as select ?::varchar as told",
        [msgspec.json.encode(published).decode()],
    )


def last_publication(database: DuckDBPyConnection, folder: Path, key: str) -> Publication | None:
    """The publication of which rows stand; None where nothing does.

    Args:
        database: the private database.
        folder: where published files are.
        key: the name of the key of the present pseudonyms.
    """
    build = last_build(database)
    if build is None or not has_table(database, "main", "published"):
        return None
    row = first(database, "select told from main.published")
    if row is None:
        return None
    try:
        found = msgspec.json.decode(row[0], type=Publication)
    except msgspec.MsgspecError:
        return None  # noted by another version
    path = folder / found.file
    # what DuckDB has not yet written into the file would be read as well
    if not path.is_file() or path.with_name(f"{path.name}.wal").exists():
        return None
    told = path.stat()
    stands = (
        found.build in build
        and (found.key, found.rules) == (key, rules())
        and (found.size, found.written) == (told.st_size, told.st_mtime_ns)
        and found.copies < WHOLE_AFTER
    )
    return found if stands else None


@cache
def rules() -> str:
    """A name for all that decides how a row of a mart leaves, but for the key."""
    return said_by(
        called, phones, scrub, spelled, streets, clean_texts, naming, border, sys.modules[__name__]
    )


def note_moved(database: DuckDBPyConnection, published: Publication, shown: str) -> bool:
    """Note the posts of which no row stands, in table ``moved_posts``; whether they are few.

    These are the posts that the build made again or left out, and those in which somebody of their
    conversation is called by name, now or at the last publication: people change their names. Posts
    with the same words are among the latter.

    Args:
        database: the private database; ``note_named`` was called on it.
        published: the publication whose rows stand.
        shown: SQL of the pseudonym of ``post_key``.
    """
    build = last_build(database)
    made_again = """
        union select post_key from intermediate.int_changed_keys
        union select post_key from intermediate.int_keys
        semi join intermediate.int_changed_rows using (post_number)
    """
    changed = made_again if build is None or build.name != published.build else ""
    database.execute(
        f"""
        create or replace temp table {MOVED} as
        select post_key, {shown} as shown from (
            select post_key from {NAMED} union select post_key from main.named_posts
            {changed}
        )
        """
    )
    return exists(
        database,
        f"select 1 where (select count(*) from {MOVED}) * {SHARE} "
        "<= (select count(*) from marts.posts)",
    )


def refuse_other_count(database: DuckDBPyConnection, table: str, copy: str) -> None:
    """Let a copy with more or fewer rows than its mart not be published.

    Raises:
        DoesNotStandError: it has; what was taken for unchanged was not.
    """
    told = f"(select count(*) from {copy})", f"(select count(*) from marts.{identifier(table)})"
    if not exists(database, f"select 1 where {told[0]} = {told[1]}"):
        raise DoesNotStandError(f"{table} has other rows than were copied", where=f"marts.{table}")


def begin(database: DuckDBPyConnection, path: Path) -> None:
    """Attach the published file whose rows stand."""
    database.execute(f"attach {literal(str(path))} as {SCHEMA} (read_only)")


def end(database: DuckDBPyConnection) -> None:
    """Detach it, and drop what was noted."""
    database.execute(f"detach database if exists {SCHEMA}")
    for name in (MOVED, MOVED_ROWS):
        database.execute(f"drop table if exists temp.{name}")


def note_moved_rows(database: DuckDBPyConnection, table: str) -> list[str]:
    """Note the rows of a mart that do not stand, in table ``MOVED_ROWS``; its columns in order."""
    mart = f"marts.{identifier(table)}"
    # by where they stand: to look for whole rows by a key would be to read all rows whole
    database.execute(
        f"""
        create or replace temp table {MOVED_ROWS} as
        from {mart} where rowid in (select rowid from {mart} semi join {MOVED} using (post_key))
        """
    )
    return [name for name, *_ in database.execute(f"describe {MOVED_ROWS}").fetchall()]


def standing_rows(table: str, columns: Sequence[str]) -> str:
    """SQL of the rows of a mart that stand, as they were published."""
    listed = ", ".join(f"told.{identifier(name)}" for name in columns)
    return f"""
        select {listed} from {SCHEMA}.marts.{identifier(table)} as told
        anti join {MOVED} on told.post_key = {MOVED}.shown
    """


def has_same_columns(database: DuckDBPyConnection, table: str) -> bool:
    """Whether the published mart has the columns and types that the mart has now."""
    columns = columns_of(database, "marts", table)
    return bool(columns) and columns == columns_of(database, "marts", table, literal(SCHEMA))
