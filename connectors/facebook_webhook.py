"""Understand what Facebook pushes about a page: changes in its feed, its mentions, its ratings."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from connectors.facebook_names import (
    SITE,
    Tag,
    comment_id,
    number_of,
    other_names,
    outside,
    review_name,
    tagged,
)
from connectors.facebook_post import Stars, rating_of
from connectors.graph_words import Id, Named, Time, hashtags, moment, name_of
from connectors.markdown import links_in
from connectors.markup import clean, resolve
from pipeline.errors import PayloadError
from pipeline.post import Post, Visibility
from pipeline.source import Item

_FIELDS: Final = frozenset({"feed", "mention", "ratings"})
_ADDED: Final = frozenset({"add"})
_CHANGED: Final = frozenset({"edit", "edited", "update"})
_REMOVED: Final = frozenset({"remove", "delete"})
_HIDDEN: Final = frozenset({"hide", "unhide"})
_VERBS: Final = _ADDED | _CHANGED | _REMOVED | _HIDDEN
_NO_WORDS: Final = frozenset({"like", "reaction", "album"})


class _Place(msgspec.Struct):
    permalink_url: str | None = None


class _Value(msgspec.Struct):
    """What changed: each kind of thing has its own few of these fields."""

    item: str
    verb: str
    post_id: Id | None = None
    comment_id: Id | None = None
    parent_id: Id | None = None
    open_graph_story_id: Id | None = None
    author: Named | None = msgspec.field(default=None, name="from")
    sender_id: Id | None = None
    sender_name: str | None = None
    reviewer_id: Id | None = None
    reviewer_name: str | None = None
    created_time: Time | None = None
    message: str | None = None
    story: str | None = None
    message_tags: list[Tag] | dict[str, list[Tag]] | None = None
    link: str | None = None
    published: int | None = None
    is_hidden: bool | None = None
    rating: Stars | None = None
    review_text: str | None = None
    recommendation_type: str | None = None
    post: _Place | None = None


class _Change(msgspec.Struct):
    field: str
    value: msgspec.Raw = msgspec.Raw(b"null")


def change_post(item: Item) -> Post | None:
    """A post, comment or review as it is after a change; None for likes and what has no name.

    The time of a removal stands where other changes tell when the thing was made.

    Raises:
        PayloadError: a change that does not say of what, or at a time that is none.
    """
    change = msgspec.json.decode(item.raw, type=_Change)
    if change.field not in _FIELDS:
        return None
    value = msgspec.json.decode(change.value, type=_Value, strict=False)
    verb = value.verb
    if verb not in _VERBS or value.item in _NO_WORDS:
        return None
    place = _place(value, change.field, item.context.get("page"))
    told_at = _told_at(item)
    is_gone = verb in _REMOVED
    created = None if is_gone else moment(value.created_time, "$.value.created_time")
    return Post(
        **place,
        **({} if is_gone else _said(value, change.field, item.context.get("page"))),
        platform="facebook",
        native_id=place["post_id"],
        observed_at=item.observed_at,
        created_at=told_at if verb in _ADDED and created is None else created,
        edited_at=told_at if verb in _CHANGED else None,
        deleted_at=told_at if is_gone else None,
        visibility=_visibility(value, verb),
        payload=item.raw.decode("utf-8", "replace"),
    )


def _place(value: _Value, field: str, page: str | None) -> dict[str, Any]:
    """Its kind, its name and what it stands under."""
    if value.item == "comment":
        return _comment(value, field)
    if value.item == "rating":
        story = _named(value.open_graph_story_id, "open_graph_story_id")
        derived = review_name(_author(value)["author_id"], page) if page else None
        others = (derived,) if derived else ()
        return {"kind": "review", "post_id": story, "aliases": others, "root_id": story}
    post = _named(value.post_id, "post_id")
    return {"kind": "post", "post_id": post, "aliases": other_names(post), "root_id": post}


def _comment(value: _Value, field: str) -> dict[str, Any]:
    """A comment; under a review the post is named ``{reviewer}_{story}``."""
    whole, root = comment_id(_named(value.comment_id, "comment_id")), name_of(value.post_id)
    if field == "ratings" and root:
        root = number_of(root)
    above = name_of(value.parent_id)
    is_reply = above is not None and number_of(above) != number_of(root or above)
    return {
        "kind": "reply" if is_reply else "comment",
        "post_id": whole,
        "aliases": other_names(whole),
        "parent_id": comment_id(above) if is_reply and above else root,
        "root_id": root,
    }


def _named(given: Id | None, key: str) -> str:
    name = name_of(given)
    if name is None:
        raise PayloadError("a change that does not say of what", where=f"$.value.{key}")
    return name


def _said(value: _Value, field: str, page: str | None) -> dict[str, Any]:
    """Words and who wrote them; what others post on a page, or think of it, is said to it."""
    words = clean(value.message or value.review_text or value.story or "")
    named = tagged(value.message_tags)
    author = _author(value)
    is_others = author["author_id"] not in {None, page} and value.item != "comment"
    if page and (field == "mention" or is_others):
        named = tuple(dict.fromkeys([*named, page]))
    return {
        **author,
        "text": words,
        "mentions": named,
        "tags": hashtags(words),
        "links": tuple(dict.fromkeys([*outside([value.link or ""]), *links_in(words)])),
        "rating": rating_of(value.rating, value.recommendation_type),
        "url": _address(value),
    }


def _author(value: _Value) -> dict[str, Any]:
    """Newer bodies say ``from``, older ones ``sender`` or, of a review, ``reviewer``."""
    who = value.author or Named()
    return {
        "author_id": name_of(who.id or value.sender_id or value.reviewer_id),
        "author_name": who.name or value.sender_name or value.reviewer_name,
    }


def _address(value: _Value) -> str | None:
    """Only that of a post: a comment's body tells the address of the post above it."""
    if value.comment_id or value.post is None or value.post.permalink_url is None:
        return None
    return resolve(value.post.permalink_url, SITE)


def _visibility(value: _Value, verb: str) -> Visibility:
    if value.published == 0:
        return "private"
    return "withheld" if verb == "hide" or (value.is_hidden and verb != "unhide") else "public"


def _told_at(item: Item) -> datetime | None:
    """When Facebook told of it."""
    return moment(item.context.get("time"), "$.time")
