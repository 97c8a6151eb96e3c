"""How much memory the models may take, and how many at once: by how many posts there are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SIDE_BY_SIDE: Final = 3_000_000
"""With more posts than these all models are made one at a time: two do not fit in memory."""

FEW_POSTS: Final = 200_000
"""So many posts are changed by what a night adds, however few there are; more, and everything is
made again where they are more than a fifth of all: that is quicker, and holds less at once."""


def memory_for(connection: DuckDBPyConnection) -> str:
    """How much DuckDB may take for the models: more as there are more posts, as DuckDB writes it.

    1.2 GB carries a million posts and leaves room for Python on a machine of 4 GB; ten million take
    2.3 GB. The environment variable ``LUISTER_MEMORY`` overrules it.
    """
    wanted = os.environ.get("LUISTER_MEMORY")
    if wanted:
        return wanted
    return f"{max(1200, 1000 + 130 * posts_in(connection) // 1_000_000)}MB"


def lanes_for(connection: DuckDBPyConnection, *, is_full: bool) -> int:
    """How many models are made side by side.

    What a night adds is little, whatever there is, and many of its steps keep one core busy: one
    more than where everything is made again gives two cores something to do.
    """
    most = 1 if posts_in(connection) > SIDE_BY_SIDE else 2
    return most if is_full else most + 1


def posts_in(connection: DuckDBPyConnection) -> int:
    """How many posts there are, about."""
    found = connection.execute(
        "select estimated_size from duckdb_tables() "
        "where schema_name = 'raw' and table_name = 'posts'"
    ).fetchone()
    return int(found[0]) if found else 0
