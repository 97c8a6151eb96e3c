"""Understand one post of a Discourse forum, or the opening post that a list of topics tells of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from connectors.dates import in_utc
from connectors.discourse_words import NO_LINK, own_words
from connectors.markup import comment_text, links_of, plain_text
from connectors.paging import distinct
from pipeline.post import Post, Visibility
from pipeline.source import Item

LIKE: Final = 2
_NOTES: Final = frozenset({2, 3})
_WHISPER: Final = 4
_LETTER: Final[Mapping[str | None, Visibility]] = {"private_message": "direct"}
_MENTION: Final = re.compile(r'<a class="mention(?:-group)?[ "][^>]*>@(?P<name>[^<]+)</a>')
_PAGE: Final = re.compile(
    r"(?P<base>.*?)/(?:(?:t|c|u|g|tag|tags|posts|search|latest|top|hot|topics|user_actions"
    r"|notifications|users|groups)(?:/|\.json|\.rss|$)|[\w-]+\.(?:json|rss)$)"
)
"""Below the address of a forum: one of its pages, or a list by whatever name."""


class _Action(msgspec.Struct, gc=False):
    id: int
    count: int = 0


class _Answered(msgspec.Struct, gc=False):
    username: str | None = None


class _Post(msgspec.Struct, gc=False):
    id: int
    topic_id: int
    post_number: int
    created_at: datetime
    username: str | None = None
    name: str | None = None
    user_id: int | None = None
    updated_at: datetime | None = None
    version: int = 1
    cooked: str | None = None
    blurb: str | None = None
    post_type: int = 1
    reply_to_post_number: int | None = None
    reply_to_user: _Answered | None = None
    topic_slug: str | None = None
    topic_title: str | None = None
    like_count: int | None = None
    actions_summary: list[_Action] | None = None
    reads: int | None = None
    reply_count: int | None = None
    hidden: bool | None = None
    deleted_at: datetime | None = None
    user_deleted: bool | None = None


class _Poster(msgspec.Struct, gc=False):
    user_id: int | None = None
    description: str | None = None


class _Topic(msgspec.Struct, gc=False):
    id: int
    title: str
    created_at: datetime
    slug: str | None = None
    excerpt: str | None = None
    views: int | None = None
    reply_count: int | None = None
    posts_count: int | None = None
    tags: list[Any] | None = None
    posters: list[_Poster] = []
    visible: bool = True
    archetype: str | None = None


class _User(msgspec.Struct, gc=False):
    id: int
    username: str
    name: str | None = None


def host_of(address: str) -> str:
    """The host of a forum, with the path it stands under (``example.org/forum``)."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    page = _PAGE.match(parts.path)
    return parts.netloc + (page["base"] if page else parts.path.rstrip("/"))


def forum_post(item: Item) -> Post | None:
    """A post; None for what the forum notes by itself.

    Raises:
        PayloadError: a time that names no zone.
    """
    if item.context.get("shape") == "topic":
        return _opening(item)
    post = msgspec.json.decode(item.raw, type=_Post)
    if post.post_type in _NOTES:
        return None
    host = item.context.get("host", "")
    is_gone = post.deleted_at is not None or bool(post.user_deleted)
    changed = in_utc(post.updated_at, "$.updated_at")
    said = own_words("" if is_gone else _words(post))
    topic = f"{host}/t/{post.topic_id}"
    slug = post.topic_slug or item.context.get("slug") or "-"
    base = f"https://{host}/"
    return Post(
        platform="discourse",
        post_id=f"{host}:{post.id}",
        native_id=str(post.id),
        aliases=(f"{topic}/{post.post_number}",),
        observed_at=item.observed_at,
        created_at=in_utc(post.created_at, "$.created_at"),
        edited_at=changed if post.version > 1 else None,
        deleted_at=(in_utc(post.deleted_at, "$.deleted_at") or changed or item.observed_at)
        if is_gone
        else None,
        url=f"{base}t/{slug}/{post.topic_id}/{post.post_number}" if host else None,
        root_id=f"{topic}/1",
        quoted_id=f"{host}/t/{'/'.join(said.quoted)}" if said.quoted else None,
        text=comment_text(said.markup),
        mentions=_mentions(said.markup, host),
        links=links_of(said.markup, base if host else None, apart=NO_LINK),
        likes_count=_likes(post),
        replies_count=post.reply_count,
        visibility=_visibility(post, item.context.get("archetype")),
        payload=item.raw.decode("utf-8", "replace"),
        **_place(post, topic, item),
        **_author(post.username, post.name, post.user_id, host),
    )


def _mentions(markup: str, host: str) -> tuple[str, ...]:
    return distinct([_account(name, host) for name in _MENTION.findall(markup)])


def _place(post: _Post, topic: str, item: Item) -> dict[str, Any]:
    """Title, tags and views are the topic's: they are its opening post's."""
    if post.post_number == 1:
        views = item.context.get("views")
        return {
            "kind": "post",
            "title": post.topic_title or item.context.get("title"),
            "tags": tuple(item.context.get("tags", "").splitlines()),
            "views_count": post.reads if views is None else int(views),
        }
    above = post.reply_to_post_number or 1
    whom = post.reply_to_user.username if post.reply_to_user else None
    return {
        "kind": "reply",
        "parent_id": f"{topic}/{above}",
        "parent_author_id": _account(whom, item.context.get("host", "")) if whom else None,
        "views_count": post.reads,
    }


def _opening(item: Item) -> Post:
    """The opening post as far as a list of topics tells of it: not its number, not its words."""
    topic = msgspec.json.decode(item.raw, type=_Topic)
    names = _people(item.context["users"])
    opener = next(
        (each.user_id for each in topic.posters if "Original" in (each.description or "")), None
    )
    host = item.context.get("host", "")
    user = None if opener is None else names.get(opener)
    name = f"{host}/t/{topic.id}/1"
    tags = [tag.get("name") if isinstance(tag, dict) else tag for tag in topic.tags or []]
    return Post(
        platform="discourse",
        post_id=name,
        kind="post",
        observed_at=item.observed_at,
        created_at=in_utc(topic.created_at, "$.created_at"),
        url=f"https://{host}/t/{topic.slug or '-'}/{topic.id}" if host else None,
        root_id=name,
        title=topic.title,
        text=plain_text(topic.excerpt or ""),
        tags=tuple(tag for tag in tags if isinstance(tag, str)),
        replies_count=None if topic.posts_count is None else topic.posts_count - 1,
        views_count=topic.views,
        visibility=_LETTER.get(topic.archetype, "public" if topic.visible else "unlisted"),
        payload=item.raw.decode("utf-8", "replace"),
        **(_author(user.username, user.name, user.id, host) if user else {}),
    )


@lru_cache(maxsize=2)
def _people(users: str) -> Mapping[int, _User]:
    """Who is told of beside a list of topics, by number; the same for all topics of a list.

    One without number or name could be nobody's writer.
    """
    found = {}
    for raw in msgspec.json.decode(users, type=list[msgspec.Raw] | None) or []:
        try:
            user = msgspec.json.decode(raw, type=_User)
        except msgspec.ValidationError:
            continue
        found[user.id] = user
    return found


def _author(
    username: str | None, name: str | None, number: int | None, host: str
) -> dict[str, Any]:
    """The forum's own people have numbers below zero: they are programs."""
    if username is None:
        return {}
    account = _account(username, host)
    return {
        "author_id": account,
        "author_handle": account,
        "author_name": name or None,
        "author_url": f"https://{host}/u/{username}" if host else None,
        "author_is_bot": None if number is None else number < 0,
    }


def _account(name: str, host: str) -> str:
    return f"{name}@{host}" if host else name


def _words(post: _Post) -> str:
    return post.cooked if post.cooked is not None else post.blurb or ""


def _likes(post: _Post) -> int | None:
    if post.actions_summary is None:
        return post.like_count
    return next((each.count for each in post.actions_summary if each.id == LIKE), 0)


def _visibility(post: _Post, archetype: str | None) -> Visibility:
    if archetype in _LETTER:
        return _LETTER[archetype]
    if post.post_type == _WHISPER:
        return "private"
    return "withheld" if post.hidden else "public"
