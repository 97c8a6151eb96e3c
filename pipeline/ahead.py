"""Ahead: runs of a clock that was wrong, dated in what is still to come."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from pipeline.query import identifier, records

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NAMED_BY_MOMENT: Final = r"\d{8}T\d{6}Z-.+"
_MOMENT: Final = "%Y%m%dT%H%M%SZ"
_LENGTH: Final = 16
_NAMING: Final = """
    select table_name, column_name from duckdb_columns()
    where schema_name = 'ops' and column_name in ('run_id', 'closed_by_run_id')
        and database_name = current_database()
    order by all
"""
_MOMENTS: Final = """
    select table_name, column_name from duckdb_columns()
    where schema_name = 'ops' and data_type = 'TIMESTAMP WITH TIME ZONE'
        and column_name <> 'not_before' and database_name = current_database()
    order by all
"""
"""All but until when a source wants rest tell of what was."""

_log: Final = logging.getLogger(__name__)


def put_back(database: DuckDBPyConnection, run_id: str, started_at: datetime) -> None:
    """Date runs that lie ahead of the clock as if they had been right before the one that begins.

    They cannot have begun since: else every night up to their moment would come too late, and what
    they said of a source would be its newest for as long. How far they have looked, and all else
    that happened, is no later than now.

    Args:
        database: the private database, in a transaction.
        run_id: the run that begins.
        started_at: when it begins.
    """
    naming = [(each["table_name"], each["column_name"]) for each in records(database, _NAMING)]
    first = max(run_id, f"{datetime.now(UTC):{_MOMENT}}~")
    ahead = sorted(
        {
            row["name"]
            for table, column in naming
            for row in records(
                database,
                f"""
                select distinct {column} as name from ops.{identifier(table)}
                where {column} > $first and regexp_full_match({column}, $named)
                """,
                {"first": first, "named": _NAMED_BY_MOMENT},
            )
        }
    )
    for place, former in enumerate(ahead):
        moment = started_at - timedelta(seconds=len(ahead) - place)
        name = f"{moment:{_MOMENT}}{former[_LENGTH:]}"
        for table, column in naming:
            database.execute(
                f"update ops.{identifier(table)} set {column} = ? where {column} = ?",
                [name, former],
            )
        _log.warning("the clock was ahead in run %s: it is called %s now", former, name)
    for each in records(database, _MOMENTS) if ahead else ():
        table, column = identifier(each["table_name"]), identifier(each["column_name"])
        database.execute(
            f"update ops.{table} set {column} = $now where {column} > $now", {"now": started_at}
        )
