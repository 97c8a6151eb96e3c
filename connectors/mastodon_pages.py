"""Pages of the Mastodon client API: which statuses a reply holds, and which page comes next."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from connectors.dates import time_of
from connectors.paging import decode, follow, is_older, link
from pipeline.errors import PayloadError
from pipeline.source import Item, Reply

ADDRESSING: Final = ("mention", "quote")
MAX_PAGES: Final = 5_000
ANONYMOUS_DESCENDANTS: Final = 60
ANONYMOUS_DEPTH: Final = 20

_NOTHING: Final = msgspec.Raw(b"")
_NONE: Final = frozenset({b"", b"null"})
_LISTS: Final = ("ancestors", "descendants", "statuses")
_OF_POSTS: Final = frozenset(_LISTS)
_TOGETHER: Final = (
    frozenset({"ancestors", "descendants"}),
    frozenset({"accounts", "statuses", "hashtags"}),
    frozenset({"accounts", "statuses", "notification_groups"}),
)
"""Lists that a reply has all of or none: of a context, a search, notifications in groups."""
_OF_OTHERS: Final = frozenset(
    [
        *("acct", "username", "shortcode", "name", "title", "domain", "version", "phrase"),
        *("keyword", "keywords", "followed_by", "votes_count", "history", "preview_url"),
        *("spoiler_text", "last_status", "category", "starts_at", "home", "notifications"),
        *("access_token", "count", "client_id", "accounts", "hashtags", "provider", "digest"),
        *("published_at", "metadata", "options", "rules", "content_type", "subject"),
        *("async_refresh", "comment", "group_key", "account", "email", "endpoint"),
        *("posting:default:visibility", "activities", "links"),
    ]
)
"""Marks of people, tags, servers, polls, filters, lists and all else that is no status."""
_NOT_YET: Final = frozenset({202, 204, 206})
"""What is under way, or done without a word to say about it."""
_OF_STATUSES: Final = re.compile(
    r"/api/v1/(accounts/[^/]+/statuses|timelines/.+|statuses|favourites|bookmarks|trends/statuses"
    r"|statuses/[^/]+|statuses/[^/]+/quotes)$"
)


class _Quote(msgspec.Struct, gc=False):
    quoted_status: msgspec.Raw = _NOTHING


class _Pleroma(msgspec.Struct, gc=False):
    quote: msgspec.Raw = _NOTHING


_NOT_PLEROMA: Final = _Pleroma()


class _Element(msgspec.Struct, gc=False):
    """What tells a status from a notification and from people, each as it was sent."""

    id: msgspec.Raw = _NOTHING
    uri: msgspec.Raw = _NOTHING
    visibility: msgspec.Raw = _NOTHING
    reblog: msgspec.Raw = _NOTHING
    in_reply_to_id: msgspec.Raw = _NOTHING
    reblogs_count: msgspec.Raw = _NOTHING
    favourites_count: msgspec.Raw = _NOTHING
    type: msgspec.Raw = _NOTHING
    account: msgspec.Raw = _NOTHING
    status: msgspec.Raw = _NOTHING
    quote: msgspec.Raw = _NOTHING
    pleroma: msgspec.Raw = _NOTHING

    @property
    def name(self) -> bytes:
        """Its names together: on some servers a boost shares one with what it boosts."""
        return bytes(self.uri) + bytes(self.id) if self.uri else b""

    @property
    def is_notice(self) -> bool:
        """A notification has a kind and a sender, and is shown to one only."""
        return bool(self.type and self.account and not self.visibility)

    @property
    def holds_others(self) -> bool:
        beside = bytes(self.reblog), bytes(self.quote), bytes(self.pleroma)
        return not _NONE.issuperset(beside)

    @property
    def has_marks(self) -> bool:
        """Whether it has two of what only a status has."""
        marks = (
            *(self.uri, self.visibility, self.reblog),
            *(self.in_reply_to_id, self.reblogs_count, self.favourites_count),
        )
        return sum(map(bool, marks)) > 1


_NO_ELEMENT: Final = _Element()


def cut(reply: Reply, names: Mapping[str, str]) -> Iterator[Item]:
    """The statuses in any reply, each once, with those boosted, quoted or notified of.

    ``names`` goes into the context of every item.
    """
    promised = bool(_OF_STATUSES.search(urlsplit(reply.url).path))
    context = dict(names)
    seen: set[bytes] = set()
    for raw, path, listed in _elements(reply, context):
        for found, told, place in _statuses(raw, path, promised=promised or listed):
            name = told.name or found
            if name in seen:
                continue
            seen.add(name)
            yield Item(raw=found, path=place, observed_at=reply.observed_at, context=context)


def _elements(reply: Reply, context: dict[str, str]) -> Iterator[tuple[bytes, str, bool]]:
    """The elements of the lists a reply can hold, or the one object it is.

    The third says whether only a status may stand there: other objects have ``statuses`` too.
    """
    body, where = reply.body.strip(), reply.url or "reply"
    if reply.status in _NOT_YET and body in _NONE:
        return
    if body.startswith(b"["):
        yield from ((raw, path, False) for raw, path in _listed(body, "$", where))
        return
    fields = decode(body, dict[str, msgspec.Raw], where=where)
    for together in _TOGETHER:
        lost = together - fields.keys()
        if len(lost) == 1 and lost <= _OF_POSTS:
            raise PayloadError(f"the promised list is missing: $.{min(lost)}", where=where)
    lists = [name for name in _LISTS if name in fields]
    are_statuses = any(together <= fields.keys() for together in _TOGETHER)
    if not lists:
        yield body, "$", False
    for name in lists:
        elements = list(_listed(bytes(fields[name]), f"$.{name}"))
        if name == "ancestors" and elements:
            context.update(_root(elements[0][0]))
        yield from ((raw, path, are_statuses) for raw, path in elements)


def _listed(body: bytes, path: str, where: str = "") -> Iterator[tuple[bytes, str]]:
    for index, element in enumerate(decode(body, list[msgspec.Raw], where=where or path)):
        yield bytes(element).strip(), f"{path}[{index}]"


def _root(first_ancestor: bytes) -> Mapping[str, str]:
    """The root of a thread, when its first ancestor answers nobody."""
    told = _told(first_ancestor)
    if bytes(told.in_reply_to_id) not in _NONE or not bytes(told.uri).startswith(b'"'):
        return {}
    return {"root": decode(bytes(told.uri), str)}


def _statuses(raw: bytes, path: str, *, promised: bool) -> Iterator[tuple[bytes, _Element, str]]:
    """The statuses in one element: itself, what it boosts or quotes, or what it notifies of.

    Friendica can give a boost both names of what it boosts: that stands for the two then.
    """
    told = _told(raw)
    if told.is_notice:
        status = bytes(told.status)
        if decode(bytes(told.type), str) in ADDRESSING and status not in _NONE:
            yield from _statuses(status, f"{path}.status", promised=True)
    elif promised or told.has_marks or not _is_other(raw):
        inner = list(_inner(told, path)) if told.holds_others else []
        if not (inner and told.name) or all(each.name != told.name for _, each, _ in inner):
            yield raw, told, path
        yield from inner


def _is_other(raw: bytes) -> bool:
    """Whether it is something else that servers give, or nothing; others are rejected."""
    if not raw.startswith(b"{"):
        return False
    fields = decode(raw, dict[str, msgspec.Raw])
    return not fields or not _OF_OTHERS.isdisjoint(fields)


def _inner(told: _Element, path: str) -> Iterator[tuple[bytes, _Element, str]]:
    """The statuses in those parts of a status that hold one, if they are whole.

    What is quoted stands inside the quote, in its place, or in what Pleroma tells beside the rest.
    """
    quote, beside = bytes(told.quote), bytes(told.pleroma)
    is_quote = quote.startswith(b"{")
    quoted = bytes(decode(quote, _Quote).quoted_status) if is_quote else b""
    places = {
        f"{path}.reblog": bytes(told.reblog),
        f"{path}.quote.quoted_status": quoted,
        f"{path}.quote": quote if is_quote and _told(quote).has_marks else b"",
        f"{path}.pleroma.quote": bytes(_beside(beside).quote),
    }
    for place, found in places.items():
        if found.startswith(b"{"):
            yield from _statuses(found, place, promised=True)


def _beside(raw: bytes) -> _Pleroma:
    is_quoting = raw.startswith(b"{") and b'"quote"' in raw
    return decode(raw, _Pleroma) if is_quoting else _NOT_PLEROMA


def _told(raw: bytes) -> _Element:
    return decode(raw, _Element) if raw.startswith(b"{") else _NO_ELEMENT


def walk(fetch: Callable[[str], Reply], since: datetime) -> Iterator[Reply]:
    """Pages newest first by ``max_id``, until a whole page is older than ``since``."""

    def following(reply: Reply, _: str) -> str | None:
        page = decode(reply.body, list[Any], where=reply.url)
        if not page or is_older(times(page), since):
            return None
        return _next_max_id(reply, page)

    return follow("", fetch, following, max_pages=MAX_PAGES)


def _next_max_id(reply: Reply, page: Sequence[Any]) -> str | None:
    """The ``max_id`` of the next link; only that, so that a token is sent to no other host."""
    if "link" not in reply.headers:
        return id_of(page[-1])
    following = link(reply, "next")
    return parse_qs(urlsplit(following).query).get("max_id", [None])[0] if following else None


def cut_off(status_id: str, descendants: Sequence[Any]) -> list[str]:
    """Where an anonymous context was cut: leaves that have replies, when a limit was reached."""
    known = [each for each in descendants if id_of(each)]
    depths = {status_id: 0}
    for each in known:
        depths[each["id"]] = depths.get(str(each.get("in_reply_to_id")), 0) + 1
    is_full = len(descendants) >= ANONYMOUS_DESCENDANTS
    answered = {str(each.get("in_reply_to_id")) for each in known}
    leaves = (each for each in known if each.get("replies_count") and each["id"] not in answered)
    return [each["id"] for each in leaves if is_full or depths[each["id"]] >= ANONYMOUS_DEPTH]


def id_of(element: Any) -> str | None:
    """The id of an element as sent; one without is set apart when it is understood."""
    given = element.get("id") if isinstance(element, dict) else None
    return given if isinstance(given, str) else None


def ids(page: Iterable[Any]) -> list[str]:
    """The ids of a page, as far as its elements have one."""
    return [each for each in map(id_of, page) if each]


def times(page: Iterable[Any]) -> list[datetime]:
    """When the elements of a page were made, as far as they tell."""
    given = (each.get("created_at") for each in page if isinstance(each, dict))
    return [moment for moment in map(time_of, given) if moment]
