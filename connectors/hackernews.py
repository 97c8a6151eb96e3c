"""Hacker News: stories, comments and who answers whom.

Reads: the Algolia search API (https://hn.algolia.com/api: search_by_date, items) and, for posts as
    they are now, the Firebase API (https://github.com/HackerNews/API: item). ``server`` stands in
    for both. ``options.domains`` are web domains to which links count as mentions.
Access: open.
Cannot tell: language, edits, audience sizes, points of comments; there are no mentions by name.
Quirks: a query gives at most 1,000 hits whatever the page, so time is cut into slices; search is
    typo-tolerant, so matching is done again on our side; deleted items are told by Firebase alone;
    keys without a value are null in old answers and missing in new ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.markup import links_of, plain_text
from connectors.paging import decode, follow, understand
from pipeline.errors import LuisterError, PayloadError, SourceRefused
from pipeline.post import Kind, Post, Read, utc_from_epoch
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(kind="open", requests=60, seconds=60.0)
ALGOLIA: Final = "https://hn.algolia.com"
FIREBASE: Final = "https://hacker-news.firebaseio.com"
PAGE: Final = 100
CAP: Final = 1000
_STORIES: Final = frozenset({"story", "ask_hn", "show_hn", "poll", "job"})
Query = Mapping[str, str]
_Place = tuple[int | None, int]
"""Before which second, and which page."""


class _Hit(msgspec.Struct):
    object_id: str = msgspec.field(name="objectID")
    created_at_i: int
    tags: list[str] = msgspec.field(name="_tags")
    author: str | None = None
    title: str | None = None
    url: str | None = None
    story_text: str | None = None
    comment_text: str | None = None
    story_id: int | None = None
    parent_id: int | None = None
    points: int | None = None
    num_comments: int | None = None


class _Node(msgspec.Struct):
    id: int
    created_at_i: int
    type: str
    author: str | None = None
    title: str | None = None
    url: str | None = None
    text: str | None = None
    story_id: int | None = None
    parent_id: int | None = None
    points: int | None = None


class _Thing(msgspec.Struct):
    id: int
    type: str
    time: int
    by: str | None = None
    title: str | None = None
    url: str | None = None
    text: str | None = None
    parent: int | None = None
    score: int | None = None
    descendants: int | None = None
    deleted: bool = False
    dead: bool = False


class _Times(msgspec.Struct):
    created_at_i: int


class _Hits(msgspec.Struct):
    hits: list[_Times]


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Stories and comments that hold a term, and stories that link to one of the domains."""
    for term in source.terms:
        query = {"query": f'"{term}"', "tags": "(story,comment)", "typoTolerance": "false"}
        yield from _search(source, client, query, since)
    for domain in source.options.get("domains", ()):
        link = {"query": domain, "restrictSearchableAttributes": "url", "tags": "story"}
        yield from _search(source, client, link, since)


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts wrote."""
    for account in source.accounts:
        yield from _search(source, client, {"tags": f"author_{account}"}, since)


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What was written under the accounts' stories."""
    for account in source.accounts:
        for read in _search(source, client, {"tags": f"story,author_{account}"}, since):
            if isinstance(read, Post):
                query = {"tags": f"comment,story_{read.post_id}"}
                yield from _search(source, client, query, since)


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The whole story ``post`` stands under, in one answer."""
    address = f"{source.server or ALGOLIA}/api/v1/items/{post.root_id or post.post_id}"
    yield from understand(_READER, [client.get(address)])


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now; null, deleted or dead means it is gone."""
    for post in posts:
        address = f"{source.server or FIREBASE}/v0/item/{post.post_id}.json"
        reply = client.get(address)
        found = list(understand(_READER, [reply]))
        if not found:
            found = [_tombstone(post, reply)]
        for read in found:
            is_old = isinstance(read, Post) and read.root_id is None and post.root_id
            yield msgspec.structs.replace(read, root_id=post.root_id) if is_old else read


def _tombstone(post: Post, reply: Reply) -> Post:
    at = reply.observed_at
    return msgspec.structs.replace(post, deleted_at=at, observed_at=at)


def _search(source: Source, client: Client, query: Query, since: datetime) -> Iterator[Read]:
    """All hits since, newest first; before a query's cap the walk goes on in an earlier slice."""
    address = f"{source.server or ALGOLIA}/api/v1/search_by_date"

    def fetch(place: _Place) -> Reply:
        before, page = place
        bounds = [f"created_at_i>{int(since.timestamp())}"]
        bounds += [f"created_at_i<{before}"] if before is not None else []
        filters: dict[str, str | int] = {
            "numericFilters": ",".join(bounds),
            "hitsPerPage": PAGE,
            "page": page,
        }
        return client.get(address, params={**query, **filters})

    def following(reply: Reply, place: _Place) -> _Place | None:
        before, page = place
        hits = decode(reply.body, _Hits).hits
        if len(hits) < PAGE:
            return None
        if (page + 2) * PAGE <= CAP:
            return before, page + 1
        oldest = min(hit.created_at_i for hit in hits) + 1
        return (oldest if before is None or oldest < before else before - 1), 0

    first: _Place = (None, 0)
    yield from understand(_READER, follow(first, fetch, following))


def refusal(reply: Reply) -> LuisterError | None:
    """Algolia refuses with status 200 what lies beyond its cap."""
    if reply.status == 200 and b'"message"' in reply.body and b'"hits":[]' in _tight(reply.body):
        told = str(decode(reply.body, dict[str, Any]).get("message", ""))
        return SourceRefused(told, where=reply.url, todo="ask in smaller slices of time")
    return None


def _tight(body: bytes) -> bytes:
    return body[:20_000].replace(b" ", b"").replace(b"\n", b"")


def read(reply: Reply) -> Iterator[Item]:
    """Hits of a search, a whole tree with its comments, or one item; lists of ids hold none."""
    if not reply.body.lstrip().startswith(b"{"):
        decode(reply.body, list[int] | int | None)  # type: ignore[arg-type]
        return
    tree = decode(reply.body, dict[str, Any])
    if "hits" in tree:
        elements = decode(reply.body, dict[str, msgspec.Raw])["hits"]
        for index, hit in enumerate(decode(bytes(elements), list[msgspec.Raw])):
            yield _item(bytes(hit), f"$.hits[{index}]", reply, "hit")
    elif "children" in tree:
        yield from _nodes(tree, "$", reply)
    elif "id" in tree or "type" in tree:
        yield _item(reply.body, "$", reply, "thing")
    elif "message" in tree or "error" in tree:
        raise PayloadError(str(tree.get("message") or tree["error"]), where="$")


def _nodes(tree: Mapping[str, Any], path: str, reply: Reply) -> Iterator[Item]:
    """The nodes of a tree, parents first, each without its children."""
    waiting: list[tuple[Mapping[str, Any], str]] = [(tree, path)]
    while waiting:
        node, place = waiting.pop()
        own = {name: value for name, value in node.items() if name != "children"}
        yield _item(msgspec.json.encode(own), place, reply, "node")
        children = node.get("children") or []
        waiting.extend(
            (child, f"{place}.children[{index}]")
            for index, child in reversed(list(enumerate(children)))
            if isinstance(child, dict)
        )


def _item(raw: bytes, path: str, reply: Reply, shape: str) -> Item:
    return Item(raw=raw, path=path, observed_at=reply.observed_at, context={"shape": shape})


def to_post(item: Item) -> Post | None:
    """A story or a comment; None for poll options and for what was deleted without a trace."""
    if item.context["shape"] == "hit":
        return _from_hit(msgspec.json.decode(item.raw, type=_Hit), item)
    if item.context["shape"] == "node":
        return _from_node(msgspec.json.decode(item.raw, type=_Node), item)
    return _from_thing(msgspec.json.decode(item.raw, type=_Thing), item)


def _from_hit(hit: _Hit, item: Item) -> Post | None:
    is_story = not _STORIES.isdisjoint(hit.tags)
    if not is_story and "comment" not in hit.tags:
        return None
    return _post(
        item,
        number=hit.object_id,
        is_story=is_story,
        story=hit.object_id if is_story else _text(hit.story_id),
        parent=None if is_story else _text(hit.parent_id),
        at=hit.created_at_i,
        author=hit.author,
        title=hit.title,
        address=hit.url,
        html=hit.story_text if is_story else hit.comment_text,
        points=hit.points,
        comments=hit.num_comments,
    )


def _from_node(node: _Node, item: Item) -> Post | None:
    is_story = node.type in _STORIES
    if (not is_story and node.type != "comment") or node.author is None:
        return None
    return _post(
        item,
        number=str(node.id),
        is_story=is_story,
        story=str(node.id) if is_story else _text(node.story_id),
        parent=None if is_story else _text(node.parent_id),
        at=node.created_at_i,
        author=node.author,
        title=node.title,
        address=node.url,
        html=node.text,
        points=node.points,
        comments=None,
    )


def _from_thing(thing: _Thing, item: Item) -> Post | None:
    is_story = thing.type in _STORIES
    if not is_story and thing.type != "comment":
        return None
    found = _post(
        item,
        number=str(thing.id),
        is_story=is_story,
        story=str(thing.id) if is_story else None,
        parent=None if is_story else _text(thing.parent),
        at=thing.time,
        author=thing.by,
        title=thing.title,
        address=thing.url,
        html=thing.text,
        points=thing.score,
        comments=thing.descendants,
    )
    gone = item.observed_at if thing.deleted or thing.dead else None
    return msgspec.structs.replace(found, deleted_at=gone)


def _post(
    item: Item,
    *,
    number: str,
    is_story: bool,
    story: str | None,
    parent: str | None,
    at: int,
    author: str | None,
    title: str | None,
    address: str | None,
    html: str | None,
    points: int | None,
    comments: int | None,
) -> Post:
    kind: Kind = "post" if is_story else "comment" if parent == story else "reply"
    return Post(
        platform="hackernews",
        post_id=number,
        native_id=number,
        kind=kind,
        observed_at=item.observed_at,
        created_at=utc_from_epoch(at),
        url=f"https://news.ycombinator.com/item?id={number}",
        parent_id=parent,
        root_id=story,
        author_id=author,
        author_handle=author,
        author_url=f"https://news.ycombinator.com/user?id={author}" if author else None,
        title=title or None,
        text=plain_text(html) if html else "",
        links=tuple(dict.fromkeys([*([address] if address else []), *links_of(html or "")])),
        likes_count=points,
        replies_count=comments,
        payload=item.raw.decode("utf-8", "replace"),
    )


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


_READER: Final = SimpleNamespace(read=read, to_post=to_post)
