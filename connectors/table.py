"""Tables of posts in files: CSV, NDJSON or Parquet, from exports, archives and other tools.

Reads: local files (``urls``), one row a post. The columns understood are the fields of Post, by the
    same name or by the usual other names (``tweet_id``, ``username``, ``in_reply_to``); needed are
    ``post_id``, ``created_at`` and ``text`` or ``title``. ``options.map`` names the column of a
    field where it is called otherwise (``map = {parent_id = "antwoord_op"}``; in NDJSON and Parquet
    a dotted name looks inside: ``author_handle = "user.name"``). Other options: ``platform``, that
    of the posts; ``timezone``, of times that name none (UTC); ``time_format``, as for ``strptime``;
    ``encoding`` and ``delimiter`` of a CSV file that is not what it looks like.
Access: open: nothing is asked of any server.
Cannot tell: what the file leaves out; an edit or a deletion shows only in a newer file.
Quirks: without a column ``kind`` a row with a parent is a reply; without ``mentions``, ``tags`` or
    ``links`` they are taken from the text; a file was observed when it was last written; a row that
    is not understood is set apart with its line number; what stands above the names of columns is
    passed over, and so are rows with nothing in them. The file is read whole every night.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.given_files import path_of, written_at
from connectors.table_cells import Plan, as_post, plan_of
from connectors.table_rows import Row, open_table
from pipeline.errors import ConfigError, PayloadError, SourceUnavailable
from pipeline.post import Post, Read
from pipeline.reading import understand_item
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(kind="open", files=True)
OPTIONS: Final = frozenset({"map", "platform", "timezone", "time_format", "encoding", "delimiter"})


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:  # noqa: ARG001
    """Every post of the files, however old: a file is given to be read whole."""
    if not source.urls:
        raise ConfigError("a table needs the path of a file in `urls`", where=source.name)
    for address in source.urls:
        path = path_of(address)
        yield from read_file(path, source.options, written_at(path))


def read_file(path: Path, options: Mapping[str, Any], observed_at: datetime) -> Iterator[Read]:
    """The posts of one file, row by row, in memory that does not grow with the file.

    Raises:
        ConfigError: the options name a column, field, time zone or encoding that is not there.
        PayloadError: the file is no table, or not in the encoding it should be in.
        SourceUnavailable: it cannot be opened.
    """
    unknown = sorted(set(options) - OPTIONS)
    if unknown:
        raise ConfigError(
            f"unknown option {unknown[0]!r}", where=str(path), todo=f"known: {sorted(OPTIONS)}"
        )
    try:
        is_header = partial(_names_posts, options)
        with path.open("rb") as file, open_table(file, options, is_header) as table:
            plan = _sent(plan_of(options, table.columns))
            for row in table.rows:
                yield from understand_item(_UNDERSTANDING, _item(row, observed_at, plan))
    except OSError as error:
        raise SourceUnavailable(
            f"cannot be read: {error.strerror}", where=str(path), todo="see who may read the file"
        ) from error
    except (ConfigError, PayloadError) as error:
        raise error.at(str(path)) from error.__cause__


def read(reply: Reply) -> Iterator[Item]:
    """Cut the bytes of a file into rows; its columns must have names that are understood."""
    with open_table(io.BytesIO(reply.body), {}, partial(_names_posts, {})) as table:
        plan = _sent(plan_of({}, table.columns))
        for row in table.rows:
            yield _item(row, reply.observed_at, plan)


def to_post(item: Item) -> Post:
    """Understand one row: a JSON object of its columns."""
    return as_post(item.raw, _received(item.context["plan"]), item.observed_at)


_UNDERSTANDING: Final = SimpleNamespace(to_post=to_post)


def _names_posts(options: Mapping[str, Any], present: Sequence[str]) -> bool:
    """Whether these are columns of a table of posts, even if two of them have one name."""
    try:
        plan_of(options, present)
    except ConfigError:
        return False
    except PayloadError:
        return True
    return True


def _sent(plan: Plan) -> Mapping[str, str]:
    """The plan as every row carries it."""
    return {"plan": msgspec.json.encode(plan).decode()}


@lru_cache(maxsize=16)
def _received(plan: str) -> Plan:
    return msgspec.json.decode(plan, type=Plan)


def _item(row: Row, observed_at: datetime, plan: Mapping[str, str]) -> Item:
    return Item(raw=row.raw, path=row.path, observed_at=observed_at, context=plan)
