"""Understand one view of Lemmy, a post or a comment with its author and numbers, in v3 and v4."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from connectors.dates import in_utc
from connectors.markdown import links_in, unquoted
from connectors.markup import clean
from connectors.paging import distinct
from pipeline.errors import PayloadError
from pipeline.post import Post, Visibility
from pipeline.source import Item

_NAMED: Final = re.compile(r"@(?<![\w/]@)(?P<name>\w(?:[\w.-]*\w)?@[\w.-]+\w)")
_NAMING: Final = re.compile(r"(\[[@!][\w.-]+@[\w.-]+\])\([^()\s]*\)")
"""A person or a community, as Lemmy writes the name: its address is nothing that is shared."""
_OPEN: Final = frozenset({"public", "localonlypublic", "unlisted"})


class _Person(msgspec.Struct):
    """Who wrote; PieFed says ``user_name``, ``title`` for the name shown, ``bot`` for programs."""

    name: str | None = None
    user_name: str | None = None
    title: str | None = None
    bot: bool | None = None
    actor_id: str | None = None
    ap_id: str | None = None
    display_name: str | None = None
    bot_account: bool | None = None
    published: datetime | None = None
    published_at: datetime | None = None
    post_count: int | None = None


class _Community(msgspec.Struct):
    """Where it stands; what is ``hidden`` is kept out of lists by Lemmy, for members in PieFed."""

    visibility: Any = None
    hidden: bool | None = None


class _Counts(msgspec.Struct):
    upvotes: int | None = None
    comments: int | None = None
    child_count: int | None = None


class _Thing(msgspec.Struct):
    """A post or a comment; v4 has the counts inside and other names for the times, PieFed others.

    A title is ``name``, in PieFed ``title``, where comments have their words in ``body``, posts
    may be polls, ``post_type`` tells what they are and ``visibility`` who may read one.
    """

    id: int
    ap_id: str
    name: str | None = None
    title: str | None = None
    body: str | None = None
    content: str | None = None
    alt_text: Any = None
    post_type: Any = None
    poll: Any = None
    tags: Any = None
    visibility: Any = None
    url: str | None = None
    path: str | None = None
    post_id: int | None = None
    published: datetime | None = None
    published_at: datetime | None = None
    updated: datetime | None = None
    updated_at: datetime | None = None
    edited_at: datetime | None = None
    deleted: bool = False
    removed: bool = False
    upvotes: int | None = None
    comments: int | None = None
    child_count: int | None = None


class _View(msgspec.Struct):
    creator: _Person
    post: _Thing | None = None
    comment: _Thing | None = None
    community: _Community | None = None
    counts: _Counts | None = None
    tags: Any = None
    recipient: _Person | None = None
    comment_reply: Any = None


class _Kind(msgspec.Struct):
    post: Any = msgspec.UNSET
    comment: Any = None
    private_message: Any = None
    data: Any = None


def view_post(item: Item) -> Post | None:
    """A post or a comment; None for private messages, people and communities.

    None also for what PieFed shows of an answer to all but followers: that there is one.

    Raises:
        PayloadError: an item without its time, or a view whose post is null.
    """
    kind = msgspec.json.decode(item.raw, type=_Kind)
    raw = item.raw
    if isinstance(kind.data, dict):
        raw = msgspec.json.encode(kind.data)
        kind = msgspec.convert(kind.data, type=_Kind)
    if kind.private_message is not None or (kind.post is msgspec.UNSET and kind.comment is None):
        return None
    if _is_withheld(kind.comment):
        return None
    view = msgspec.json.decode(raw, type=_View)
    thing = view.comment or view.post
    if thing is None:
        raise PayloadError("neither a post nor a comment", where="$.post")
    created = in_utc(thing.published or thing.published_at, "$.published", UTC)
    if created is None:
        raise PayloadError("a post without its time", where="$.published")
    counts = view.counts or _Counts()
    is_gone = thing.deleted or thing.removed
    words = "" if is_gone else _words(thing)
    host = item.context.get("host") or _host(thing.ap_id)
    replies = thing.child_count if view.comment else thing.comments
    told = counts.child_count if view.comment else counts.comments
    likes = thing.upvotes if thing.upvotes is not None else counts.upvotes
    return Post(
        platform="lemmy",
        post_id=thing.ap_id,
        native_id=f"{'comment' if view.comment else 'post'}/{thing.id}",
        aliases=(f"{host}/{'comment' if view.comment else 'post'}/{thing.id}",),
        observed_at=item.observed_at,
        created_at=created,
        edited_at=in_utc(thing.updated or thing.updated_at or thing.edited_at, "$.updated", UTC),
        deleted_at=item.observed_at if is_gone else None,
        url=thing.ap_id,
        title=None if view.comment or is_gone else thing.name or thing.title,
        text=words,
        mentions=tuple(dict.fromkeys(_NAMED.findall(unquoted(words)))),
        tags=() if is_gone else distinct(_tags(view, thing)),
        links=tuple(dict.fromkeys([*_shared(thing, is_gone), *_links(words)])),
        likes_count=likes,
        replies_count=replies if replies is not None else told,
        visibility=_visibility(view.community or _Community(), view.creator, thing),
        payload=item.raw.decode("utf-8", "replace"),
        parent_author_id=_answered(view),
        **_place(view, host),
        **_author(view.creator),
    )


def _is_withheld(comment: Any) -> bool:
    """Whether it has neither name nor words for us, as it is for others."""
    if not isinstance(comment, dict) or comment.get("ap_id") is not None:
        return False
    visibility = comment.get("visibility")
    return isinstance(visibility, str) and _readers(visibility) not in _OPEN


def _words(thing: _Thing) -> str:
    """The words, the choices of a poll and what describes a picture, each on its own line."""
    words = clean(thing.content or thing.body or "")
    below = [*_choices(thing.poll), _described(thing)]
    return "\n".join(part for part in (words, *below) if part)


def _choices(poll: Any) -> Iterator[str]:
    choices = poll.get("choices") if isinstance(poll, dict) else None
    for choice in choices if isinstance(choices, list) else ():
        yield _told(choice, "choice_text")


def _described(thing: _Thing) -> str:
    """How the writer describes a picture.

    Of a link and a video PieFed tells the title of the page they lead to, as that page gives it
    (seen November 2026).
    """
    is_picture = thing.title is None if thing.post_type is None else thing.post_type == "Image"
    words = clean(thing.alt_text).strip() if isinstance(thing.alt_text, str) else ""
    known = ((each or "").strip() for each in (thing.name, thing.title, thing.body))
    return words if is_picture and words not in known else ""


def _told(given: Any, *names: str) -> str:
    """The first text that stands under one of the names in what should be an object."""
    found = [given.get(name) for name in names] if isinstance(given, dict) else []
    return next((clean(each).strip() for each in found if isinstance(each, str) and each), "")


def _tags(view: _View, thing: _Thing) -> Iterator[str]:
    """Tags in one text, as PieFed writes them, and those of a community in v4: a post has both."""
    if view.comment is not None:
        return
    if isinstance(thing.tags, str):
        yield from (clean(each).strip().removeprefix("#") for each in thing.tags.split(","))
    for given in view.tags if isinstance(view.tags, list) else ():
        if isinstance(given, dict) and given.get("deleted") is not True:
            yield _told(given, "display_name", "name")


def _place(view: _View, host: str) -> dict[str, Any]:
    """A comment's path names those above it, the uppermost first, after a zero.

    One that an answer of PieFed shows without its post names that by its number.
    """
    post = view.post.ap_id if view.post else None
    if view.comment is None:
        return {"kind": "post", "root_id": post}
    if post is None and view.comment.post_id is not None:
        post = f"{host}/post/{view.comment.post_id}"
    above = (view.comment.path or "").split(".")[1:-1]
    if not above:
        return {"kind": "comment", "parent_id": post, "root_id": post}
    return {"kind": "reply", "parent_id": f"{host}/comment/{above[-1]}", "root_id": post}


def _answered(view: _View) -> str | None:
    """Whom an answer in the inbox answers: whose inbox it is."""
    return None if view.recipient is None or not view.comment_reply else _account(view.recipient)


def _account(person: _Person) -> str | None:
    address, name = person.actor_id or person.ap_id, person.name or person.user_name
    return f"{name}@{_host(address)}" if name and address else name


def _author(person: _Person) -> dict[str, Any]:
    account = _account(person)
    if account is None:
        raise PayloadError("Object missing required field `name`", where="$.creator")
    return {
        "author_id": account,
        "author_handle": account,
        "author_name": person.display_name or person.title,
        "author_url": person.actor_id or person.ap_id,
        "author_is_bot": person.bot if person.bot_account is None else person.bot_account,
        "author_created_at": in_utc(
            person.published or person.published_at, "$.creator.published", UTC
        ),
        "author_posts_count": person.post_count,
    }


def _visibility(community: _Community, writer: _Person, thing: _Thing) -> Visibility:
    """What only people of one server, members or followers may read is private."""
    if community.hidden and writer.user_name is not None:
        return "private"
    plain = [_readers(each) for each in (community.visibility, thing.visibility)]
    if not _OPEN.issuperset(plain):
        return "private"
    return "unlisted" if "unlisted" in plain else "public"


def _readers(visibility: Any) -> str:
    """Who may read, written in one way; nobody where that cannot be read."""
    if visibility is None or visibility == "":
        return "public"
    return visibility.lower().replace("_", "") if isinstance(visibility, str) else ""


def _shared(thing: _Thing, is_gone: bool) -> list[str]:
    return [thing.url] if thing.url and not is_gone else []


def _links(words: str) -> tuple[str, ...]:
    return links_in(_NAMING.sub(r"\1", words))


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
