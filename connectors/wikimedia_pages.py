"""What stands around the edits of a wiki: pages and lists, how to go on, and refusals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

import msgspec

from connectors.paging import decode, unless_refused
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.source import Item, Reply

BUSY_SECONDS: Final = 5.0
_STREAM: Final = (b":ok", b"event:", b"id:", b"data:")
_LISTS: Final = ("allrevisions", "recentchanges", "usercontribs", "watchlist")
_OTHERS: Final = frozenset(
    [
        "search",
        "prefixsearch",
        "exturlusage",
        "backlinks",
        "embeddedin",
        "categorymembers",
        "allpages",
        "alllinks",
        "random",
        "logevents",
        "users",
        "allusers",
        "userinfo",
        "blocks",
        "tags",
        "tokens",
        "general",
        "namespaces",
        "statistics",
        "extensions",
        "interwikimap",
        "badrevids",
        "badpageids",
        "normalized",
        "redirects",
        "interwiki",
        "mostviewed",
    ]
)
"""What a query may give besides edits."""
_REFUSED: Final = (
    "readapidenied",
    "permissiondenied",
    "mustbeloggedin",
    "blocked",
    "autoblocked",
    "mwoauth",
    "badtoken",
    "assert",
)
_GONE: Final = ("missingtitle", "nosuch", "pagedeleted")


class _Error(msgspec.Struct):
    code: str = ""
    info: str = ""
    text: str = ""


class _Errors(msgspec.Struct):
    """One error, or in newer forms of the answer a list of them."""

    error: _Error | None = None
    errors: list[_Error] = []


class _Answer(msgspec.Struct):
    query: dict[str, msgspec.Raw] | None = None
    continued: dict[str, str | int | None] | None = msgspec.field(name="continue", default=None)
    batchcomplete: bool | str | None = None


class _Page(msgspec.Struct):
    """A page with its revisions, a page that is not there, or a row that is an edit itself."""

    title: str | None = None
    ns: int | str | None = None
    revisions: list[msgspec.Raw] | None = None
    revid: int | None = None
    missing: bool | str | None = None
    invalid: bool | str | None = None


class _Bad(msgspec.Struct):
    revid: int


def wiki(address: str) -> str:
    """The name of a wiki in an address; the one for telephones is the same wiki."""
    return urlsplit(address).netloc.replace(".m.", ".")


def edits(reply: Reply) -> Iterator[Item]:
    """The edits of any list or page, or an event of the stream.

    Raises:
        PayloadError: not an answer of a wiki.
        LuisterError: what the wiki gives as its reason for saying no.
    """
    unless_refused(fault(reply))
    if reply.body.startswith(_STREAM):
        yield from _of_stream(reply)
        return
    whole = decode(reply.body, dict[str, msgspec.Raw])
    if "meta" in whole and "query" not in whole:
        yield _event(reply.body, "$", reply)
        return
    query = _query(reply)
    if "pages" in query:
        yield from _of_pages(bytes(query["pages"]), reply, "$.query.pages")
    for name in _LISTS:
        if name in query:
            yield from _of_pages(bytes(query[name]), reply, f"$.query.{name}")


def continuation(reply: Reply) -> tuple[tuple[str, str], ...] | None:
    """What to ask along next time, or None at the end."""
    given = decode(reply.body, _Answer).continued or {}
    place = tuple((name, str(value)) for name, value in sorted(given.items()) if value is not None)
    return place or None


def missing(reply: Reply) -> set[str]:
    """The numbers of revisions that the wiki does not know any more."""
    told = _query(reply).get("badrevids")
    if told is None:
        return set()
    if bytes(told).lstrip().startswith(b"{"):
        return set(decode(bytes(told), dict[str, msgspec.Raw], where="$.query.badrevids"))
    return {str(each.revid) for each in decode(bytes(told), list[_Bad], where="$.query.badrevids")}


def fault(reply: Reply) -> LuisterError | None:
    """The error a reply stands for by its code, whatever its status."""
    if b'"error' not in reply.body[:4_000]:
        return None
    try:
        told = msgspec.json.decode(reply.body, type=_Errors)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    first = told.error or next(iter(told.errors), None)
    if first is None or not first.code:
        return None
    words = f"{first.code}: {first.info or first.text}".strip(": ")[:200]
    if first.code == "maxlag":
        return _busy(reply, words)
    if first.code == "ratelimited":
        return RateLimited(f"the wiki asks us to wait ({words})", where=reply.url)
    if first.code.startswith(("readonly", "internal_api_error")):
        return SourceUnavailable(f"the wiki has trouble ({words})", where=reply.url)
    if first.code.startswith(_REFUSED):
        return SourceRefused(f"the wiki refuses ({words})", where=reply.url)
    if first.code.startswith(_GONE):
        return SourceGone(f"is not there ({words})", where=reply.url)
    return PayloadError(f"the wiki does not take the request ({words})", where=reply.url)


def _busy(reply: Reply, words: str) -> RateLimited:
    asked = reply.headers.get("retry-after", "")
    seconds = float(asked) if asked.isdecimal() else BUSY_SECONDS
    return RateLimited(f"the wiki is busy ({words})", seconds=seconds, where=reply.url)


def _query(reply: Reply) -> Mapping[str, msgspec.Raw]:
    """What was asked for; a search without hits has none of it, but is complete."""
    answer = decode(reply.body, _Answer)
    if answer.query is None:
        if answer.batchcomplete is not None and _may_be_without_hits(reply):
            return {}
        raise PayloadError("not an answer to a query", where="$.query")
    if not {"pages", *_LISTS, *_OTHERS} & answer.query.keys():
        raise PayloadError("neither pages nor a list of edits", where="$.query")
    return answer.query


def _may_be_without_hits(reply: Reply) -> bool:
    """Asked by a generator; where the address is not known, an answer that holds nothing else."""
    if reply.url:
        return "generator=" in reply.url
    return decode(reply.body, dict[str, msgspec.Raw]).keys() <= {"batchcomplete", "warnings"}


def _of_stream(reply: Reply) -> Iterator[Item]:
    """A piece of the stream as it comes over the line, each event on a line of its own."""
    for number, line in enumerate(reply.body.splitlines()):
        if line.startswith(b"data:"):
            yield _event(line.removeprefix(b"data:").strip(), f"$.lines[{number}]", reply)


def _event(raw: bytes, path: str, reply: Reply) -> Item:
    event = {"shape": "event"}
    return Item(raw=raw, path=path, observed_at=reply.observed_at, context=event)


def _of_pages(raw: bytes, reply: Reply, path: str) -> Iterator[Item]:
    """Pages stand in a list or, in the first version of the format, under their numbers."""
    if raw.lstrip().startswith(b"{"):
        named = decode(raw, dict[str, msgspec.Raw], where=path)
        spots = [(f"{path}.{name}", bytes(each)) for name, each in named.items()]
        if not spots:
            raise PayloadError("pages without a page", where=path)
    else:
        listed = decode(raw, list[msgspec.Raw], where=path)
        spots = [(f"{path}[{index}]", bytes(each)) for index, each in enumerate(listed)]
    for spot, each in spots:
        yield from _of_page(each, reply, spot)


def _of_page(raw: bytes, reply: Reply, path: str) -> Iterator[Item]:
    host = {"host": wiki(reply.url)}
    page = _page(raw)
    if page is None or page.revisions is None:
        is_absent = page is not None and (page.missing, page.invalid) != (None, None)
        is_row = page is None or page.revid is not None
        if not is_absent or is_row:
            context = host if is_row else {**host, "shape": "page"}
            yield Item(raw=raw, path=path, observed_at=reply.observed_at, context=context)
        return
    told = {"title": page.title, "ns": None if page.ns is None else str(page.ns)}
    context = {**host, **{name: text for name, text in told.items() if text is not None}}
    for index, each in enumerate(page.revisions):
        place = f"{path}.revisions[{index}]"
        yield Item(raw=bytes(each), path=place, observed_at=reply.observed_at, context=context)


def _page(raw: bytes) -> _Page | None:
    """None for what is no page: it is left to be rejected."""
    try:
        return msgspec.json.decode(raw, type=_Page)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
