"""Paging, once for all connectors; knows nothing of HTTP.

``follow`` walks pages and detects a walk that does not advance. How what they hold is understood
stands in ``pipeline.reading_pages``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeVar

import msgspec

from pipeline.errors import (
    AccountGone,
    LuisterError,
    PartGone,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
    without_queries,
)
from pipeline.post import Post, Read, Rejected
from pipeline.reading import Reader as Reader
from pipeline.reading import inner_path as inner_path
from pipeline.reading import read_item as read_item
from pipeline.reading import text as text
from pipeline.reading import understand_item as understand_item
from pipeline.reading import whole_characters
from pipeline.reading_pages import understand as understand
from pipeline.source import Item, Reply

T = TypeVar("T")
MAX_PAGES: Final = 1_000
OF_ONE_SITE: Final = (SourceGone, SourceRefused, SourceUnavailable, PayloadError)
"""What is wrong with one site only, where a source has several."""
_decoder: Final[Callable[[Any], msgspec.json.Decoder[Any]]] = cache(msgspec.json.Decoder)
"""Made once for each shape: making one takes longer than decoding a small object."""
_BEGINS_JSON: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*[{\["]')
_BEGINS_A_PAGE: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
SOMETHING_BETWEEN: Final = (
    "see whether maintenance, a login or a proxy stood before it, then ask again"
)
"""What is to be done where a page or a sentence came in place of data."""

_LINK: Final = re.compile(r'<(?P<url>[^>]*)>\s*;[^,]*?\brel="?(?P<rel>[^",;]+)"?')


def follow(
    first: T,
    fetch: Callable[[T], Reply],
    following: Callable[[Reply, T], T | None],
    *,
    max_pages: int = MAX_PAGES,
) -> Iterator[Reply]:
    """Yield replies from ``first`` on, until ``following`` has no next request.

    Raises:
        PayloadError: a request or a non-empty body comes back a second time (endless paging), or
            there are more than ``max_pages`` pages.
    """
    asked: set[str] = set()
    bodies: set[bytes] = set()
    request: T | None = first
    while request is not None:
        key = repr(request)
        if key in asked:
            raise PayloadError("paging does not advance: the same page was asked for twice")
        if len(asked) >= max_pages:
            raise PayloadError(f"more than {max_pages} pages: paging does not end")
        asked.add(key)
        reply = fetch(request)
        digest = hashlib.sha256(reply.body).digest()
        next_request = following(reply, request)
        if digest in bodies and next_request is not None:
            raise PayloadError("paging does not advance: the same page came back twice")
        bodies.add(digest)
        yield reply
        request = next_request


def link(reply: Reply, relation: str) -> str | None:
    """The address of a ``Link`` header relation (RFC 8288), or None."""
    for match in _LINK.finditer(reply.headers.get("link", "")):
        if relation in match["rel"].split():
            return match["url"]
    return None


def unless_refused(told: LuisterError | None) -> None:
    """Raise the error that a reply stands for, where it stands for one."""
    if told is not None:
        raise told


def decode(body: bytes, shape: type[T], *, where: str = "reply") -> T:
    """Decode a JSON body into ``shape``, half characters taken for none that can be read.

    Raises:
        PayloadError: not JSON (a login page, an empty or cut-off answer) or of another shape; names
            the path inside the payload, and quotes nothing: no secret is blanked here.
    """
    if not body.strip():
        raise PayloadError("an empty answer where JSON was promised", where=where)
    try:
        found: T = _decoded(body, _decoder(shape))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if not isinstance(error, msgspec.ValidationError) and not _BEGINS_JSON.match(body):
            found_instead = "an HTML page" if _BEGINS_A_PAGE.match(body) else "a text"
            told = f"no JSON, as was promised, but {found_instead}"
            raise PayloadError(told, where=where, todo=SOMETHING_BETWEEN) from error
        raise PayloadError(f"not the JSON promised: {error}", where=where) from error
    return found


def _decoded(body: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    try:
        return decoder.decode(body)
    except msgspec.DecodeError:
        whole = whole_characters(body)
        if whole == body:
            raise
        return decoder.decode(whole)


def items(
    elements: Iterable[msgspec.Raw],
    reply: Reply,
    path: str,
    context: Mapping[str, str] | None = None,
) -> Iterator[Item]:
    """Items for the raw elements of a list that stands at ``path`` in the reply."""
    shared = context or {}
    for index, element in enumerate(elements):
        yield Item(
            raw=bytes(element),
            path=f"{path}[{index}]",
            observed_at=reply.observed_at,
            context=shared,
        )


def times_of(reads: Iterable[Read]) -> list[datetime | None]:
    """When the posts among what was read were made."""
    return [each.created_at for each in reads if isinstance(each, Post)]


def is_older(times: Sequence[datetime | None], since: datetime | None) -> bool:
    """Whether a page lies before ``since`` as a whole: paging, newest first, may end there.

    One that is empty or does not tell all its times does not; nothing is older than None.
    """
    if since is None or not times:
        return False
    return all(each is not None and each < since for each in times)


def in_turn(
    names: Iterable[T],
    ask: Callable[[T], Iterable[Read]],
    *,
    forgiven: tuple[type[LuisterError], ...] = (SourceGone, SourceRefused),
    called: str = "names",
    others: int = 0,
) -> Iterator[Read]:
    """What is read of each name: one that cannot be read keeps no other from being read.

    Args:
        names: what is asked for.
        ask: reads one of them.
        forgiven: the errors of one name.
        called: what the names are, in words.
        others: how many names of the source are asked for elsewhere.

    Raises:
        PartGone: some are not there, and nothing else failed; once all have been asked.
        LuisterError: the first other failure of those ``forgiven``, then too; another at once.
    """
    failures: list[LuisterError] = []
    called_so: dict[int, str] = {}
    count = 0
    for name in names:
        count += 1
        try:
            yield from ask(name)
        except forgiven as error:
            failures.append(error)
            called_so[id(error)] = name if isinstance(name, str) else ""
    if failures:
        worst = _weightiest(failures, is_all=len(failures) >= count + others)
        if len(failures) < count:
            worst.what = _named(called_so.get(id(worst), ""), worst)
        if len(failures) > 1:
            worst.what += f" ({len(failures)} of {count} {called} failed)"
        worst.heard_others = len(failures) < count or any(each.heard_others for each in failures)
        raise worst


def _named(name: str, error: LuisterError) -> str:
    """What went wrong with the name, unless what is shown of it tells the name already."""
    shown = without_queries(str(error))
    return error.what if without_queries(name) in shown else f"{name}: {error.what}"


def _weightiest(failures: Sequence[LuisterError], *, is_all: bool) -> LuisterError:
    """The failure to tell: what may be there tomorrow is to be asked again, what is gone is not."""
    first = next((each for each in failures if not isinstance(each, SourceGone)), failures[0])
    if is_all:
        return first
    if isinstance(first, SourceGone) and not isinstance(first, PartGone):
        return PartGone(first.what, where=first.where)
    # who asks us to wait is not asked for something else at once
    if not any(isinstance(each, RateLimited) for each in failures):
        first.is_of_one = True
    return first


def of_accounts(accounts: Iterable[str], said: Callable[[str], Iterable[Read]]) -> Iterator[Read]:
    """What each account said.

    Raises:
        AccountGone: one is not there; told by its name, when the others were read. What is gone
            inside an account was named already, and is left as it is.
    """

    def told(account: str) -> Iterator[Read]:
        try:
            yield from said(account)
        except AccountGone:
            raise
        except SourceGone as gone:
            raise AccountGone(
                f"{account}: {gone.what}", where=gone.where, heard_others=gone.heard_others
            ) from gone

    return in_turn(accounts, told, called="accounts")


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Names in order, each once, empty ones left out."""
    found = [name for name in names if name]
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def once(reads: Iterable[Read]) -> Iterator[Read]:
    """Each post once, though queries, pages and boosts lead to the same one."""
    seen: set[str] = set()
    for each in reads:
        if isinstance(each, Post):
            if each.post_id in seen:
                continue
            seen.add(each.post_id)
        yield each


def settled(asked: Iterable[Post], reads: Sequence[Read], reply: Reply) -> Iterator[Read]:
    """What came of posts that were asked for by name, and tombstones of those that did not come.

    Where something was not understood it may be one of them: then nothing is called gone.
    """
    yield from reads
    if not any(isinstance(each, Rejected) for each in reads):
        here = {each.post_id for each in reads if isinstance(each, Post)}
        yield from (tombstone(post, reply) for post in asked if post.post_id not in here)


def tombstone(post: Post, reply: Reply) -> Post:
    """What is left of a post that is gone: its name, its place and its time."""
    return Post(
        platform=post.platform,
        post_id=post.post_id,
        native_id=post.native_id,
        aliases=post.aliases,
        kind=post.kind,
        observed_at=reply.observed_at,
        created_at=post.created_at,
        url=post.url,
        parent_id=post.parent_id,
        root_id=post.root_id,
        deleted_at=reply.observed_at,
        payload="null",
    )
