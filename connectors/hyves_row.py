"""Cut a file of what was said on Hyves into rows, and understand one row."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from connectors.dates import read_time, year_first
from connectors.markup import clean, resolve
from connectors.paging import decode
from connectors.plain_words import PAGE, TAG
from pipeline.errors import PayloadError
from pipeline.post import Kind, Post, Visibility, utc_from_epoch
from pipeline.source import Item

COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "kind": ("type", "soort"),
    "id": ("post_id",),
    "url": ("link",),
    "author": ("from", "van", "username"),
    "author_name": ("name", "naam"),
    "to": ("page", "aan", "pagina"),
    "created_at": ("date", "datum", "time"),
    "title": ("titel", "subject"),
    "text": ("body", "tekst", "message"),
    "in_reply_to": ("parent_id", "reactie_op"),
    "visibility": ("zichtbaar",),
}
"""The columns understood, and their other names; needed are ``kind``, ``created_at``, ``text``."""
_KINDS: Final[Mapping[str, Kind | None]] = {
    **dict.fromkeys(("krabbel", "scrap", "tik"), "comment"),
    **dict.fromkeys(("www", "wie-wat-waar", "wwwo", "status", "tip", "gadget"), "post"),
    **dict.fromkeys(("blog", "weblog"), "article"),
    **dict.fromkeys(("comment", "reactie", "reply"), "reply"),
    **dict.fromkeys(("member", "lid", "friend", "vriend", "profile", "profiel"), None),
}
_OPEN: Final = frozenset({"", "public", "openbaar", "iedereen", "everyone"})
_HOME: Final = ZoneInfo("Europe/Amsterdam")
_EXTRA: Final = ""


class Row(NamedTuple):
    """One row as a JSON object, and where it stands."""

    raw: bytes
    path: str


def rows_of(body: bytes) -> Iterator[Row]:
    """The rows of a table (CSV), a JSON list, or one JSON object a line.

    Raises:
        PayloadError: none of these: a page, an empty or broken file.
    """
    try:
        text = body.decode("utf-8-sig").lstrip()
    except UnicodeDecodeError as error:
        raise PayloadError(f"not {error.encoding}: {error.reason}") from error
    if not text or text.startswith(("<", "WARC/")):
        raise PayloadError(
            "no rows: web pages of Hyves are not understood" if text else "the file is empty",
            todo="make a table of them with the columns the connector names",
        )
    if text.startswith("["):
        for index, element in enumerate(decode(text.encode(), list[msgspec.Raw])):
            yield Row(bytes(element), f"$[{index}]")
    elif text.startswith("{"):
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                decode(line.encode(), dict[str, msgspec.Raw], where=f"line {number}")
                yield Row(line.strip().encode(), f"$[line {number}]")
    else:
        yield from _table(text)


def _table(text: str) -> Iterator[Row]:
    csv.field_size_limit(max(16_000_000, csv.field_size_limit()))
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = [name.strip() for name in next(reader)]
        missing = [name for name in ("kind", "created_at", "text") if _name(name, columns) is None]
        if missing:
            raise PayloadError(f"no column for {' and '.join(missing)}")
        for cells in reader:
            if cells:
                row: dict[str, Any] = dict(zip(columns, cells, strict=False))
                if len(cells) > len(columns):
                    row[_EXTRA] = cells[len(columns) :]
                raw = json.dumps(row, ensure_ascii=False).encode("utf-8", "replace")
                yield Row(raw, f"$[line {reader.line_num}]")
    except csv.Error as error:
        raise PayloadError(f"line {reader.line_num}: {error}") from error


def _name(field: str, columns: Sequence[str] | Mapping[str, Any]) -> str | None:
    return next((name for name in (field, *COLUMNS[field]) if name in columns), None)


def row_post(item: Item) -> Post | None:
    """What one row says; None for a friend or member.

    Raises:
        PayloadError: a row without its kind, time or words, or with more cells than columns.
    """
    row = msgspec.json.decode(item.raw, type=dict[str, Any])
    if _EXTRA in row:
        raise PayloadError("more cells than columns: a comma or quotation mark too many?")
    kind = _kind(_needed(row, "kind"))
    if kind is None:
        return None
    text = clean(_needed(row, "text")).strip()
    title = clean(_cell(row, "title")).strip() or None
    if not text and title is None:
        raise PayloadError("no words", where="$.text")
    author, owner = _cell(row, "author").lower() or None, _cell(row, "to").lower() or None
    parent = _cell(row, "in_reply_to") or None
    moment = _time(_needed(row, "created_at"), item.observed_at)
    return Post(
        platform="hyves",
        post_id=_cell(row, "id") or _digest(author, owner, moment.isoformat(), text, title),
        kind="reply" if parent else kind,
        observed_at=item.observed_at,
        created_at=moment,
        url=resolve(_cell(row, "url")),
        parent_id=parent,
        parent_author_id=owner,
        author_id=author,
        author_handle=author,
        author_name=_cell(row, "author_name") or None,
        author_url=f"https://{author}.hyves.nl/" if author and author.isalnum() else None,
        title=title,
        text=text,
        mentions=(owner,) if owner and owner != author else (),
        tags=tuple(dict.fromkeys(TAG.findall(text))),
        links=tuple(dict.fromkeys(each.rstrip(".,;:!?)") for each in PAGE.findall(text))),
        visibility=_visibility(_cell(row, "visibility")),
        payload=item.raw.decode("utf-8", "replace"),
    )


def _cell(row: Mapping[str, Any], field: str) -> str:
    """The words of a cell; empty where the row has none."""
    name = _name(field, row)
    value = row[name] if name is not None else None
    if value is None:
        return ""
    if isinstance(value, bool | float | list | dict):
        raise PayloadError("not a text", where=f"$.{name}")
    return str(value).strip()


def _needed(row: Mapping[str, Any], field: str) -> str:
    if _name(field, row) is None:
        raise PayloadError(f"no {field}", where=f"$.{field}")
    return _cell(row, field)


def _kind(word: str) -> Kind | None:
    if word.lower() not in _KINDS:
        raise PayloadError(
            f"no such kind: {word[:40]!r}; known are {', '.join(_KINDS)}", where="$.kind"
        )
    return _KINDS[word.lower()]


def _visibility(word: str) -> Visibility:
    """What was for friends, or is called what we do not know, is not kept."""
    return "public" if word.lower() in _OPEN else "followers"


def _time(text: str, observed_at: datetime) -> datetime:
    """A time; one that names no zone is of the Netherlands."""
    if re.fullmatch(r"1\d{9}", text, re.ASCII):
        return utc_from_epoch(int(text))
    moment = read_time(year_first(text), observed_at, _HOME)
    if moment is None:
        raise PayloadError(f"{text[:40]!r} is not a time that is understood", where="$.created_at")
    return moment


def _digest(*parts: str | None) -> str:
    joined = "\x1f".join(part or "" for part in parts)
    return "archive:" + hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()[:32]
