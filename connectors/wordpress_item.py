"""Items of a WordPress site: cut out of a reply, and understood as comments or articles."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from connectors.feed_names import canonical
from connectors.markup import comment_text, links_of, plain_text
from connectors.paging import decode, items
from connectors.told_status import refused
from pipeline.post import Post
from pipeline.source import Item, Reply

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


def cut(reply: Reply) -> Iterator[Item]:
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


def site_post(item: Item) -> Post | None:
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
        text=comment_text(comment.content.rendered),
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
    """A registered author is ``host/number``; a visitor is only the name that was typed.

    WordPress keeps names as they stand in HTML.
    """
    name = html.unescape(name) if name else None
    if number:
        account = f"{host}/{number}"
        return {"author_id": account, "author_handle": account, "author_name": name}
    return {"author_id": f"{host}/name/{name}" if name else None, "author_name": name or None}


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
