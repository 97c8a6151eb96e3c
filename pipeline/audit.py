"""The audit before publication: nothing in the marts may name a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.border import is_key
from pipeline.errors import PrivacyError
from pipeline.query import exists

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SAMPLE_ROWS: Final = 20_000
_NAMING: Final = re.compile(
    r"handle|(author|user|display|screen|person|account)_?name|(author|user|account)_id"
    r"|(author|user|profile|account|post)_ur[il]|(^|_)(url|uri|permalink)$|e?mail|avatar|payload"
)


def audit(database: DuckDBPyConnection) -> None:
    """Look for columns that name people, and for known people in a sample of the texts.

    Raises:
        PrivacyError: names the column, never the person.
    """
    columns = database.execute(
        """
        select table_name, column_name, data_type from information_schema.columns
        where table_schema = 'marts' and table_catalog = current_database()
        order by table_name, ordinal_position
        """
    ).fetchall()
    for table, column, _ in columns:
        if names_people(column):
            raise PrivacyError(
                f"column {column} would name people", where=f"marts.{table}.{column}"
            )
    _name_people(database)
    for table, column, data_type in columns:
        is_text = data_type == "VARCHAR" and not is_key(column, data_type)
        if is_text and _names_somebody(database, table, column):
            raise PrivacyError(
                "the handle or address of a known author stands in a text",
                where=f"marts.{table}.{column}",
            )


def names_people(column: str) -> bool:
    """Whether a column of this name would hold what names a person."""
    return _NAMING.search(column.lower()) is not None


def _name_people(database: DuckDBPyConnection) -> None:
    """Table ``people``: how authors would show, apart from the accounts of organisations."""
    database.execute(
        """
        create or replace temp table people as
        with authors as (
            select authors.* from raw.authors as authors
            anti join conf.accounts as accounts
                on authors.platform = accounts.platform and accounts.account in (
                    lower(ltrim(authors.author_handle, '@')), lower(authors.author_id)
                )
        )
        select '@' || lower(ltrim(author_handle, '@')) as token from authors
        where length(author_handle) > 1
        union
        select lower(author_id) from authors where regexp_matches(author_id, '[:/@]')
        union
        select lower(rtrim(author_url, '/')) from authors
        where author_url like 'http%://%/_%'
        """
    )


def _names_somebody(database: DuckDBPyConnection, table: str, column: str) -> bool:
    named = f'"{column.replace(chr(34), chr(34) * 2)}"'
    return exists(
        database,
        f"""
        with sample as (
            select {named} as cell from marts."{table.replace(chr(34), chr(34) * 2)}"
            where {named} is not null using sample reservoir({SAMPLE_ROWS} rows) repeatable (7)
        ),
        tokens as (
            select lower(rtrim(unnest(regexp_extract_all(
                cell, '(?:https?://|did:|@)[^\\s<>"'')(,;!?]+'
            )), '/.:…')) as token
            from sample
            union
            select lower(cell) from sample where length(cell) < 300
        )
        select 1 from tokens semi join people using (token) limit 1
        """,
    )
