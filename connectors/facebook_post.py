"""Understand what the Graph API gives of a page: posts, comments and reviews."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec

from connectors.facebook_names import (
    SITE,
    Spot,
    Tag,
    comment_id,
    is_number,
    number_of,
    other_names,
    outside,
    review_name,
    spot_of,
    tagged,
)
from connectors.graph_words import Count, Id, Named, Time, hashtags, moment, name_of
from connectors.markdown import links_in
from connectors.markup import clean, resolve
from pipeline.errors import PayloadError
from pipeline.post import Post, Visibility
from pipeline.source import Item

OPINIONS: Final = {"positive": 5.0, "negative": 1.0}
POST: Final = (
    "id",
    "message",
    "story",
    "created_time",
    "from{id,name}",
    "permalink_url",
    "is_hidden",
    "is_published",
    "privacy",
    "message_tags",
    "attachments{url,unshimmed_url,target}",
    "parent_id",
    "shares",
    "reactions.limit(0).summary(total_count)",
    "comments.limit(0).summary(total_count)",
)
COMMENT: Final = (
    "id",
    "message",
    "created_time",
    "from{id,name}",
    "parent{id}",
    "permalink_url",
    "like_count",
    "comment_count",
    "is_hidden",
    "attachment{url,target}",
    "message_tags",
)
REVIEW: Final = (
    "created_time",
    "has_rating",
    "has_review",
    "rating",
    "recommendation_type",
    "review_text",
    "reviewer{id,name}",
    "open_graph_story{id}",
)


Stars = Annotated[float, msgspec.Meta(ge=0, le=5)]


class _Summary(msgspec.Struct):
    total_count: Count | None = None


class _Edge(msgspec.Struct):
    """What hangs below, with a total where it was asked for; old answers have ``count``.

    An empty list may stand in its place.
    """

    count: Count | None = None
    summary: _Summary | None = None


class _Target(msgspec.Struct):
    url: str | None = None


class _Attachment(msgspec.Struct):
    url: str | None = None
    unshimmed_url: str | None = None
    target: _Target | None = None


class _Attachments(msgspec.Struct):
    data: list[_Attachment] = []


class _Privacy(msgspec.Struct):
    value: str = ""


class Node(msgspec.Struct):
    """A post, a comment or a review: which of these fields stand there, the request decides.

    ``from`` is missing without the permission to read who wrote, ``message`` for a mere picture,
    ``id`` for comments whose fields left it out; a tagged post has ``tagged_time``.
    """

    id: Id | None = None
    created_time: Time | None = None
    tagged_time: Time | None = None
    updated_time: Time | None = None
    message: str | None = None
    story: str | None = None
    author: Named | None = msgspec.field(default=None, name="from")
    permalink_url: str | None = None
    parent: Named | None = None
    parent_id: Id | None = None
    is_hidden: bool | None = None
    is_published: bool | None = None
    is_private: bool | None = None
    privacy: _Privacy | None = None
    message_tags: list[Tag] | dict[str, list[Tag]] | None = None
    attachments: _Attachments | None = None
    attachment: _Attachment | None = None
    shares: Count | _Edge | None = None
    reactions: _Edge | list[Any] | None = None
    likes: Count | _Edge | list[Any] | None = None
    comments: Count | _Edge | list[Any] | None = None
    like_count: Count | None = None
    comment_count: Count | None = None
    open_graph_story: Named | None = None
    reviewer: Named | None = None
    has_rating: bool | None = None
    has_review: bool | None = None
    rating: Stars | None = None
    review_text: str | None = None
    recommendation_type: str | None = None


def node_post(item: Item) -> Post | None:
    """A post, a comment or a review; None for pages, people, pictures, videos and events.

    Raises:
        PayloadError: a post without its time or its name.
    """
    node = msgspec.json.decode(item.raw, type=Node, strict=False)
    if is_review(node):
        return _review(node, item)
    spot = spot_of(node.permalink_url)
    name = name_of(node.id) or (spot.name if spot else "")
    time = node.created_time or node.tagged_time
    if not _is_post(node, name, item):
        return None
    if not time:
        raise PayloadError("a post without its time", where="$.created_time")
    if not name:
        raise PayloadError("a post without its name", where="$.id")
    is_comment = _is_comment(node, name, item)
    return Post(
        **(_below(node, name, item, spot) if is_comment else _standing(node, name)),
        **_author(node.author, item.context.get("author")),
        **_told(node, item, clean(node.message or node.story or "")),
        platform="facebook",
        native_id=name_of(node.id) or name,
        observed_at=item.observed_at,
        created_at=moment(time, "$.created_time"),
        url=resolve(node.permalink_url, SITE) if node.permalink_url else None,
        likes_count=_likes(node),
        replies_count=_first(node.comment_count, _count(node.comments)),
        reposts_count=_count(node.shares),
        visibility=_visibility(node, name),
        payload=item.raw.decode("utf-8", "replace"),
    )


def _is_post(node: Node, name: str, item: Item) -> bool:
    """Words make a post; without any, its double number or its place does.

    Pictures, videos and events have a time too; what has only counts was asked for nothing else.
    """
    if node.message is not None or node.story is not None or "above" in item.context:
        return True
    is_dated = node.created_time or node.tagged_time or node.updated_time
    is_double = "_" in name and is_number(name)
    return bool(is_dated) and (is_double or _is_unnamed(node))


def _is_unnamed(node: Node) -> bool:
    return node.id is None and node.permalink_url is None


def is_review(node: Node) -> bool:
    """Whether it is what somebody thinks of a page."""
    signs = (
        *(node.open_graph_story, node.has_rating, node.has_review, node.recommendation_type),
        *(node.rating, node.review_text, node.reviewer),
    )
    return any(sign is not None for sign in signs)


def rating_of(stars: float | None, opinion: str | None) -> float | None:
    """Stars, or what recommending a page or not stands for, written in two ways; 0 is no star."""
    return stars or OPINIONS.get((opinion or "").lower())


def _told(node: Node, item: Item, words: str) -> dict[str, Any]:
    attached = node.attachments.data if node.attachments else []
    if node.attachment is not None:
        attached = [*attached, node.attachment]
    addresses = (address for each in attached if (address := _address(each)))
    return {
        "text": words,
        "mentions": (*tagged(node.message_tags), *_meant(node, item)),
        "tags": hashtags(words),
        "links": tuple(dict.fromkeys([*outside(addresses), *links_in(words)])),
    }


def _meant(node: Node, item: Item) -> tuple[str, ...]:
    """The page that is tagged, or on which somebody else posts, unless the words name it."""
    page = item.context.get("to") or item.context.get("wall")
    writer = name_of(node.author.id) if node.author else None
    is_own = writer == page or (writer is None and "wall" in item.context)
    return (page,) if page and not is_own and page not in tagged(node.message_tags) else ()


def _address(attached: _Attachment) -> str | None:
    target = attached.target.url if attached.target else None
    return attached.unshimmed_url or attached.url or target


def _standing(node: Node, name: str) -> dict[str, Any]:
    """A post of its own, or one that shares another, with or without words."""
    shared = name_of(node.parent_id)
    place: dict[str, Any] = {"post_id": name, "aliases": other_names(name), "root_id": name}
    if shared is None:
        return place | {"kind": "post"}
    if node.message:
        return place | {"kind": "quote", "quoted_id": shared}
    return place | {"kind": "repost", "reposted_id": shared}


def _below(node: Node, name: str, item: Item, spot: Spot | None) -> dict[str, Any]:
    """A comment; its id begins with the number of its post, what it answers may stand around it."""
    whole = comment_id(name)
    post = whole.partition("_")[0] if "_" in whole else None
    above = item.context.get("above")
    told = name_of(node.parent.id) if node.parent else None
    answered = told or (spot.above if spot else None)
    if above and post and number_of(above) != post and comment_id(above).startswith(f"{post}_"):
        answered = answered or comment_id(above)
        above = None
    root = above or (spot.root if spot else post)
    others = (number_of(name), name) if whole != name else other_names(name)
    return {
        "kind": "reply" if answered else "comment",
        "post_id": whole,
        "aliases": others,
        "parent_id": comment_id(answered) if answered else root,
        "root_id": root,
    }


def _review(node: Node, item: Item) -> Post:
    if not node.created_time:
        raise PayloadError("a review without its time", where="$.created_time")
    created = moment(node.created_time, "$.created_time")
    page = item.context.get("to", "")
    told = name_of(node.open_graph_story.id) if node.open_graph_story else None
    derived = review_name(name_of(node.reviewer.id) if node.reviewer else None, page)
    story = told or derived
    if not story:
        raise PayloadError(
            "a review with neither its story nor who wrote it: two of these have one name",
            where="$.open_graph_story",
            todo="ask for open_graph_story{id}, with the permission pages_read_user_content",
        )
    words = clean(node.review_text or "")
    return Post(
        **_author(node.reviewer, None),
        platform="facebook",
        post_id=story,
        native_id=told,
        aliases=(derived,) if told and derived and page else (),
        root_id=story,
        kind="review",
        observed_at=item.observed_at,
        created_at=created,
        text=words,
        mentions=(item.context["to"],) if "to" in item.context else (),
        tags=hashtags(words),
        links=links_in(words),
        rating=rating_of(node.rating, node.recommendation_type),
        payload=item.raw.decode("utf-8", "replace"),
    )


def _is_comment(node: Node, name: str, item: Item) -> bool:
    signs = (node.comment_count, node.like_count, node.parent)
    return (
        "above" in item.context
        or name.count("_") == 2
        or "comment_id=" in (node.permalink_url or "")
        or any(sign is not None for sign in signs)
    )


def _author(who: Named | None, page: str | None) -> dict[str, Any]:
    """Who wrote it; what a page publishes is the page's even where the answer does not say so."""
    if who is None or who.id is None:
        return {"author_id": page, "author_name": who.name if who else None}
    return {"author_id": str(who.id), "author_name": who.name}


def _likes(node: Node) -> int | None:
    """All reactions, else the likes of a comment or of an old answer."""
    return _first(_count(node.reactions), node.like_count, _count(node.likes))


def _count(edge: int | _Edge | list[Any] | None) -> int | None:
    if isinstance(edge, _Edge):
        return edge.summary.total_count if edge.summary else edge.count
    return edge if isinstance(edge, int) else None


def _first(*counts: int | None) -> int | None:
    return next((count for count in counts if count is not None), None)


def _visibility(node: Node, name: str) -> Visibility:
    """Letters to the page have names with letters; what it hid only its writer's friends see.

    A private comment is shown to its writer and to the page alone.
    """
    if node.is_private or not is_number(name):
        return "direct"
    if node.is_published is False:
        return "private"
    if node.privacy is not None and node.privacy.value not in {"", "EVERYONE"}:
        return "followers"
    return "withheld" if node.is_hidden else "public"
