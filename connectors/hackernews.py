"""Hacker News: stories, comments and who answers whom.

Reads: the Algolia search API (https://hn.algolia.com/api: search_by_date, items) and, for posts as
    they are now, the Firebase API (https://github.com/HackerNews/API: item). ``server`` stands in
    for both. ``options.domains`` are web domains to which links count as mentions.
Access: open.
Cannot tell: language, edits, audience sizes, points of comments; there are no mentions by name.
Quirks: a query gives at most 1,000 hits whatever the page, so time is cut into slices; search is
    lenient, so matching is done again on our side; deleted items are told by Firebase alone; keys
    without a value are null in old answers and missing in new ones; Firebase knows a comment's
    parent, not its story.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from connectors.hackernews_item import hit_post, node_post, thing_post
from connectors.paging import decode, follow, items, once, tombstone, understand
from pipeline.errors import PayloadError, SourceGone
from pipeline.post import Post, Read
from pipeline.relevance import push
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

T = TypeVar("T")
ACCESS: Final = Access(kind="open", requests=120, seconds=60.0, lists=("domains",))
SYNTAX: Final = push.Syntax(word='"{}"')
ALGOLIA: Final = "https://hn.algolia.com"
FIREBASE: Final = "https://hacker-news.firebaseio.com"
PAGE: Final = 100
CAP: Final = 1_000
MAX_PAGES: Final = 5_000
Query = Mapping[str, str]
_Place = tuple[int | None, int]
"""Before which second, and which page."""
_NO_POSTS: Final = frozenset({"karma", "profiles"})
"""Marks of people, and of what changed lately."""


class _Moment(msgspec.Struct):
    created_at_i: int


class _Page(msgspec.Struct):
    hits: list[msgspec.Raw]
    pages: int = msgspec.field(name="nbPages", default=0)
    message: str | None = None


class _Parent(msgspec.Struct):
    children: list[msgspec.Raw]


class _Numbered(msgspec.Struct):
    id: int | None = None


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Stories and comments that hold a term, and stories that link to one of the domains."""
    wanted = [f'"{_phrase(term)}"' for term in source.terms if _phrase(term)]
    if source.query is not None:
        wanted = list(push.searches(source.query, SYNTAX, source.platform).texts)
    queries: list[Query] = [
        {"query": each, "tags": "(story,comment)", "typoTolerance": "false"} for each in wanted
    ]
    queries += [
        {"query": domain, "restrictSearchableAttributes": "url", "tags": "story"}
        for domain in source.options.get("domains", ())
    ]
    yield from once(read for query in queries for read in _search(source, client, query, since))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts wrote: stories and comments."""
    for account in source.accounts:
        yield from once(_search(source, client, {"tags": f"author_{account}"}, since))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What answers the accounts' stories and comments, those of before ``since`` left out."""
    for account in source.accounts:
        for own in _search(source, client, {"tags": f"author_{account}"}, since):
            if isinstance(own, Post) and own.replies_count != 0:
                for read in _tree_under(source, client, own):
                    if not isinstance(read, Post) or read.parent_id == own.post_id:
                        yield read


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The whole story ``post`` stands under, in one answer."""
    yield from understand(_THIS, [_ask_tree(source, client, post.root_id or post.post_id)])


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now; null, deleted or dead means it is gone.

    Firebase does not know the story of a comment: what was known about it stays.
    """
    for post in posts:
        reply = client.get(f"{source.server or FIREBASE}/v0/item/{post.post_id}.json")
        found = list(understand(_THIS, [reply])) or [tombstone(post, reply)]
        for read in found:
            yield _with_place(read, post) if isinstance(read, Post) else read


def read(reply: Reply) -> Iterator[Item]:
    """Hits of a search, a whole tree with its comments, or one item; people and ids hold none.

    Raises:
        PayloadError: not an answer of either API, or one beyond the search's cap.
        SourceGone: an item that does not exist.
    """
    if not reply.body.lstrip().startswith(b"{"):
        decode(reply.body, list[int] | int | None)  # type: ignore[arg-type]
        return
    told = decode(reply.body, dict[str, msgspec.Raw])
    if _NO_POSTS & told.keys():
        return
    if "hits" in told:
        page = decode(reply.body, _Page)
        if page.message and not page.hits:
            raise PayloadError(f"beyond the search's cap: {page.message}", where="$.message")
        yield from items(page.hits, reply, "$.hits", {"shape": "hit"})
    elif "children" in told:
        yield from _nodes(reply)
    elif "id" in told:
        yield Item(
            raw=reply.body, path="$", observed_at=reply.observed_at, context={"shape": "thing"}
        )
    elif "error" in told or "message" in told:
        _refuse(told, reply)
    else:
        raise PayloadError("neither hits, a tree nor an item", where="$")


def to_post(item: Item) -> Post | None:
    """A story or a comment; None for options of polls and for gaps in a tree."""
    understand_shape = {"hit": hit_post, "node": node_post, "thing": thing_post}
    return understand_shape[item.context["shape"]](item)


def _refuse(told: Mapping[str, msgspec.Raw], reply: Reply) -> None:
    words = bytes(told.get("error") or told["message"]).decode("utf-8", "replace").strip('"')
    if "not found" in words.lower():
        raise SourceGone(f"there is no such item: {words}", where=reply.url)
    raise PayloadError(f"the search refuses: {words}", where="$")


def _nodes(reply: Reply) -> Iterator[Item]:
    """The nodes of a tree, parents first; a node that is none is left to be rejected."""
    waiting: list[tuple[bytes, str]] = [(reply.body, "$")]
    found: list[tuple[bytes, str]] = []
    while waiting:
        raw, path = waiting.pop()
        children = _children(raw)
        found.append((_without_children(raw, children), path))
        below = [(child, f"{path}.children[{at}]") for at, child in enumerate(children)]
        waiting.extend(reversed(below))
    context = {"shape": "node", "below": str(len(found) - 1)}
    for raw, path in found:
        yield Item(raw=raw, path=path, observed_at=reply.observed_at, context=context)


def _children(raw: bytes) -> list[bytes]:
    parent = _decoded(raw, _Parent)
    return [] if parent is None else [bytes(child) for child in parent.children]


def _decoded(raw: bytes, shape: type[T]) -> T | None:
    """None for what has another shape: ``to_post`` rejects it, saying why."""
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _without_children(raw: bytes, children: list[bytes]) -> bytes:
    """A node as it was sent, but for its children, of whom the ids stay."""
    if not children:
        return raw
    numbered = (_decoded(child, _Numbered) for child in children)
    ids = [each.id for each in numbered if each is not None and each.id is not None]
    told = _decoded(raw, dict[str, msgspec.Raw])
    if told is None:
        return raw
    return msgspec.json.encode(told | {"children": msgspec.Raw(msgspec.json.encode(ids))})


def _ask_tree(source: Source, client: Client, number: str) -> Reply:
    return client.get(f"{source.server or ALGOLIA}/api/v1/items/{number}")


def _tree_under(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The comments below a post; none when it was deleted meanwhile."""
    try:
        reply = _ask_tree(source, client, post.post_id)
    except SourceGone:
        return
    yield from understand(_THIS, [reply])


def _with_place(read: Post, known: Post) -> Post:
    is_told = read.root_id is not None
    return msgspec.structs.replace(
        read,
        root_id=read.root_id if is_told else known.root_id,
        kind=read.kind if is_told else known.kind,
    )


def _search(source: Source, client: Client, query: Query, since: datetime) -> Iterator[Read]:
    """All hits since, newest first; before a query's cap the walk goes on in an earlier slice."""
    address = f"{source.server or ALGOLIA}/api/v1/search_by_date"

    def fetch(place: _Place) -> Reply:
        before, page = place
        bounds = [f"created_at_i>{int(since.timestamp())}"]
        bounds += [f"created_at_i<{before}"] if before is not None else []
        place_asked: dict[str, str | int] = {
            "numericFilters": ",".join(bounds),
            "hitsPerPage": PAGE,
            "page": page,
        }
        return client.get(address, params={**query, **place_asked})

    first: _Place = (None, 0)
    yield from understand(_THIS, follow(first, fetch, _following, max_pages=MAX_PAGES))


def _following(reply: Reply, place: _Place) -> _Place | None:
    """The next page, or at the cap the slice that ends with the second of the oldest hit."""
    before, page = place
    found = decode(reply.body, _Page)
    if not found.hits or (page + 1 >= found.pages and (page + 1) * PAGE < CAP):
        return None
    if (page + 1) * PAGE < CAP:
        return before, page + 1
    oldest = min(decode(bytes(hit), _Moment).created_at_i for hit in found.hits)
    if before is not None and oldest + 1 >= before:
        raise PayloadError(f"more than {CAP} hits in one second: they cannot all be read")
    return oldest + 1, 0


def _phrase(term: str) -> str:
    return " ".join(term.replace('"', " ").split())


_THIS: Final[Any] = SimpleNamespace(read=read, to_post=to_post)
