"""Ask Stack Exchange: all pages of a list, in slices of time, and what many numbers name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.paging import decode, follow, understand, understand_item
from connectors.stackexchange_item import thing_post
from connectors.stackexchange_reply import Named, Wrapper, cut, named
from pipeline.errors import PayloadError
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

API: Final = "https://api.stackexchange.com/2.3"
PAGE: Final = 100
LAST_PAGE: Final = 25
OWNED: Final = timedelta(days=30)
THIS: Final[Any] = SimpleNamespace(read=cut, to_post=thing_post)
_Place = tuple[int | None, int]
"""Up to which second, and which page."""


class _Moment(msgspec.Struct):
    creation_date: int


def pages(
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


def many(
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
        yield from pages(source, client, site, path.format(some), since)


def _following(reply: Reply, place: _Place) -> _Place | None:
    until, page = place
    wrapper = decode(reply.body, Wrapper)
    if not wrapper.has_more or not wrapper.items:
        return None
    if page < LAST_PAGE:
        return until, page + 1
    oldest = min(decode(bytes(raw), _Moment).creation_date for raw in wrapper.items)
    if oldest == until:
        raise PayloadError(f"more than {LAST_PAGE * PAGE} posts in one second", where="$.items")
    return oldest, 1


def whole(source: Source, client: Client, site: str, page: Reply) -> Iterator[Read]:
    """The posts whose excerpts a page of a search holds, whole."""
    names = named(page)
    answers = [str(each.answer_id) for each in names if each.answer_id is not None]
    questions = [
        str(each.question_id)
        for each in names
        if each.answer_id is None and each.question_id is not None
    ]
    for path, numbers in (("questions/{}", questions), ("answers/{}", answers)):
        yield from understand(THIS, many(source, client, site, path, numbers))


def question_of(source: Source, client: Client, post: Post) -> tuple[str, str]:
    """The site and number of the question; for a comment its parent has to be asked for."""
    site, kind, number = (post.root_id or post.post_id).split(":")
    if kind == "q":
        return site, number
    if kind == "c":
        number = (post.parent_id or "").rpartition(":")[2]
    for each in understand(THIS, pages(source, client, site, f"answers/{number}")):
        if isinstance(each, Post) and each.root_id:
            return site, each.root_id.rpartition(":")[2]
    return site, number


def comments(
    source: Source, client: Client, site: str, question: str, numbers: Sequence[str]
) -> Iterator[Read]:
    """The comments under posts of one question."""
    for reply in many(source, client, site, "posts/{}/comments", numbers):
        for item in cut(reply):
            placed = {**item.context, "question": question}
            yield from understand_item(THIS, msgspec.structs.replace(item, context=placed))


def rooted(
    source: Source,
    client: Client,
    site: str,
    replies: Iterable[Reply],
    questions: Collection[str] = (),
) -> Iterator[Read]:
    """What the pages hold, comments with their question: by themselves they name a post alone."""
    known = {number: f"{site}:q:{number}" for number in questions}
    for reply in replies:
        reads = list(understand(THIS, [reply]))
        lost = {_above(each) for each in reads} - known.keys() - {""}
        answers = many(source, client, site, "answers/{}", sorted(lost))
        for each in understand(THIS, answers):
            if isinstance(each, Post) and each.native_id and each.root_id:
                known[each.native_id] = each.root_id
        for each in reads:
            root = known.get(_above(each))
            is_found = isinstance(each, Post) and root is not None
            yield msgspec.structs.replace(each, root_id=root) if is_found else each


def _above(each: Read) -> str:
    """The number of the post above a comment whose question is not known."""
    if not isinstance(each, Post) or each.kind != "comment" or each.root_id is not None:
        return ""
    return (each.parent_id or "").rpartition(":")[2]


def addressed(
    source: Source, client: Client, site: str, number: str, since: datetime
) -> Iterator[Read]:
    """What names an account, and what others said to its posts of 30 days."""
    naming = pages(source, client, site, f"users/{number}/mentioned", since)
    yield from rooted(source, client, site, naming)
    own: list[Named] = []
    for page in pages(source, client, site, f"users/{number}/posts", since - OWNED):
        own += named(page)
    questions = [str(each.post_id) for each in own if each.post_type == "question"]
    every = [str(each.post_id) for each in own if each.post_id is not None]
    for path, numbers in (("questions/{}/answers", questions), ("posts/{}/comments", every)):
        replies = many(source, client, site, path, numbers, since)
        for each in rooted(source, client, site, replies, questions):
            if not isinstance(each, Post) or each.author_id != f"{site}/{number}":
                yield each
