"""Cut the answers of a Discourse forum into posts, and tell what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeVar

import msgspec

from connectors.discourse_post import host_of
from connectors.paging import decode, items, unless_refused
from pipeline.errors import LuisterError, PayloadError, RateLimited, SourceGone, SourceRefused
from pipeline.exchange import fault_of
from pipeline.source import Item, Reply

Shape = TypeVar("Shape", bound=msgspec.Struct)
_NO_POSTS: Final = frozenset(
    [
        *("user", "user_actions", "notifications", "badges", "user_badges", "directory_items"),
        *("category_list", "categories", "category", "groups", "group", "members"),
        *("about", "body_changes", "success", "invites"),
    ]
)


_LISTED: Final = frozenset(
    ["type", "name", "username", "slug", "id", "text", "title", "notification_type", "post_number"]
)
"""Marks of notifications, people, tags, categories, badges and the groups of an old search."""


class _Grouped(msgspec.Struct):
    more_full_page_results: bool | None = None
    post_ids: list[Any] | None = None
    error: str | None = None


class _Topic(msgspec.Struct):
    id: int | None = None
    title: str | None = None
    views: Any = None
    tags: list[Any] | None = None
    slug: str | None = None
    archetype: str | None = None


class _Stream(msgspec.Struct):
    posts: list[msgspec.Raw]
    stream: list[Any] = []


class _Topics(msgspec.Struct):
    topics: list[msgspec.Raw]


class Answer(_Topic):
    """All that an answer may be: a topic, or a post or list with none of a topic's names."""

    post_number: int | None = None
    post_stream: _Stream | None = None
    posts: list[msgspec.Raw] | None = None
    topics: list[msgspec.Raw] = []
    latest_posts: list[msgspec.Raw] | None = None
    topic_list: _Topics | None = None
    users: list[Any] | None = None
    user: Any = None
    user_actions: list[Any] | None = None
    grouped_search_result: _Grouped | None = None


class _Extras(msgspec.Struct):
    wait_seconds: float | None = None


class _Refusal(msgspec.Struct):
    errors: list[Any] | str = []
    error_type: str | None = None
    extras: _Extras | None = None

    @property
    def words(self) -> str:
        told = [self.errors] if isinstance(self.errors, str) else self.errors
        return " ".join(each for each in told if isinstance(each, str))


class Numbers(msgspec.Struct):
    """What a post is called, and whether it came whole."""

    id: int | None = None
    topic_id: int | None = None
    cooked: str | None = None


def numbers_of(post: bytes) -> Numbers:
    """What a post is called; an odd one has no name, and is rejected by itself."""
    return _as_far_as_known(post, Numbers)


def refusal(reply: Reply) -> LuisterError | None:
    """What a forum itself says: how long to wait, or that visitors may not read it."""
    if reply.status < 400 and reply.body[:200].lower().startswith(b"slow down"):
        return RateLimited("asks us to slow down", where=reply.url)
    if b'"errors"' not in reply.body[:4_000]:
        return None
    try:
        told = msgspec.json.decode(reply.body, type=_Refusal)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    words = told.words
    if told.error_type == "rate_limit":
        seconds = told.extras.wait_seconds if told.extras else None
        return RateLimited(f"asks us to wait: {words}", seconds=seconds, where=reply.url)
    if told.error_type in {"not_logged_in", "invalid_access"}:
        return SourceRefused(f"visitors may not read this: {words}", where=reply.url)
    if reply.status >= 400:
        return None
    is_gone = told.error_type == "not_found"
    return SourceGone(words, where=reply.url) if is_gone else PayloadError(words, where=reply.url)


def is_gone(reply: Reply) -> bool:
    """Whether a topic is there no longer, or not for visitors.

    Raises:
        LuisterError: the whole forum is closed or gone, or something before it answers, which is
            no deletion.
    """
    if reply.status not in {403, 404, 410}:
        return False
    told = _as_far_as_known(reply.body, _Refusal)
    is_lost = reply.status != 403 and bool(told.words or told.error_type)
    if told.error_type != "invalid_access" and not is_lost:
        unless_refused(refusal(reply) or fault_of(reply))
    return True


def cut(reply: Reply) -> Iterator[Item]:
    """The posts of a topic, a search, the newest of a forum, or one; topics of a list.

    People, their activity and notifications hold none.

    Raises:
        PayloadError: none of these, or a search that the forum does not take.
    """
    unless_refused(refusal(reply))
    base = {"host": host_of(reply.url)}
    if reply.body.lstrip().startswith(b"["):
        yield from _listed(reply, base)
        return
    answer = decode(reply.body, Answer)
    _check_search(answer)
    if answer.post_stream is not None:
        context = base | _about(answer)
        yield from items(answer.post_stream.posts, reply, "$.post_stream.posts", context)
    elif answer.posts is not None or answer.grouped_search_result is not None:
        yield from _results(answer, reply, base)
    elif answer.latest_posts is not None:
        yield from items(answer.latest_posts, reply, "$.latest_posts", base)
    elif answer.topic_list is not None:
        context = base | {"shape": "topic", "users": msgspec.json.encode(answer.users).decode()}
        yield from items(answer.topic_list.topics, reply, "$.topic_list.topics", context)
    elif answer.post_number is not None:
        yield Item(raw=reply.body, path="$", observed_at=reply.observed_at, context=base)
    elif not _NO_POSTS & decode(reply.body, dict[str, msgspec.Raw]).keys():
        raise PayloadError("neither a topic, posts nor a search", where="$")


def _listed(reply: Reply, base: dict[str, str]) -> Iterator[Item]:
    """The posts of a bare list, as the answers to a post are given; other lists hold none.

    What is nothing that a forum lists is left to be rejected.
    """
    for index, raw in enumerate(decode(reply.body, list[msgspec.Raw])):
        is_object = bytes(raw)[:1] == b"{"
        keys = decode(bytes(raw), dict[str, msgspec.Raw]).keys() if is_object else frozenset()
        is_post = {"post_number", "cooked"} <= keys
        if is_post or "post_stream" in keys or _LISTED.isdisjoint(keys):
            yield Item(
                raw=bytes(raw), path=f"$[{index}]", observed_at=reply.observed_at, context=base
            )


def _check_search(answer: Answer) -> None:
    """Raises PayloadError for a search that the forum refuses, or whose posts are missing."""
    found = answer.grouped_search_result
    if found is None:
        return
    if found.error:
        raise PayloadError(f"the search refuses: {found.error}", where="$.grouped_search_result")
    if answer.posts is None and found.post_ids:
        raise PayloadError("a search that names posts and gives none", where="$.posts")


def _results(answer: Answer, reply: Reply, base: dict[str, str]) -> Iterator[Item]:
    topics = {topic.id: topic for topic in map(_told, answer.topics)}
    for index, raw in enumerate(answer.posts or []):
        number = numbers_of(bytes(raw)).topic_id
        about = _about(topics[number]) if number is not None and number in topics else {}
        yield from (
            msgspec.structs.replace(item, path=f"$.posts[{index}]")
            for item in items([raw], reply, "$.posts", base | about)
        )


def _told(topic: msgspec.Raw) -> _Topic:
    """What is told of a topic beside its posts; nothing where it is odd."""
    return _as_far_as_known(topic, _Topic)


def _as_far_as_known(given: bytes | msgspec.Raw, shape: type[Shape]) -> Shape:
    """What is told, in this shape; where it is odd, the shape with nothing in it."""
    try:
        return msgspec.json.decode(given, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return shape()


def _about(topic: _Topic) -> dict[str, str]:
    """What only the topic says of its posts."""
    tags = [tag.get("name") if isinstance(tag, dict) else tag for tag in topic.tags or []]
    told = {
        "title": topic.title,
        "views": str(topic.views) if type(topic.views) is int else None,
        "slug": topic.slug,
        "archetype": topic.archetype,
        "tags": "\n".join(tag for tag in tags if isinstance(tag, str)) or None,
    }
    return {name: words for name, words in told.items() if words is not None}
