"""Cut one file of an archive into its entries: which platform's it is shows in its content."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from connectors.paging import decode
from pipeline.errors import PayloadError

WANTED: Final = re.compile(
    r"(?:account|(?:deleted-|community-)?tweets?(?:-part\d+)?|\d{4}_\d\d)\.js"
    r"|(?:your|profile)_posts(?:__check_ins__photos_and_videos)?(?:_\d+)?\.json"
    r"|comments\.json|posts_\d+\.json|reels\.json|(?:post|reels)_comments(?:_\d+)?\.json"
    r"|(?:Shares|Comments)(?:_\d+)?\.csv"
    r"|user_data(?:_tiktok)?\.json"
)
"""Names of the files that hold what was said openly; messages, likes and groups are never opened.
"""
_ASSIGNED: Final = re.compile(
    r"\s*(?:window\.YTD\.(?P<what>\w+)\.part\d+|Grailbird\.data\.tweets_\d{4}_\d\d)\s*=\s*"
)
"""How a file of X begins; until 2018 there was one for each month."""
_TWEETS: Final = {
    "tweet": "tweet",
    "tweets": "tweet",
    "community_tweet": "tweet",
    "deleted_tweet": "deleted tweet",
    "deleted_tweets": "deleted tweet",
}
_LISTS: Final = {
    "comments_v2": "facebook comment",
    "comments": "facebook comment",
    "ig_reels_media": "instagram post",
    "comments_media_comments": "instagram comment",
    "comments_reels_comments": "instagram comment",
}
_SIGNS: Final = {
    "media": "instagram post",
    "string_map_data": "instagram comment",
    "label_values": "instagram comment",
    "data": "facebook post",
    "attachments": "facebook post",
    "timestamp": "facebook post",
}
_TIKTOK: Final = (
    ("Videos", "VideoList", "tiktok video"),
    ("Posts", "VideoList", "tiktok video"),
    ("Comments", "CommentsList", "tiktok comment"),
)
_TIKTOK_PARTS: Final = frozenset(
    {"Activity", "Your Activity", "Video", "Post", "Comment", "Profile", "Profile And Settings"}
)
_TABLES: Final = {"ShareCommentary": "linkedin share", "Message": "linkedin comment"}
_QUOTED: Final = re.compile(r'\\"(?!\s*\Z|(?:\r?\n)+"?\d{4}-\d\d-\d\d[^,\n]*,)')
"""A quotation mark behind a stroke, unless the comment ends there: with a stroke of its own."""
EXTRA: Final = ""
"""Name under which cells beyond the last column are kept: such a row is not understood."""


class Entry(NamedTuple):
    """One entry as it was written, where it stands, and what it is."""

    raw: bytes
    path: str
    kind: str


def cut(body: bytes) -> Iterator[Entry]:
    """The entries of one file; none for a file of other things (likes, the account itself).

    Raises:
        PayloadError: no file of an archive that is known.
    """
    text = _text(body)
    assigned = _ASSIGNED.match(text)
    if assigned:
        kind = _TWEETS.get(assigned["what"] or "tweet")
        if kind is not None:
            yield from _entries(_list(_listed(text, assigned), "$"), "$", kind)
    elif text[:1] == "[":
        yield from _of_list(_list(text.encode(), "$"))
    elif text[:1] == "{":
        yield from _of_object(decode(text.encode(), dict[str, msgspec.Raw]))
    elif text[:1] == "<":
        raise PayloadError("an archive in HTML", todo="download it again and choose JSON")
    else:
        yield from _of_table(text)


def listed_in(body: bytes) -> bytes:
    """The list that a file of X assigns; an empty one for any other file."""
    text = _text(body)
    assigned = _ASSIGNED.match(text)
    return _listed(text, assigned) if assigned else b"[]"


def _listed(text: str, assigned: re.Match[str]) -> bytes:
    return text[assigned.end() :].rstrip().removesuffix(";").encode()


def account_of(body: bytes) -> Mapping[str, str]:
    """Who the account of an X archive is, told by its ``account.js``; empty for any other file."""
    text = _text(body)
    assigned = _ASSIGNED.match(text)
    if assigned is None or assigned["what"] != "account":
        return {}
    told = [each.account for each in decode(_listed(text, assigned), list[_Owner])][:1]
    return {
        name: value
        for each in told
        for name, value in (
            ("id", each.account_id),
            ("account", each.username),
            ("name", each.account_display_name),
        )
        if value
    }


class _Account(msgspec.Struct, rename="camel"):
    account_id: str
    username: str
    account_display_name: str | None = None


class _Owner(msgspec.Struct):
    account: _Account


def _text(body: bytes) -> str:
    """The file as text, without its byte order mark and blank first lines."""
    is_wide = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = body.decode("utf-16" if is_wide else "utf-8-sig").lstrip()
    except UnicodeDecodeError as error:
        raise PayloadError(f"not {error.encoding}: {error.reason}") from error
    if not text:
        raise PayloadError("the file is empty")
    return text


def _list(body: bytes, where: str) -> list[msgspec.Raw]:
    return decode(body, list[msgspec.Raw], where=where)


def _entries(elements: Iterable[msgspec.Raw], path: str, kind: str) -> Iterator[Entry]:
    for index, element in enumerate(elements):
        yield Entry(bytes(element), f"{path}[{index}]", kind)


def _of_list(elements: list[msgspec.Raw]) -> Iterator[Entry]:
    """A bare list: its first entry that shows a sign tells what all are."""
    kinds = (_SIGNS[name] for element in elements for name in _SIGNS if name in _keys(element))
    kind = next(kinds, None)
    if elements and kind is None:
        raise PayloadError("a list of what is in no archive that is known", where="$")
    yield from _entries(elements, "$", kind or "")


def _keys(raw: msgspec.Raw) -> Mapping[str, Any]:
    try:
        return msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}


def _of_object(answer: Mapping[str, msgspec.Raw]) -> Iterator[Entry]:
    known = [name for name in _LISTS if name in answer]
    for name in known:
        path = f"$.{name}"
        yield from _entries(_list(bytes(answer[name]), path), path, _LISTS[name])
    parts = [name for name in answer if name in _TIKTOK_PARTS]
    told = {key for name in parts for key in _keys(answer[name])}
    if parts and not known and not told & {name for name, _, _ in _TIKTOK}:
        raise PayloadError("neither videos nor comments", where=f"$.{parts[0]}")
    for name in parts:
        yield from _of_tiktok(answer[name], f"$.{name}")
    if not known and not parts:
        raise PayloadError("in no archive that is known", where="$")


def _of_tiktok(part: msgspec.Raw, path: str) -> Iterator[Entry]:
    """Videos and comments of one part of the export; its histories of watching are left alone."""
    inner = _keys(part)
    for name, listed, kind in _TIKTOK:
        if name in inner:
            place = f"{path}.{name}"
            held = decode(bytes(inner[name]), dict[str, msgspec.Raw], where=place)
            if listed not in held:
                raise PayloadError(f"no {listed}", where=place)
            told = bytes(held[listed])
            elements = [] if told == b"null" else decode(told, list[msgspec.Raw], where=place)
            yield from _entries(elements, f"{place}.{listed}", kind)


def _of_table(text: str) -> Iterator[Entry]:
    """The rows of a table; in that of comments a stroke stands before a quotation mark."""
    csv.field_size_limit(max(16_000_000, csv.field_size_limit()))
    reader = _rows(text)
    try:
        columns = [name.strip() for name in next(reader)]
        kind = next((_TABLES[name] for name in columns if name in _TABLES), None)
        if kind is None:
            raise PayloadError("neither JSON nor a table of shares or comments")
        if kind == "linkedin comment":
            reader = _rows(_QUOTED.sub('""', text))
            next(reader)
        for cells in reader:
            if cells:
                yield Entry(_row(columns, cells), f"$[line {reader.line_num}]", kind)
    except csv.Error as error:
        raise PayloadError(f"line {reader.line_num}: {error}") from error


def _rows(text: str) -> Any:
    return csv.reader(io.StringIO(text, newline=""))


def _row(columns: list[str], cells: list[str]) -> bytes:
    row: dict[str, Any] = dict(zip(columns, cells, strict=False))
    if len(cells) > len(columns):
        row[EXTRA] = cells[len(columns) :]
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "replace")
