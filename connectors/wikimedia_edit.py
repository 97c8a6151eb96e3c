"""Understand one edit of a wiki: a revision of a page, a row of a list, an event of the stream."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec

from connectors.dates import in_utc
from connectors.markup import clean
from pipeline.errors import PayloadError
from pipeline.post import Post, utc_from_epoch
from pipeline.source import Item

ANONYMOUS: Final = "anonymous"
_EDITS: Final = frozenset({"edit", "new"})
_Number = Annotated[int, msgspec.Meta(ge=0)]
_Time = Annotated[datetime, msgspec.Meta(tz=True)]
_ADDRESS: Final = r"(\d{1,3}(?:\.\d{1,3}){3}|[\dA-Fa-f]{1,4}(?::[\dA-Fa-f]{0,4}){2,7})"
_LINKED: Final = re.compile(rf"\[\[[^\[\]|]*?[:/] ?{_ADDRESS}(?= ?[]|/#])")
"""What may be the name in a link to somebody's edits or talk page: ``[[User talk:192.0.2.9]]``."""
_NAMESPACES: Final = frozenset({"-1", "2", "3", "4", "5", "None"})
"""Numbers of special pages, of those of people and of the project, with their talk pages, on any
wiki; no number may be either."""
_HOLDS_ADDRESS: Final = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}(?:\d{1,3}|[xX*]{1,3})(?![\w.])|(?:[\dA-Fa-f]{1,4}:){3}|::"
)
"""A name that holds an internet address, as wikis gave to imported edits and some people chose."""
_TEMPORARY: Final = re.compile(r"~\d{4}-[\d-]+")
"""What a wiki calls whoever edits without an account, for as long as a browser remembers it."""
_TALK: Final = "3"
"""The number of talk pages of people, on any wiki."""
_START: Final = r"(?:(?<![^\W_])|(?<=\\[bfnrt])|(?<=\\u[\da-fA-F]{4}))(?<!\d\.)"
"""Where a name may begin, in JSON too."""
_END: Final = r"(?![^\W_]|\.\d)"
_Flag = bool | str | None
"""True, or in the first version of the format an empty text; missing when it does not apply."""


class _Revision(msgspec.Struct):
    """Only the number always comes: whoever asks chooses what else, and some may be hidden."""

    revid: _Number
    ns: int | str | None = None
    title: str | None = None
    type: str | None = None
    timestamp: _Time | None = None
    user: str | None = None
    comment: str = ""
    anon: _Flag = None
    bot: _Flag = None
    userhidden: _Flag = None
    commenthidden: _Flag = None
    texthidden: _Flag = None
    suppressed: _Flag = None


class _Numbers(msgspec.Struct):
    new: _Number


class _Event(msgspec.Struct):
    """An edit on the stream; events of other types have no revision."""

    server_name: str
    revision: _Numbers
    title: str
    user: str
    timestamp: Annotated[int, msgspec.Meta(ge=0, le=2**40)]
    bot: bool
    namespace: int | str | None = None
    comment: str = ""


class _Meta(msgspec.Struct):
    domain: str | None = None


class _EventKind(msgspec.Struct):
    type: str
    meta: _Meta


def edit_post(item: Item) -> Post | None:
    """An edit; None for what else a wiki writes down, and for pages that are not there.

    Raises:
        PayloadError: a page that should come with its revisions, but does not.
    """
    shape = item.context.get("shape")
    if shape == "event":
        return _event_post(item)
    if shape == "page":
        raise PayloadError("a page without its revisions", where="$.revisions")
    told = msgspec.json.decode(item.raw, type=_Revision)
    if told.revid == 0 or (told.type is not None and told.type not in _EDITS):
        return None
    is_hidden = any(map(_is, (told.commenthidden, told.texthidden, told.suppressed)))
    name = None if _is(told.userhidden) else told.user
    page = told.title or item.context.get("title") or ""
    namespace = item.context.get("ns") if told.ns is None else told.ns
    addresses = _addresses(name, told.comment, page, namespace)
    return Post(
        **_place(item.context.get("host", ""), told.revid),
        observed_at=item.observed_at,
        created_at=in_utc(told.timestamp, "$.timestamp"),
        deleted_at=item.observed_at if is_hidden else None,
        title=None if not page or is_hidden else _without(addresses, clean(page)),
        text="" if is_hidden else _without(addresses, clean(told.comment)),
        mentions=() if is_hidden or _is(told.bot) else _turned_to(page, namespace, name),
        author_is_bot=None if told.bot is None else _is(told.bot),
        **_author(name, _is(told.anon), item.context.get("host", "")),
        payload=_without(addresses, item.raw.decode("utf-8", "replace")),
    )


def _event_post(item: Item) -> Post | None:
    """An event of the stream; canaries only show that it flows."""
    kind = msgspec.json.decode(item.raw, type=_EventKind)
    if kind.type not in _EDITS or kind.meta.domain == "canary":
        return None
    told = msgspec.json.decode(item.raw, type=_Event)
    addresses = _addresses(told.user, told.comment, told.title, told.namespace)
    return Post(
        **_place(told.server_name, told.revision.new),
        observed_at=item.observed_at,
        created_at=utc_from_epoch(told.timestamp),
        title=_without(addresses, clean(told.title)),
        text=_without(addresses, clean(told.comment)),
        mentions=() if told.bot else _turned_to(told.title, told.namespace, told.user),
        author_is_bot=told.bot,
        **_author(told.user, False, told.server_name),
        payload=_without(addresses, item.raw.decode("utf-8", "replace")),
    )


def _place(host: str, number: int) -> dict[str, Any]:
    return {
        "platform": "wikimedia",
        "post_id": f"{host}:{number}" if host else str(number),
        "native_id": str(number),
        "kind": "article",
        "url": f"https://{host}/?diff={number}" if host else None,
    }


def _turned_to(page: str, namespace: int | str | None, writer: str | None) -> tuple[str, ...]:
    """Whose talk page it is: who writes there writes to that account, unless it is its own.

    What is kept below it, as an archive, speaks to nobody; who has no account is not named.
    """
    if str(namespace) != _TALK or "/" in page:
        return ()
    name = as_named(clean(page.partition(":")[2]))
    is_personal = _HOLDS_ADDRESS.search(name) or _TEMPORARY.fullmatch(name) or _is_address(name)
    is_own = name == as_named(writer or "")
    return () if not name or is_personal or is_own else (name,)


def as_named(account: str) -> str:
    """An account as its wiki writes it: a capital first, and spaces for underscores."""
    words = " ".join(account.replace("_", " ").split())
    return words[:1].upper() + words[1:]


def _author(name: str | None, is_anonymous: bool, host: str) -> dict[str, Any]:
    """Who edits without an account is known by an internet address, which is not kept."""
    if name is None or is_anonymous or _is_address(name):
        return {}
    page = f"https://{host}/wiki/User:{name.replace(' ', '_')}" if host else None
    return {"author_id": name, "author_handle": name, "author_name": name, "author_url": page}


def _addresses(
    name: str | None, comment: str, page: str, namespace: int | str | None
) -> Sequence[str]:
    """Of who edits without an account, or is linked to: whoever undoes an edit links to its writer.

    So are those whose page it is, or under whose name a page of the project is kept. A number
    elsewhere may be a version or a machine and is left alone.
    """
    parts = page.partition(":")[2].split("/") if str(namespace) in _NAMESPACES else ()
    named = (name or "", *_LINKED.findall(comment), *(part.strip(" _") for part in parts))
    return sorted({each for each in named if _is_address(each)}, key=len, reverse=True)


def _without(addresses: Sequence[str], text: str) -> str:
    if not addresses:
        return text
    names = "|".join(map(re.escape, addresses))
    return re.sub(f"{_START}(?:{names}){_END}", ANONYMOUS, text, flags=re.IGNORECASE)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is(flag: _Flag) -> bool:
    return flag is not None and flag is not False
