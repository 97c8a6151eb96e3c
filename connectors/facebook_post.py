"""Understand what the Graph API gives of a page: posts, comments and reviews."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from connectors.graph_words import Count, Id, Named, hashtags, moment, name_of
from connectors.markdown import links_in
from connectors.markup import clean, resolve
from pipeline.errors import PayloadError
from pipeline.post import Post, Visibility
from pipeline.source import Item

SITE: Final = "https://www.facebook.com"
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
_SITES: Final = (".facebook.com", ".fbcdn.net", ".fbsbx.com")


Stars = Annotated[float, msgspec.Meta(ge=0, le=5)]


class Tag(msgspec.Struct):
    """A page or somebody named in the words."""

    id: Id | None = None
    name: str = ""


class _Summary(msgspec.Struct):
    total_count: Count | None = None


class _Edge(msgspec.Struct):
    """What hangs below, with a total where it was asked for; old answers have ``count``."""

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
    created_time: Id | None = None
    tagged_time: Id | None = None
    updated_time: Id | None = None
    message: str | None = None
    story: str | None = None
    author: Named | None = msgspec.field(default=None, name="from")
    permalink_url: str | None = None
    parent: Named | None = None
    parent_id: Id | None = None
    is_hidden: bool | None = None
    is_published: bool | None = None
    privacy: _Privacy | None = None
    message_tags: list[Tag] | dict[str, list[Tag]] | None = None
    attachments: _Attachments | None = None
    attachment: _Attachment | None = None
    shares: _Edge | None = None
    reactions: _Edge | None = None
    likes: Count | _Edge | None = None
    comments: Count | _Edge | None = None
    like_count: Count | None = None
    comment_count: Count | None = None
    open_graph_story: Named | None = None
    reviewer: Named | None = None
    has_rating: bool | None = None
    has_review: bool | None = None
    rating: Stars | None = None
    review_text: str | None = None
    recommendation_type: str | None = None


class _Spot(msgspec.Struct):
    """A comment's own name, the comment it answers and its post."""

    name: str
    above: str | None
    root: str


def node_post(item: Item) -> Post | None:
    """A post, a comment or a review; None for pages, people, pictures, videos and events.

    Raises:
        PayloadError: a post without its time or its name.
    """
    node = msgspec.json.decode(item.raw, type=Node)
    if is_review(node):
        return _review(node, item)
    spot = _spot(node.permalink_url)
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
        **_told(node, clean(node.message or node.story or "")),
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
    """Words make a post; without any, its double name, its place or that it was signed does.

    Pictures, videos and events have a time too; what has only counts was asked for nothing else.
    """
    if node.message is not None or node.story is not None or "above" in item.context:
        return True
    is_dated = node.created_time or node.tagged_time or node.updated_time
    return bool(is_dated) and ("_" in name or node.author is not None or _is_unnamed(node))


def _is_unnamed(node: Node) -> bool:
    return node.id is None and node.permalink_url is None


def is_review(node: Node) -> bool:
    """Whether it is what somebody thinks of a page."""
    signs = (node.open_graph_story, node.has_rating, node.has_review, node.recommendation_type)
    return any(sign is not None for sign in signs)


def rating_of(stars: float | None, opinion: str | None) -> float | None:
    """Stars, or what recommending a page or not stands for; written in two ways."""
    return stars if stars is not None else OPINIONS.get((opinion or "").lower())


def number_of(name: str) -> str:
    """The number of a post or comment, without that of the page or post before it."""
    return name.rpartition("_")[2]


def comment_id(name: str) -> str:
    """``{post}_{comment}``, also of the old ``{page}_{post}_{comment}``."""
    return "_".join(name.split("_")[-2:])


def other_names(name: str) -> tuple[str, ...]:
    """What comments and webhooks may call it besides ``name``."""
    return tuple(other for other in (number_of(name),) if other != name)


def outside(addresses: Iterator[str]) -> tuple[str, ...]:
    """Addresses that lead out of Facebook, each once, freed of its detour."""
    found = (resolve(_straight(address)) for address in addresses)
    return tuple(dict.fromkeys(each for each in found if each and not _is_own(each)))


def tagged(tags: list[Tag] | dict[str, list[Tag]] | None) -> tuple[str, ...]:
    """The ids of the pages and people named; very old answers sort them by their place."""
    listed = (
        tags if isinstance(tags, list) else [tag for some in (tags or {}).values() for tag in some]
    )
    names = (name_of(tag.id) for tag in listed if not tag.name.startswith("#"))
    return tuple(dict.fromkeys(name for name in names if name))


def _told(node: Node, words: str) -> dict[str, Any]:
    attached = node.attachments.data if node.attachments else []
    if node.attachment is not None:
        attached = [*attached, node.attachment]
    addresses = (address for each in attached if (address := _address(each)))
    return {
        "text": words,
        "mentions": tagged(node.message_tags),
        "tags": hashtags(words),
        "links": tuple(dict.fromkeys([*outside(addresses), *links_in(words)])),
    }


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


def _below(node: Node, name: str, item: Item, spot: _Spot | None) -> dict[str, Any]:
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
    story = name_of(node.open_graph_story.id) if node.open_graph_story else None
    if story is None:
        raise PayloadError("a review without its story", where="$.open_graph_story")
    if not node.created_time:
        raise PayloadError("a review without its time", where="$.created_time")
    words = clean(node.review_text or "")
    return Post(
        **_author(node.reviewer, None),
        platform="facebook",
        post_id=story,
        native_id=story,
        root_id=story,
        kind="review",
        observed_at=item.observed_at,
        created_at=moment(node.created_time, "$.created_time"),
        text=words,
        tags=hashtags(words),
        links=links_in(words),
        rating=rating_of(node.rating, node.recommendation_type),
        payload=item.raw.decode("utf-8", "replace"),
    )


def _spot(address: str | None) -> _Spot | None:
    """What the address of a comment tells: ``/{page}/posts/{post}/?comment_id=…``."""
    if not address or "comment_id=" not in address:
        return None
    try:
        parts = urlsplit(address)
        asked = parse_qs(parts.query)
    except ValueError:
        return None
    page, _, post = ["", "", "", *parts.path.strip("/").split("/")][-3:]
    comment = asked.get("comment_id", [""])[0]
    if not (post.isdecimal() and comment.isdecimal()):
        return None
    whole = f"{post}_{comment}"
    answer = asked.get("reply_comment_id", [""])[0]
    root = f"{page}_{post}" if page.isdecimal() else post
    if answer.isdecimal():
        return _Spot(name=f"{post}_{answer}", above=whole, root=root)
    return _Spot(name=whole, above=None, root=root)


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


def _count(edge: int | _Edge | None) -> int | None:
    if edge is None or isinstance(edge, int):
        return edge
    return edge.summary.total_count if edge.summary else edge.count


def _first(*counts: int | None) -> int | None:
    return next((count for count in counts if count is not None), None)


def _visibility(node: Node, name: str) -> Visibility:
    """Letters to the page have names with letters; what it hid only its writer's friends see."""
    if not name.replace("_", "").isdecimal():
        return "direct"
    if node.is_published is False:
        return "private"
    if node.privacy is not None and node.privacy.value not in {"", "EVERYONE"}:
        return "followers"
    return "withheld" if node.is_hidden else "public"


def _straight(address: str) -> str:
    """The address behind Facebook's own detour for clicks."""
    try:
        parts = urlsplit(address)
        is_detour = parts.hostname == "l.facebook.com"
        behind = parse_qs(parts.query).get("u") if is_detour else None
    except ValueError:
        return address
    return behind[0] if behind else address


def _is_own(address: str) -> bool:
    host = f".{urlsplit(address).hostname or ''}"
    return host.endswith(_SITES)
