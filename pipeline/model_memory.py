"""How much memory the models may take, and how many at once: by how many posts there are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SIDE_BY_SIDE: Final = 3_000_000
"""With more posts than these a night makes one model less at a time, and a build of everything
makes them one by one unless half of the machine's memory holds two."""

_PER_MILLION: Final = 1200
"""Megabytes with which a million posts are made two models at a time, little of it on disk."""

_MEGABYTES: Final = {"MiB": 1.048576, "GiB": 1_073.741824, "TiB": 1_099_511.627776}

FEW_POSTS: Final = 200_000
"""So many posts are changed by what a night adds, however few there are; more, and everything is
made again where they are more than a fifth of all: that is quicker, and holds less at once."""


def memory_for(connection: DuckDBPyConnection, *, is_full: bool) -> str:
    """How much DuckDB may take for the models: more as there are more posts, as DuckDB writes it.

    1.2 GB carries a million posts and leaves room for Python on a machine of 4 GB; ten million take
    2.3 GB, and write much to disk and read it again. So where everything is made again it is 1.2 GB
    for each million where half of the machine's memory goes that far, and else a quarter of it.
    The environment variable ``LUISTER_MEMORY`` overrules it.

    Args:
        connection: the database, opened with DuckDB's own settings.
        is_full: whether everything is made again.
    """
    wanted = os.environ.get("LUISTER_MEMORY")
    if wanted:
        return wanted
    posts = posts_in(connection)
    needed = max(1200, 1000 + 130 * posts // 1_000_000)
    return f"{max(needed, _ample(connection, posts) if is_full else 0)}MB"


def _ample(connection: DuckDBPyConnection, posts: int) -> int:
    """Megabytes with which little is written to disk and read again, as far as there are any."""
    return _for_two(posts) if _holds_two(connection, posts) else _machine(connection) // 4


def _for_two(posts: int) -> int:
    return _PER_MILLION * posts // 1_000_000


def _holds_two(connection: DuckDBPyConnection, posts: int) -> bool:
    return _for_two(posts) <= _machine(connection) // 2


def _machine(connection: DuckDBPyConnection) -> int:
    """Megabytes there are: DuckDB takes four fifths where nobody says otherwise."""
    ((told,),) = connection.execute("select current_setting('memory_limit')").fetchall()
    number, unit = str(told).split()
    return int(float(number) * _MEGABYTES.get(unit, 0) / 0.8)


def lanes_for(connection: DuckDBPyConnection, *, is_full: bool) -> int:
    """How many models are made side by side.

    What a night adds is little, whatever there is, and many of its steps keep one core busy: one
    more than where everything is made again gives two cores something to do.
    """
    posts = posts_in(connection)
    is_many = posts > SIDE_BY_SIDE
    if not is_full:
        return 2 if is_many else 3
    is_told = bool(os.environ.get("LUISTER_MEMORY"))
    return 1 if is_many and (is_told or not _holds_two(connection, posts)) else 2


def posts_in(connection: DuckDBPyConnection) -> int:
    """How many posts there are, about."""
    found = connection.execute(
        "select estimated_size from duckdb_tables() "
        "where schema_name = 'raw' and table_name = 'posts'"
    ).fetchone()
    return int(found[0]) if found else 0
