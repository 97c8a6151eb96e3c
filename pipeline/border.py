"""The analysts' border: what a mart looks like once it leaves the private database.

Names of posts, threads and authors inside the private database are digests that somebody who knows
a post could compute as well. On the way out each becomes an HMAC-SHA256 under the key of the
present period, in every table and in the mentions inside texts alike. Texts are scrubbed before
they are written: what was in a file once stays in its bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from pipeline.clean_texts import not_known, note_clean, scrubbed
from pipeline.naming import named, without_names
from pipeline.query import columns_of, identifier, literal
from pipeline.scrub import WORTH_A_LOOK

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KEY_ENDING: Final = ("_key", "story_id")
AUTHOR: Final = "author_key"
"""Of all keys the one that most rows have in common."""
MENTION: Final = "@[0-9a-f]{32}"
"""A mention in a text whose author is known, as the models write it."""

WORDS: Final = frozenset({"title", "text"})
"""Columns in which posts speak, and may call somebody by name."""

_BLOCK: Final = 64


def copy_out(
    database: DuckDBPyConnection,
    table: str,
    copy: str,
    key: bytes,
    *,
    rows: str | None = None,
    standing: str | None = None,
) -> None:
    """Copy a mart as it may be seen by analysts; nothing else of it is ever written there.

    Args:
        database: the private database, the file to be published attached to it; a publication was
            begun on it (``pipeline.clean_texts``).
        table: the mart, a table or view of schema ``marts``.
        copy: the new table as SQL writes it.
        key: that of the present period.
        rows: a table that holds those rows of the mart that are to leave, in place of all.
        standing: SQL of the other rows, as they have left before.
    """
    columns = columns_of(database, "marts", table)
    source = rows or f"marts.{identifier(table)}"
    has_posts = "post_key" in dict(columns)
    changes = {
        name: _scrubbed(database, source, name, has_posts=has_posts)
        for name, kind in columns
        if kind == "VARCHAR" and not name.endswith(KEY_ENDING)
    }
    found = [(identifier(name), *pair) for name, pairs in changes.items() for pair in pairs]
    names, said, shown = zip(*found, strict=True) if found else ((), (), ())
    text = pa.string()
    scrubbed = {
        "name": pa.array(names, text),
        "said": pa.array(said, text),
        "shown": pa.array(shown, text),
    }
    changed = [name for name, pairs in changes.items() if pairs]
    seen = ", ".join(f"{_leaving(name, kind, key)} as {identifier(name)}" for name, kind in columns)
    keys = [name for name, kind in columns if is_key(name, kind)]
    leaving = _renamed(f"({_scrubbing(source, changed)})", source, keys, key)
    database.register("scrubbed", pa.table(scrubbed))
    try:
        others = f"union all {standing}" if standing else ""
        database.execute(f"create table {copy} as select {seen} from {leaving} as mart {others}")
    finally:
        database.unregister("scrubbed")


def _scrubbed(
    database: DuckDBPyConnection, source: str, column: str, *, has_posts: bool
) -> list[tuple[str, str]]:
    """Texts of a column in which something is blanked, and how they are shown."""
    name = identifier(column)
    # the digits of a pseudonym look like a number of somebody, and a sign alone like that of an
    # address in words: without both few texts need a look
    bare = f"regexp_replace({name}, '{MENTION}', '@x', 'g')"
    worth = " or ".join(f"regexp_matches({bare}, ?)" for _ in WORTH_A_LOOK)
    # what is not written by people stands in many rows alike
    alike = source if column in WORDS else f"(select distinct {name} from {source})"
    shown = dict(scrubbed(not_known(database, alike, column, worth, *WORTH_A_LOOK)))
    note_clean(database, (text for text, told in shown.items() if told == text))
    blanked = {text: told for text, told in shown.items() if told != text}
    if has_posts and column in WORDS:
        for text, names in named(database, source, column):
            blanked[text] = without_names(blanked.get(text, text), names)
    return [(text, told) for text, told in blanked.items() if told != text]


def _scrubbing(source: str, changed: list[str]) -> str:
    """SQL of a mart in which these columns are as they are shown."""
    if not changed:
        return f"select * from {source}"
    columns = []
    for column in map(identifier, changed):
        this = f"scrubbed.name = {literal(column)} and scrubbed.said = mart.{column}"
        found = f"(select min(shown) from scrubbed where {this})"
        columns.append(f"coalesce({found}, mart.{column}) as {column}")
    return f"select mart.* replace ({', '.join(columns)}) from {source} as mart"


def is_key(name: str, kind: str) -> bool:
    """Whether a column holds names of posts, threads or authors, which leave as pseudonyms only."""
    return kind == "VARCHAR" and name.endswith(KEY_ENDING)


def _renamed(rows: str, source: str, keys: list[str], key: bytes) -> str:
    """SQL of rows with the pseudonym of each of their keys beside it.

    One takes longer than reading a row: it is made once for all posts of an author, and for a key
    that stands in the row more than once, as that of a post does that begins a thread.
    """
    before: list[str] = []
    for name in keys:
        column, shown = identifier(name), identifier(_shown(name))
        if name == AUTHOR:
            rows = f"""(
                select mart.*, authors.{shown} from {rows} as mart left join (
                    select told, {keyed("told", key)} as {shown}
                    from (select distinct {column} as told from {source})
                ) as authors on mart.{column} = authors.told
            )"""
            continue
        known = " ".join(
            f"when mart.{column} = mart.{identifier(other)} then mart.{identifier(_shown(other))}"
            for other in before
        )
        fresh = keyed(f"mart.{column}", key)
        pseudonym = f"case {known} else {fresh} end" if known else fresh
        rows = f"(select mart.*, {pseudonym} as {shown} from {rows} as mart)"
        before.append(name)
    return rows


def _shown(name: str) -> str:
    """What the pseudonym of a key is called beside it: no column of a mart is written like that."""
    return f"{name} shown"


def _leaving(name: str, kind: str, key: bytes) -> str:
    """SQL of a column as it leaves."""
    column = f"mart.{identifier(name)}"
    if kind != "VARCHAR":
        return column
    if is_key(name, kind):
        return f"mart.{identifier(_shown(name))}"
    mentioned = f"list_distinct(regexp_extract_all({column}, '{MENTION}'))"
    known = f"'@' || {keyed('substr(mention, 2)', key)}"
    return f"""
        case when contains({column}, '@') then list_reduce(
            {mentioned}, lambda told, mention: replace(told, mention, {known}), {column}
        ) else {column} end
    """


def keyed(expression: str, key: bytes) -> str:
    """SQL of the pseudonym of a text: HMAC-SHA256 (RFC 2104), the first 32 hexadecimal digits."""
    block = key.ljust(_BLOCK, b"\0")
    inner = bytes(byte ^ 0x36 for byte in block).hex()
    outer = bytes(byte ^ 0x5C for byte in block).hex()
    inside = f"sha256(unhex('{inner}') || encode({expression}))"
    return f"substr(sha256(unhex('{outer}') || unhex({inside})), 1, 32)"
