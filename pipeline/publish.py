"""Publish: schema ``marts`` as a file of its own, for analysts, notebooks and the report.

A new file beside the old ones, forced to disk, opened once to see that it reads, and only then
named by ``analytics.duckdb``: nobody is locked out, and nobody sees half a night.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from pipeline import clean_texts, standing
from pipeline.audit import audit
from pipeline.border import copy_out, keyed
from pipeline.errors import WarehouseError
from pipeline.files import force
from pipeline.kept import publish_kept
from pipeline.landing import safe_name
from pipeline.ledger import refuse_late
from pipeline.naming import note_names, terms_that_leave
from pipeline.privacy import forget_old_keys, has_old_keys, key_id, published_key
from pipeline.query import identifier, literal
from pipeline.standing import KEPT_BY_POST, DoesNotStandError, Publication

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STORAGE_VERSION: Final = "v1.2.0"
"""Readable by DuckDB 1.2 and later; the writer's own format is not."""

KEPT: Final = 3
LINK_NAME: Final = "analytics.duckdb"
_log: Final = logging.getLogger(__name__)


_DICTIONARY: Final = """
    -- made and explained before it is filled, as it tells of itself too
    create table publication.marts.dictionary (
        table_name varchar, column_name varchar, data_type varchar, meaning varchar
    );
    comment on table publication.marts.dictionary is
        'Grain: one row per table (column_name is null) and column: what it means.';
    comment on column publication.marts.dictionary.table_name is 'A table of the schema marts';
    comment on column publication.marts.dictionary.column_name is
        'One of its columns; null where the row is about the table';
    comment on column publication.marts.dictionary.data_type is
        'The type of the column; null where the row is about the table';
    comment on column publication.marts.dictionary.meaning is
        'What it means, as in docs/measures.md';
    insert into publication.marts.dictionary
    select table_name, column_name, data_type, meaning from (
        select table_name, column_name, data_type, comment as meaning, column_index
        from duckdb_columns() where database_name = 'publication'
        union all
        select table_name, null, null, comment, 0
        from duckdb_tables() where database_name = 'publication'
    )
    order by table_name, column_index
"""
"""``describe`` prints no comments in any client; this table can be read in all."""


def publish(
    database: DuckDBPyConnection,
    data: Path,
    run_id: str,
    now: datetime,
    *,
    check: Callable[[Path], None],
) -> Path:
    """Publish the marts; returns the new file.

    Args:
        database: the private database.
        data: the data folder.
        run_id: the run whose numbers these are.
        now: what ``published_at`` is to say.
        check: opens a published file and raises when it cannot be read.

    Raises:
        PrivacyError: the marts hold what names a person; the file before stays in place.
        ConfigError: the secret of the pseudonyms is named and cannot be read.
        WarehouseError: there are no marts, the disk is full, or a newer run has begun.
    """
    refuse_late(database, run_id)
    audit(database)
    keys = data / "keys"
    key = published_key(keys, now.date())
    folder = data / "publish"
    link = data / LINK_NAME
    if link.is_dir():
        raise WarehouseError(
            "a folder stands where the published file is linked",
            where=str(link),
            todo="move it away",
        )
    target = folder / f"analytics-{safe_name(run_id)}.duckdb"
    temporary = target.with_suffix(".tmp")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o755)
        # also what another run left when it was killed
        for each in folder.glob("analytics-*.tmp*"):
            each.unlink()
        before = _copy(database, temporary, data, run_id, now, key)
        check(temporary)
        temporary.chmod(0o644)
        force(temporary)
        temporary.replace(target)
        force(folder)
        _point(link, target)
    except OSError as error:
        raise WarehouseError(f"cannot publish: {error}", where=str(target)) from error
    finally:
        _clear(temporary)
    _forget_old(folder, target, keep=1 if has_old_keys(keys) else KEPT)
    forget_old_keys(keys)
    standing.note_publication(database, target, key_id(key), before)
    return target


def _copy(
    database: DuckDBPyConnection, path: Path, data: Path, run_id: str, now: datetime, key: bytes
) -> Publication | None:
    """Write the file; returns the publication of which rows were copied, None when none were."""
    before = standing.last_publication(database, path.parent, key_id(key))
    try:
        return _copy_marts(database, path, data, run_id, now, key, before)
    except (duckdb.Error, DoesNotStandError) as error:
        if before is None:
            raise
        _log.warning("%s cannot be copied from: %s", before.file, error)
        _clear(path)
        return _copy_marts(database, path, data, run_id, now, key, None)


def _clear(path: Path) -> None:
    """Take away a file that was not finished, and what DuckDB had written beside it."""
    for each in (path, path.with_name(f"{path.name}.wal")):
        each.unlink(missing_ok=True)


def _copy_marts(
    database: DuckDBPyConnection,
    path: Path,
    data: Path,
    run_id: str,
    now: datetime,
    key: bytes,
    before: Publication | None,
) -> Publication | None:
    """Write the marts; returns ``before`` where rows of it were copied."""
    names = [
        name
        for (name,) in database.execute(
            """
            select table_name from information_schema.tables
            where table_schema = 'marts' and table_catalog = current_database()
            order by table_name
            """
        ).fetchall()
    ]
    if "publication" not in names:
        raise WarehouseError("there are no marts to publish", todo="`luister build` first")
    database.execute(
        f"attach {literal(str(path))} as publication (storage_version {literal(STORAGE_VERSION)})"
    )
    try:
        database.execute("create schema publication.marts")
        note_names(database)
        standing.note_named(database)
        clean_texts.begin(database)
        stand = _begin_standing(database, path.parent, key, before)
        for name in names:
            copy = f"publication.marts.{identifier(name)}"
            if name in stand:
                _copy_what_moved(database, name, copy, key)
            else:
                copy_out(database, name, copy, key, rows=terms_that_leave(database, name))
        clean_texts.settle(database, are_all_seen=not stand)
        publish_kept(database, data)
        _copy_comments(database)
        database.execute(_DICTIONARY)
        database.execute(
            "update publication.marts.publication set published_at = ?, run_id = ?", [now, run_id]
        )
        database.execute("checkpoint publication")
        return before if stand else None
    finally:
        try:
            standing.end(database)
        finally:
            database.execute("detach publication")


def _begin_standing(
    database: DuckDBPyConnection, folder: Path, key: bytes, before: Publication | None
) -> set[str]:
    """The marts of which rows stand in the publication before; it is attached then."""
    if before is None or not standing.note_moved(database, before, keyed("post_key", key)):
        return set()
    standing.begin(database, folder / before.file)
    return {name for name in KEPT_BY_POST if standing.has_same_columns(database, name)}


def _copy_what_moved(database: DuckDBPyConnection, name: str, copy: str, key: bytes) -> None:
    columns = standing.note_moved_rows(database, name)
    copy_out(
        database,
        name,
        copy,
        key,
        rows=standing.MOVED_ROWS,
        standing=standing.standing_rows(name, columns),
    )
    standing.refuse_other_count(database, name, copy)


def _copy_comments(database: DuckDBPyConnection) -> None:
    for kind in ("table", "view"):
        rows = database.execute(
            f"""
            select {kind}_name, comment from duckdb_{kind}s()
            where schema_name = 'marts' and database_name = current_database()
                and comment is not null
            """
        ).fetchall()
        for name, comment in rows:
            database.execute(
                f"comment on table publication.marts.{identifier(name)} is {literal(comment)}"
            )
    rows = database.execute(
        """
        select table_name, column_name, comment from duckdb_columns()
        where schema_name = 'marts' and database_name = current_database() and comment is not null
        """
    ).fetchall()
    for name, column, comment in rows:
        place = f"{identifier(name)}.{identifier(column)}"
        database.execute(f"comment on column publication.marts.{place} is {literal(comment)}")


def _point(link: Path, target: Path) -> None:
    """Let the link name ``target`` in one step."""
    new = link.with_name(f"{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target.relative_to(link.parent))
    new.replace(link)
    force(link.parent)


def _forget_old(folder: Path, newest: Path, *, keep: int) -> None:
    """Keep the newest files only: old ones hold what was deleted since, or older pseudonyms."""
    published = sorted(folder.glob("analytics-*.duckdb"), reverse=True)
    for path in [path for path in published if path != newest][keep - 1 :]:
        path.unlink()
