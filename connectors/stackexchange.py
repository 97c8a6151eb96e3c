"""Stack Exchange: questions, answers and comments on Stack Overflow and its sister sites.

Reads: the API 2.3 (https://api.stackexchange.com/docs). ``options.sites`` are the sites, by the
    name the API gives them (default ``stackoverflow``); ``tags`` and ``terms`` are asked on each.
    An account is ``site/number``, such as ``stackoverflow/22656``, because names are not unique.
Access: open, 300 requests a day; 10,000 with STACKEXCHANGE_KEY (free, https://stackapps.com).
Cannot tell: audience sizes; up votes apart from down votes unless the reply says so (a score below
    zero is left unknown); deletions, but for what is no longer listed; whom a comment names.
Quirks: errors have their own numbers, whatever the status; ``backoff`` in the body asks to wait;
    search finds excerpts without authors, so the posts found are asked for again; without a key no
    page beyond the 25th is given, so time is cut into slices; comments do not say under which
    question they stand.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from connectors.paging import decode, follow, once, settled, understand, unless_refused
from connectors.stackexchange_item import site_of, thing_post
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post, Read
from pipeline.relevance import push
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

SYNTAX: Final = push.Syntax()
ACCESS: Final = Access(
    kind="open",
    requests=60,
    seconds=60.0,
    secrets=("STACKEXCHANGE_KEY",),
    lists=("sites",),
)
API: Final = "https://api.stackexchange.com/2.3"
PAGE: Final = 100
LAST_PAGE: Final = 25
OWNED: Final = timedelta(days=30)
_WAIT: Final = re.compile(r"available in (\d+) second")
_KINDS: Final = {"q": "questions", "a": "answers", "c": "comments"}
_Place = tuple[int | None, int]
"""Up to which second, and which page."""


class _Wrapper(msgspec.Struct):
    items: list[msgspec.Raw]
    has_more: bool = False


class _Refusal(msgspec.Struct):
    error_id: int
    error_name: str = ""
    error_message: str = ""


class _Wish(msgspec.Struct):
    backoff: float = 0.0


class _Moment(msgspec.Struct):
    creation_date: int


class _Names(msgspec.Struct):
    question_id: int | None = None
    answer_id: int | None = None
    post_id: int | None = None
    post_type: str | None = None


class _Nest(msgspec.Struct):
    question_id: int
    answer_id: int | None = None
    answers: list[msgspec.Raw] = []
    comments: list[msgspec.Raw] = []


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Questions with one of the tags, questions and answers that hold one of the terms."""
    yield from once(_mentioning(source, client, since))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts asked, answered and commented."""
    for site, number in _accounts(source):
        for what in _KINDS.values():
            pages = _pages(source, client, site, f"users/{number}/{what}", since)
            yield from once(understand(_THIS, pages))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Comments that name the accounts, answers and comments to their posts of 30 days."""
    for site, number in _accounts(source):
        yield from once(_addressed(source, client, site, number, since))


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The question with its answers and the comments under all of them."""
    site, question = _question_of(source, client, post)
    numbers = [question]
    for path in (f"questions/{question}", f"questions/{question}/answers"):
        for each in understand(_THIS, _pages(source, client, site, path)):
            if isinstance(each, Post) and each.kind == "reply" and each.native_id:
                numbers.append(each.native_id)
            yield each
    for reply in _many(source, client, site, "posts/{}/comments", numbers):
        for item in read(reply):
            named = {**item.context, "question": question}
            yield from _understood(msgspec.structs.replace(item, context=named))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now; one that is no longer listed is gone."""
    groups: dict[tuple[str, str], list[Post]] = {}
    for post in posts:
        site, kind, _ = post.post_id.split(":")
        groups.setdefault((site, kind), []).append(post)
    for (site, kind), some in groups.items():
        numbers = [post.post_id.rpartition(":")[2] for post in some]
        replies = list(_many(source, client, site, _KINDS[kind] + "/{}", numbers))
        known = {post.post_id: post for post in some}
        reads = [_with_root(each, known) for each in understand(_THIS, replies)]
        yield from settled(some, reads, replies[-1])


def refusal(reply: Reply) -> LuisterError | None:
    """The platform's own errors: their number counts, not the status."""
    if b'"error_id"' not in reply.body[:4_000]:
        return None
    try:
        told = msgspec.json.decode(reply.body, type=_Refusal)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    words = f"{told.error_name}: {html.unescape(told.error_message)}".strip(": ")
    if told.error_id == 502:
        wait = _WAIT.search(told.error_message)
        seconds = float(wait[1]) if wait else None
        return RateLimited(f"asks us to wait ({words})", seconds=seconds, where=reply.url)
    if told.error_id in {401, 402, 403, 405, 406}:
        return SourceRefused(f"the API refuses ({words})", where=reply.url)
    if told.error_id in {500, 503}:
        return SourceUnavailable(f"the API has trouble ({words})", where=reply.url)
    return PayloadError(f"the API does not take the request ({words})", where=reply.url)


def pause(reply: Reply) -> float | None:
    """The seconds ``backoff`` in the body asks to wait, whatever the status."""
    try:
        return msgspec.json.decode(reply.body, type=_Wish).backoff or None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def read(reply: Reply) -> Iterator[Item]:
    """The items of a reply, the answers and comments inside questions among them."""
    unless_refused(refusal(reply))
    site = parse_qs(urlsplit(reply.url).query).get("site", [""])[0]
    for index, each in enumerate(decode(reply.body, _Wrapper).items):
        raw = bytes(each)
        yield from _cut(raw, f"$.items[{index}]", reply, {"site": site or site_of(raw)})


def to_post(item: Item) -> Post | None:
    """A question, an answer or a comment; None for users, tags, badges and the like."""
    return thing_post(item)


def _cut(raw: bytes, path: str, reply: Reply, context: Mapping[str, str]) -> Iterator[Item]:
    yield Item(raw=raw, path=path, observed_at=reply.observed_at, context=context)
    if b'"answers"' not in raw and b'"comments"' not in raw:
        return
    try:
        nest = msgspec.json.decode(raw, type=_Nest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return
    below = {**context, "question": str(nest.question_id)}
    for name, inner in (("answers", nest.answers), ("comments", nest.comments)):
        for index, each in enumerate(inner):
            yield from _cut(bytes(each), f"{path}.{name}[{index}]", reply, below)


def _mentioning(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    for site in source.options.get("sites", ("stackoverflow",)):
        for tag in source.tags:
            pages = _pages(source, client, site, "questions", since, {"tagged": tag})
            yield from understand(_THIS, pages)
        for query in _searched(source):
            for page in _pages(source, client, site, "search/excerpts", since, {"q": query}):
                yield from _found(source, client, site, page)


def _searched(source: Source) -> Sequence[str]:
    if source.query is not None:
        return push.searches(source.query, SYNTAX, source.platform).texts
    return [f'"{term}"' if " " in term else term for term in source.terms]


def _found(source: Source, client: Client, site: str, page: Reply) -> Iterator[Read]:
    """The posts whose excerpts a page of a search holds, whole."""
    names = [_names(raw) for raw in decode(page.body, _Wrapper).items]
    answers = [str(each.answer_id) for each in names if each.answer_id is not None]
    questions = [
        str(each.question_id)
        for each in names
        if each.answer_id is None and each.question_id is not None
    ]
    for path, numbers in (("questions/{}", questions), ("answers/{}", answers)):
        yield from understand(_THIS, _many(source, client, site, path, numbers))


def _addressed(
    source: Source, client: Client, site: str, number: str, since: datetime
) -> Iterator[Read]:
    yield from understand(_THIS, _pages(source, client, site, f"users/{number}/mentioned", since))
    own: list[_Names] = []
    for page in _pages(source, client, site, f"users/{number}/posts", since - OWNED):
        own += [_names(raw) for raw in decode(page.body, _Wrapper).items]
    questions = [str(each.post_id) for each in own if each.post_type == "question"]
    every = [str(each.post_id) for each in own if each.post_id is not None]
    for path, numbers in (("questions/{}/answers", questions), ("posts/{}/comments", every)):
        for each in understand(_THIS, _many(source, client, site, path, numbers, since)):
            if not isinstance(each, Post) or each.author_id != f"{site}/{number}":
                yield each


def _many(
    source: Source,
    client: Client,
    site: str,
    path: str,
    numbers: Sequence[str],
    since: datetime | None = None,
) -> Iterator[Reply]:
    """What stands at ``path`` for all numbers, a hundred at a time."""
    for start in range(0, len(numbers), PAGE):
        some = ";".join(numbers[start : start + PAGE])
        yield from _pages(source, client, site, path.format(some), since)


def _pages(
    source: Source,
    client: Client,
    site: str,
    path: str,
    since: datetime | None = None,
    query: Mapping[str, str] | None = None,
) -> Iterator[Reply]:
    """All pages, newest first; beyond the last page allowed goes on in an earlier slice."""
    key = client.secret("STACKEXCHANGE_KEY")
    asked: dict[str, str | int] = {
        **(query or {}),
        **({"key": key} if key else {}),
        **({} if since is None else {"fromdate": int(since.timestamp())}),
        "site": site,
        "pagesize": PAGE,
        "order": "desc",
        "sort": "creation",
        "filter": "withbody",
    }

    def fetch(place: _Place) -> Reply:
        until, page = place
        bound = {} if until is None else {"todate": until}
        address = f"{source.server or API}/{path}"
        return client.get(address, params={**asked, **bound, "page": page})

    first: _Place = (None, 1)
    return follow(first, fetch, _following)


def _following(reply: Reply, place: _Place) -> _Place | None:
    until, page = place
    wrapper = decode(reply.body, _Wrapper)
    if not wrapper.has_more or not wrapper.items:
        return None
    if page < LAST_PAGE:
        return until, page + 1
    oldest = min(decode(bytes(raw), _Moment).creation_date for raw in wrapper.items)
    if oldest == until:
        raise PayloadError(f"more than {LAST_PAGE * PAGE} posts in one second", where="$.items")
    return oldest, 1


def _names(raw: msgspec.Raw) -> _Names:
    return decode(bytes(raw), _Names, where="$.items")


def _accounts(source: Source) -> Iterator[tuple[str, str]]:
    """The site and the number of each account."""
    for account in source.accounts:
        site, _, number = account.rpartition("/")
        yield site or "stackoverflow", number


def _question_of(source: Source, client: Client, post: Post) -> tuple[str, str]:
    """The site and number of the question; for a comment its parent has to be asked for."""
    site, kind, number = (post.root_id or post.post_id).split(":")
    if kind == "q":
        return site, number
    if kind == "c":
        number = (post.parent_id or "").rpartition(":")[2]
    for each in understand(_THIS, _pages(source, client, site, f"answers/{number}")):
        if isinstance(each, Post) and each.root_id:
            return site, each.root_id.rpartition(":")[2]
    return site, number


def _understood(item: Item) -> Iterator[Read]:
    alone = SimpleNamespace(read=lambda _: [item], to_post=to_post)
    return understand(alone, [Reply(url="", observed_at=item.observed_at)])


def _with_root(each: Read, known: Mapping[str, Post]) -> Read:
    """A comment asked for by itself does not say its question: what was known stays."""
    if isinstance(each, Post) and each.root_id is None and each.post_id in known:
        return msgspec.structs.replace(each, root_id=known[each.post_id].root_id)
    return each


_THIS: Final[Any] = SimpleNamespace(read=read, to_post=to_post)
