"""Which build the marts are of, and to which one it added: what changed since is known then."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.query import first, has_table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Build(NamedTuple):
    """The name of a build, and of that to which it added; None where it made everything again."""

    name: str
    adds_to: str | None


def note_build(database: DuckDBPyConnection, *, is_adding: bool) -> None:
    """Give the build that has ended well a name, and note to which one it added.

    Args:
        database: the private database, all models made.
        is_adding: whether only what changed since the last build was made again.
    """
    is_known = is_adding and has_table(database, "main", "build")
    before = "(select name from main.build)" if is_known else "cast(null as varchar)"
    database.execute(
        "create or replace table main.build as "
        f"select cast(uuid() as varchar) as name, {before} as adds_to"
    )


def forget_build(database: DuckDBPyConnection) -> None:
    """Forget the last build, where the marts are no longer those that it made."""
    for name in ("built", "build"):
        database.execute(f"drop table if exists main.{name}")


def last_build(database: DuckDBPyConnection) -> Build | None:
    """The build whose marts are there; None when there is none, or the last did not end well."""
    # a build takes the first of both away as it begins, and puts it back as it ends
    if not all(has_table(database, "main", name) for name in ("built", "build")):
        return None
    row = first(database, "select name, adds_to from main.build")
    return None if row is None else Build(*row)
