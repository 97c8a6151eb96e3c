"""Items of Hacker News as posts: search hits, nodes of a story's tree, and items of Firebase."""

from __future__ import annotations

import html
from typing import Annotated, Final

import msgspec

from connectors.markup import clean, links_of, plain_text, resolve
from pipeline.errors import PayloadError
from pipeline.post import Kind, Post, utc_from_epoch
from pipeline.source import Item

SITE: Final = "https://news.ycombinator.com"
Epoch = Annotated[int, msgspec.Meta(ge=0, le=4_102_444_800)]
Count = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**53)]
STORIES: Final = frozenset({"story", "ask_hn", "show_hn", "poll", "job"})
_OPTION: Final = "pollopt"


class _Hit(msgspec.Struct):
    """A hit of the search; keys without a value were null once and are left out today."""

    object_id: str = msgspec.field(name="objectID")
    created_at_i: Epoch
    tags: list[str] = msgspec.field(name="_tags")
    author: str | None = None
    title: str | None = None
    url: str | None = None
    story_text: str | None = None
    comment_text: str | None = None
    story_id: int | None = None
    parent_id: int | None = None
    points: Count | None = None
    num_comments: Count | None = None
    children: list[int] | None = None


class _Node(msgspec.Struct):
    """A node of a tree, its children replaced by their ids."""

    id: int
    created_at_i: Epoch
    type: str
    children: list[int] = []
    author: str | None = None
    title: str | None = None
    url: str | None = None
    text: str | None = None
    story_id: int | None = None
    parent_id: int | None = None
    points: Count | None = None


class _Thing(msgspec.Struct):
    """An item of Firebase; of what was deleted only the place is left."""

    id: int
    type: str
    time: Epoch
    by: str | None = None
    title: str | None = None
    url: str | None = None
    text: str | None = None
    parent: int | None = None
    score: Count | None = None
    descendants: Count | None = None
    kids: list[int] = []
    deleted: bool = False
    dead: bool = False


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """What all three shapes tell, in one set of words."""

    number: str
    at: int
    is_story: bool
    story: str | None
    parent: str | None
    author: str | None
    title: str | None
    address: str | None
    html: str | None
    points: int | None
    comments: int | None


def to_post(item: Item) -> Post | None:
    """A story or a comment; None for options of polls and for gaps in a tree."""
    understand_shape = {"hit": hit_post, "node": node_post, "thing": thing_post}
    return understand_shape[item.context["shape"]](item)


def hit_post(item: Item) -> Post | None:
    """A search hit; None for an option of a poll."""
    hit = msgspec.json.decode(item.raw, type=_Hit)
    is_story = not STORIES.isdisjoint(hit.tags)
    if not is_story and "comment" not in hit.tags:
        _option(hit.tags, "$._tags")
        return None
    answers = None if hit.children is None else len(hit.children)
    return _post(
        item,
        _Said(
            number=hit.object_id,
            at=hit.created_at_i,
            is_story=is_story,
            story=_name(hit.story_id),
            parent=_name(hit.parent_id),
            author=hit.author,
            title=hit.title,
            address=hit.url,
            html=hit.story_text if is_story else hit.comment_text,
            points=hit.points,
            comments=hit.num_comments if is_story else answers,
        ),
    )


def node_post(item: Item) -> Post | None:
    """A node of a tree; None for an option of a poll and for what was deleted there.

    ``item.context["below"]`` counts all comments below a story.
    """
    node = msgspec.json.decode(item.raw, type=_Node)
    is_story = node.type in STORIES
    if not is_story and node.type != "comment":
        _option([node.type], "$.type")
        return None
    if node.author is None:
        return None
    return _post(
        item,
        _Said(
            number=str(node.id),
            at=node.created_at_i,
            is_story=is_story,
            story=_name(node.story_id),
            parent=_name(node.parent_id),
            author=node.author,
            title=node.title,
            address=node.url,
            html=node.text,
            points=node.points,
            comments=int(item.context["below"]) if is_story else len(node.children),
        ),
    )


def thing_post(item: Item) -> Post | None:
    """An item as it is now: deleted or dead, it is a tombstone without words and author."""
    thing = msgspec.json.decode(item.raw, type=_Thing)
    is_story = thing.type in STORIES
    if not is_story and thing.type != "comment":
        _option([thing.type], "$.type")
        return None
    is_gone = thing.deleted or thing.dead
    found = _post(
        item,
        _Said(
            number=str(thing.id),
            at=thing.time,
            is_story=is_story,
            story=None,
            parent=_name(thing.parent),
            author=None if is_gone else thing.by,
            title=None if is_gone else thing.title,
            address=None if is_gone else thing.url,
            html=None if is_gone else thing.text,
            points=None if is_gone else thing.score,
            comments=thing.descendants if is_story else None if is_gone else len(thing.kids),
        ),
    )
    return msgspec.structs.replace(found, deleted_at=item.observed_at) if is_gone else found


def _option(kinds: list[str], where: str) -> None:
    """Nothing for an option of a poll, which is no post.

    Raises:
        PayloadError: it is no option either.
    """
    if _OPTION not in kinds:
        raise PayloadError(f"no kind of item that is known: {kinds[:5]}", where=where)


def _post(item: Item, said: _Said) -> Post:
    root = said.number if said.is_story else said.story
    linked = resolve(said.address) if said.address else None
    return Post(
        platform="hackernews",
        post_id=said.number,
        native_id=said.number,
        kind=_kind(said),
        observed_at=item.observed_at,
        created_at=utc_from_epoch(said.at),
        url=f"{SITE}/item?id={said.number}",
        parent_id=None if said.is_story else said.parent,
        root_id=root,
        author_id=said.author,
        author_handle=said.author,
        author_name=said.author,
        author_url=f"{SITE}/user?id={said.author}" if said.author else None,
        title=_title(said.title),
        text=plain_text(said.html or ""),
        links=tuple(dict.fromkeys([*filter(None, [linked]), *links_of(said.html or "", SITE)])),
        likes_count=said.points,
        replies_count=said.comments,
        payload=item.raw.decode("utf-8", "replace"),
    )


def _title(written: str | None) -> str | None:
    """A title has no markup: what looks like a tag in it is a word, as in ``Vec<T>``."""
    return " ".join(clean(html.unescape(written or "")).split()) or None


def _kind(said: _Said) -> Kind:
    """A comment on a story is a comment; below another comment it is a reply, as far as is told."""
    if said.is_story:
        return "post"
    return "comment" if said.story in {None, said.parent} else "reply"


def _name(number: int | None) -> str | None:
    return None if number is None else str(number)
