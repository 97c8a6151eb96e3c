"""Forgetting somebody in the database: their posts deleted, what names them blanked or emptied."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline import clean_texts, marks, standing
from pipeline.query import identifier, transaction
from pipeline.retention import sweep
from pipeline.rewrite import fresh_copy, fresh_path, put_in_place
from pipeline.suppress import GONE, Suppressed
from pipeline.warehouse import DATABASE_NAME, open_warehouse

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BLANKED: Final = frozenset({"title", "text", "error", "reason"})
_EMPTIED: Final = frozenset(
    {"native_id", "url", "parent_id", "root_id", "quoted_id", "reposted_id", "parent_author_id"}
)


def from_database(data: Path, suppressed: Suppressed) -> int:
    """Delete their posts, blank them in those of others, write the file anew; how many posts."""
    path = data / DATABASE_NAME
    fresh_path(path).unlink(missing_ok=True)
    with open_warehouse(data) as warehouse:
        database = warehouse.database
        with transaction(database):
            removed = _remove_posts(database, suppressed)
            for schema, table, column, kind in _columns(database):
                _clean_column(database, f"{schema}.{identifier(table)}", column, kind, suppressed)
            sweep(database)
            clean_texts.forget_all(database)
            standing.forget(database)
        marks.settle(database, data)
        fresh_copy(database, path, with_built=False)
    put_in_place(path)
    return removed


def _remove_posts(database: DuckDBPyConnection, suppressed: Suppressed) -> int:
    rows = database.execute(
        "select distinct platform, author_id, author_handle from raw.posts"
    ).fetchall()
    theirs = [row for row in rows if suppressed.is_author(row[1], row[2])]
    count = 0
    for platform, author_id, handle in theirs:
        found = database.execute(
            "delete from raw.posts where platform = ? and author_id is not distinct from ? "
            "and author_handle is not distinct from ?",
            [platform, author_id, handle],
        ).fetchall()
        count += int(found[0][0])
    return count


def _columns(database: DuckDBPyConnection) -> list[tuple[str, str, str, str]]:
    """Columns of text of all tables that hold what was read, raw.posts first."""
    return database.execute(
        """
        select schema_name, table_name, column_name, data_type from duckdb_columns()
        where schema_name in ('raw', 'enriched', 'ops') and database_name = current_database()
            and data_type in ('VARCHAR', 'VARCHAR[]')
            and not (schema_name = 'raw' and table_name = 'threads')
            and not (schema_name = 'ops' and column_name not in ('error', 'payload', 'address'))
        order by schema_name = 'raw' desc, table_name = 'posts' desc, table_name, column_index
        """
    ).fetchall()


def _clean_column(
    database: DuckDBPyConnection, table: str, column: str, kind: str, suppressed: Suppressed
) -> None:
    """Blank a text, empty a reference, thin a list, and delete a row that cannot be without."""
    name = identifier(column)
    values = f"unnest({name})" if kind.endswith("[]") else name
    rows = database.execute(
        f"select distinct told from (select {values} as told from {table}) where told is not null"
    ).fetchall()
    hits = [told for (told,) in rows if suppressed.names(told)]
    if not hits:
        return
    parameters = {"hits": hits}
    if kind.endswith("[]"):
        database.execute(
            f"update {table} set {name} = list_filter({name}, lambda each: "
            f"not list_contains($hits, each)) where list_has_any({name}, $hits)",
            parameters,
        )
    elif table == 'ops."quarantine"' and column == "payload":
        database.execute(
            f"update {table} set {name} = '' where list_contains($hits, {name})", parameters
        )
    elif column in _BLANKED:
        _blank(database, table, column, hits, suppressed)
    elif table == 'raw."posts"' and column in _EMPTIED:
        database.execute(
            f"update {table} set {name} = null where list_contains($hits, {name})", parameters
        )
    else:
        database.execute(f"delete from {table} where list_contains($hits, {name})", parameters)


def _blank(
    database: DuckDBPyConnection, table: str, column: str, hits: list[str], suppressed: Suppressed
) -> None:
    name = identifier(column)
    for hit in hits:
        shown = suppressed.blank(hit)
        database.execute(f"update {table} set {name} = ? where {name} = ?", [shown, hit])
    if table == 'raw."posts"':
        database.execute(
            """
            update raw.posts set text_key = md5(coalesce(title, '') || chr(10) || text)
            where contains(concat(title, text), ?) and not starts_with(text_key, 'kept-')
                and deleted_at is null
            """,
            [GONE],
        )
