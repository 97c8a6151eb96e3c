"""WordPress sites: their posts and the comments under them, through the site's own REST interface.

Reads: wp/v2/posts and wp/v2/comments of the sites in ``urls``
    (https://developer.wordpress.org/rest-api/reference/comments/). A site is a base address, such
    as https://blog.example.org. The account of a site's author is ``host/number`` (``accounts``).
Access: open on most sites; some close the interface to visitors (401). Feeds show only the last
    ten comments and cannot be paged, so this is the way to read them all.
Cannot tell: audience sizes, likes, edits of comments; the person behind a comment is only the name
    that was typed.
Quirks: a comment that was held and approved later keeps its old date, so the trailing window
    catches it; pages drift while comments arrive, so that one may come twice; past the end stands
    an empty list. ``after`` is compared with the site's own clock whatever zone it names
    (build_mysql_datetime of WP_Date_Query, seen November 2026), so half a day more is asked for.
    The address of a comment tells on which page of comments it is: that changes and is no name.
    A post behind a password is listed without its words and left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import msgspec

from connectors.feed_names import canonical
from connectors.markup import links_of, plain_text
from connectors.paging import decode, follow, items, once, settled, understand
from connectors.told_status import refused
from pipeline.http import Client
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

ACCESS: Final = Access(kind="open", requests=60, seconds=60.0)
PAGE: Final = 100
HALF_A_DAY: Final = timedelta(hours=12)
_NOTHING: Final = msgspec.Raw(b"")


class _Rendered(msgspec.Struct):
    rendered: str


class _Content(msgspec.Struct):
    rendered: str
    protected: bool = False


class _Comment(msgspec.Struct):
    id: int
    post: int
    parent: int
    author: int
    author_name: str
    date_gmt: str
    content: _Rendered
    link: str
    type: str = "comment"
    status: str = "approved"


class _Article(msgspec.Struct):
    id: int
    date_gmt: str
    modified_gmt: str
    link: str
    author: int
    title: _Rendered
    content: _Content
    status: str = "publish"


class _Kind(msgspec.Struct):
    """What tells comments and posts from tags, users and pictures, each as it was sent."""

    author_name: msgspec.Raw = _NOTHING
    parent: msgspec.Raw = _NOTHING
    post: msgspec.Raw = _NOTHING
    title: msgspec.Raw = _NOTHING
    modified_gmt: msgspec.Raw = _NOTHING
    media_type: msgspec.Raw = _NOTHING

    @property
    def is_comment(self) -> bool:
        """It names its author, or stands under something."""
        is_below = bytes(self.post) and bytes(self.parent)
        return bool(bytes(self.author_name) or (is_below and not bytes(self.title)))

    @property
    def is_article(self) -> bool:
        """It has a title, or was changed at a time; pictures have both."""
        return bool(bytes(self.title) or bytes(self.modified_gmt)) and not bytes(self.media_type)


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Comments and posts of the sites that hold one of the terms."""
    yield from once(
        read
        for site in source.urls
        for term in source.terms
        for what in ("posts", "comments")
        for read in _asked(client, site, what, {"search": term, "after": _stamp(since)})
    )


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the sites themselves published."""
    for site in source.urls:
        yield from once(_asked(client, site, "posts", {"after": _stamp(since)}))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What people wrote under it."""
    for site in source.urls:
        yield from once(_asked(client, site, "comments", {"after": _stamp(since)}))


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """All comments under the article that ``post`` is, or stands under."""
    site, number = _article_of(source, post)
    yield from _asked(client, site, "posts", {"include": number})
    yield from once(_asked(client, site, "comments", {"post": number}))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """The same posts now; one that is no longer listed was deleted or taken down."""
    for site in source.urls:
        host = urlsplit(site).netloc
        mine = [post for post in posts if urlsplit(post.post_id).netloc == host]
        for what, kinds in (("posts", {"article"}), ("comments", {"comment", "reply"})):
            some = [post for post in mine if post.kind in kinds and post.native_id]
            for start in range(0, len(some), PAGE):
                yield from _again(client, site, what, some[start : start + PAGE])


def _again(client: Client, site: str, what: str, posts: Sequence[Post]) -> Iterator[Read]:
    numbers = ",".join(str(post.native_id) for post in posts)
    replies = list(_pages(client, site, what, {"include": numbers}))
    reads = [each for read in understand(_SELF, replies) for each in _as_known(read, posts)]
    yield from settled(posts, reads, replies[-1])


def _as_known(read: Read, posts: Sequence[Post]) -> Iterator[Read]:
    """The post by the names it was asked for: older ones tell its page of comments."""
    if not isinstance(read, Post):
        yield read
        return
    name = canonical(read.post_id)
    names = [post.post_id for post in posts if canonical(post.post_id) == name]
    yield from (msgspec.structs.replace(read, post_id=each) for each in names or [read.post_id])


def _asked(client: Client, site: str, what: str, query: Mapping[str, str]) -> Iterator[Read]:
    yield from understand(_SELF, _pages(client, site, what, query))


def _pages(client: Client, site: str, what: str, query: Mapping[str, str]) -> Iterator[Reply]:
    base = f"{site.rstrip('/')}/wp-json/wp/v2/{what}"

    def fetch(page: int) -> Reply:
        asked = {**query, "per_page": str(PAGE), "page": str(page), "order": "asc"}
        return client.get(f"{base}?{urlencode(asked)}")

    def following(reply: Reply, page: int) -> int | None:
        told = reply.headers.get("x-wp-totalpages", "")
        return page + 1 if told.isdecimal() and page < int(told) else None

    return follow(1, fetch, following)


def read(reply: Reply) -> Iterator[Item]:
    """The posts and comments of a reply; tags, users and other lists hold none.

    Raises:
        LuisterError: a refusal that says so in its body.
        PayloadError: neither a list nor anything that a site gives by its number.
    """
    context = {"host": urlsplit(reply.url).netloc}
    if reply.body.lstrip().startswith(b"["):
        yield from items(decode(reply.body, list[msgspec.Raw]), reply, "$", context)
        return
    told = decode(reply.body, dict[str, msgspec.Raw])
    if "id" not in told:
        raise refused(reply, "neither a list nor a post or comment")
    yield Item(raw=reply.body, path="$", observed_at=reply.observed_at, context=context)


def to_post(item: Item) -> Post | None:
    """A comment or an article; None for tags, users and the like."""
    kind = msgspec.json.decode(item.raw, type=_Kind)
    if kind.is_comment:
        return _comment(item)
    return _article(item) if kind.is_article else None


def _comment(item: Item) -> Post:
    comment = msgspec.json.decode(item.raw, type=_Comment)
    host = urlsplit(comment.link).netloc
    article = f"{host}/post/{comment.post}"
    return Post(
        platform="wordpress",
        post_id=canonical(comment.link) if comment.link else "",
        native_id=str(comment.id),
        aliases=(f"{host}/comment/{comment.id}",),
        kind="reply" if comment.parent else "comment",
        observed_at=item.observed_at,
        created_at=_time(comment.date_gmt),
        url=comment.link,
        parent_id=f"{host}/comment/{comment.parent}" if comment.parent else article,
        root_id=article,
        visibility="public" if comment.status == "approved" else "private",
        links=links_of(comment.content.rendered, comment.link),
        text=plain_text(comment.content.rendered),
        payload=item.raw.decode("utf-8", "replace"),
        **_author(host, comment.author, comment.author_name),
    )


def _article(item: Item) -> Post:
    article = msgspec.json.decode(item.raw, type=_Article)
    host = urlsplit(article.link).netloc
    created, modified = _time(article.date_gmt), _time(article.modified_gmt)
    return Post(
        platform="wordpress",
        post_id=article.link,
        native_id=str(article.id),
        aliases=(f"{host}/post/{article.id}",),
        kind="article",
        observed_at=item.observed_at,
        created_at=created,
        edited_at=modified if modified > created else None,
        url=article.link,
        title=plain_text(article.title.rendered),
        text=plain_text(article.content.rendered),
        links=links_of(article.content.rendered, article.link),
        visibility="public"
        if article.status == "publish" and not article.content.protected
        else "private",
        payload=item.raw.decode("utf-8", "replace"),
        **_author(host, article.author, None),
    )


def _author(host: str, number: int, name: str | None) -> dict[str, Any]:
    """A registered author is ``host/number``; a visitor is only the name that was typed."""
    if number:
        account = f"{host}/{number}"
        return {"author_id": account, "author_handle": account, "author_name": name}
    return {"author_id": f"{host}/name/{name}" if name else None, "author_name": name or None}


def _article_of(source: Source, post: Post) -> tuple[str, str]:
    names = (post.root_id, *post.aliases)
    alias = next((name for name in names if name and "/post/" in name), None)
    host = urlsplit(post.post_id).netloc
    site = next((each for each in source.urls if urlsplit(each).netloc == host), f"https://{host}")
    return site, alias.rpartition("/")[2] if alias else "0"


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC) - HALF_A_DAY:%Y-%m-%dT%H:%M:%S}"


_SELF: Final[Any] = SimpleNamespace(read=read, to_post=to_post)
