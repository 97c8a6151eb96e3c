"""Understand one thing of Reddit: a post (t3) or a comment (t1)."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from connectors.markdown import links_in, unquoted
from connectors.markup import clean, resolve
from connectors.paging import distinct
from connectors.reddit_reply import ODD
from pipeline.errors import PayloadError
from pipeline.post import Post, utc_from_epoch
from pipeline.source import Item

SITE: Final = "https://www.reddit.com"
_POSTS: Final = frozenset({"t1", "t3"})
_OTHERS: Final = frozenset({"t2", "t4", "t5", "t6", "more", "modaction", "UserList", "LiveUpdate"})
"""People, messages, subreddits, awards, answers folded away, and what moderators did."""
_GONE: Final = re.compile(r"\[(?:deleted|removed|deleted by user| Removed by Reddit\b.{0,200})\]")
"""What stands for words that were taken away, by the author, by moderators or by Reddit itself."""
_UNSEEN: Final = "[unavailable]"
"""What stands for words and name of somebody who blocked the reader."""
_NOBODY: Final = frozenset({"[deleted]", "[removed]", _UNSEEN})
_ANSWERS: Final = frozenset({"comment_reply", "post_reply"})
_NAMED: Final = re.compile(r"(?<![\w/])/?u/(?P<name>[A-Za-z0-9_-]{3,20})")
_ROOT: Final = re.compile(r"/comments/(?P<id>[a-z0-9]+)/")
_BARE: Final = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
_CLOSED: Final = frozenset({"private", "user_private", "gold_only", "employees_only"})
"""Subreddits that not everybody may read."""


class _Option(msgspec.Struct):
    text: str | None = None


class _Poll(msgspec.Struct):
    options: list[_Option] = []


class _Picture(msgspec.Struct):
    caption: str | None = None
    outbound_url: str | None = None


class _Gallery(msgspec.Struct):
    items: list[_Picture] = []


class _Shared(msgspec.Struct):
    author: str | None = None


class _Thing(msgspec.Struct):
    """In an inbox ``dest`` is whom it came to, in lists of comments ``link_author`` began all."""

    name: str
    created_utc: float
    author: str | None = None
    title: str | None = None
    selftext: str | None = None
    body: str | None = None
    url: str | None = None
    is_self: bool | None = None
    permalink: str | None = None
    context: str | None = None
    parent_id: str | None = None
    link_id: str | None = None
    crosspost_parent: str | None = None
    crosspost_parent_list: list[_Shared] = []
    type: str | None = None
    dest: str | None = None
    link_author: str | None = None
    edited: bool | float | None = None
    score: int | None = None
    score_hidden: bool = False
    num_comments: int | None = None
    num_crossposts: int | None = None
    removed_by_category: str | None = None
    banned_by: str | bool | None = None
    subreddit_type: str | None = None
    poll_data: _Poll | None = None
    gallery_data: _Gallery | None = None


def thing_post(item: Item) -> Post | None:
    """A post or a comment; None for any other thing."""
    kind = item.context.get("kind")
    if kind not in _POSTS:
        _refuse_unknown(kind, item)
        return None
    thing = msgspec.json.decode(item.raw, type=_Thing)
    if "raw" not in item.context:
        thing = _unescaped(thing)
    words = clean((thing.body if kind == "t1" else thing.selftext) or "")
    is_gone = _is_gone(thing, words)
    words = "" if is_gone or words == _UNSEEN else _with_attached(thing, words)
    is_edited = thing.edited is not None and not isinstance(thing.edited, bool)
    linked = thing.url if kind == "t3" and thing.is_self is False else None
    shown = [linked, *(each.outbound_url for each in _pictures(thing))]
    shared = [resolve(each, SITE) or "" for each in shown if each]
    links = () if is_gone else distinct([*shared, *links_in(words)])
    return Post(
        platform="reddit",
        post_id=thing.name,
        native_id=thing.name,
        observed_at=item.observed_at,
        created_at=utc_from_epoch(thing.created_utc),
        edited_at=utc_from_epoch(float(thing.edited or 0)) if is_edited else None,
        deleted_at=item.observed_at if is_gone else None,
        title=thing.title if kind == "t3" and not is_gone else None,
        text=words,
        mentions=distinct(_NAMED.findall(unquoted(words).replace("\\_", "_"))),
        links=links,
        likes_count=None if thing.score_hidden else thing.score,
        reposts_count=thing.num_crossposts,
        replies_count=thing.num_comments if kind == "t3" else None,
        visibility="private" if thing.subreddit_type in _CLOSED else "public",
        payload=item.raw.decode("utf-8", "replace"),
        parent_author_id=_answered(thing, kind),
        **_place(thing, kind),
        **_author(thing.author),
    )


def _with_attached(thing: _Thing, words: str) -> str:
    """The words, the options of a poll and what stands below the pictures of a gallery."""
    options = [each.text for each in thing.poll_data.options] if thing.poll_data else []
    below = (*options, *(each.caption for each in _pictures(thing)))
    return "\n".join(
        part for part in (words, *(clean(each or "").strip() for each in below)) if part
    )


def _pictures(thing: _Thing) -> list[_Picture]:
    return thing.gallery_data.items if thing.gallery_data else []


def _unescaped(thing: _Thing) -> _Thing:
    """The thing with its signs, where they came as in HTML: without ``raw_json`` none is bare."""
    said = (thing.title, thing.selftext, thing.body)
    if any(each and _BARE.search(each) for each in said):
        return thing
    named = {name: getattr(thing, name) for name in ("title", "selftext", "body", "url")}
    return msgspec.structs.replace(
        thing, **{name: _plain(text) for name, text in named.items() if text and "&" in text}
    )


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _is_gone(thing: _Thing, words: str) -> bool:
    """Whether it was taken away; what Reddit or its author took has no title either."""
    is_taken = thing.removed_by_category is not None or bool(thing.banned_by)
    return is_taken or any(_GONE.fullmatch(each) for each in (words, thing.title or ""))


def _refuse_unknown(kind: str | None, item: Item) -> None:
    """Raise PayloadError for what is no thing, or names posts, but is of no kind that is known."""
    if kind == ODD:
        raise PayloadError("neither a thing nor a list", where="$")
    if kind not in _OTHERS and (b'"t1_' in item.raw or b'"t3_' in item.raw):
        raise PayloadError(f"a post of no kind that is known: {kind!r}", where="$")


def _place(thing: _Thing, kind: str) -> dict[str, Any]:
    """Old comments have no address of their own, those of an inbox only a context."""
    if kind == "t3":
        url = f"{SITE}{thing.permalink}" if thing.permalink else None
        shared = thing.crosspost_parent
        kinds = {"kind": "quote", "quoted_id": shared} if shared else {"kind": "post"}
        return {**kinds, "root_id": thing.name, "url": url}
    address = thing.permalink or thing.context
    found = _ROOT.search(address or "")
    root = thing.link_id or (f"t3_{found['id']}" if found else None)
    if address is None and root is not None:
        address = f"/comments/{root.removeprefix('t3_')}/_/{thing.name.removeprefix('t1_')}/"
    return {
        "kind": "reply" if (thing.parent_id or "").startswith("t1_") else "comment",
        "parent_id": thing.parent_id,
        "root_id": root,
        "url": f"{SITE}{address.partition('?')[0]}" if address else None,
    }


def _answered(thing: _Thing, kind: str) -> str | None:
    """Who wrote what it answers or passes on, where that is told."""
    name = None
    if kind == "t3" and thing.crosspost_parent:
        name = next((each.author for each in thing.crosspost_parent_list), None)
    elif kind == "t1" and thing.type in _ANSWERS:
        name = thing.dest
    elif kind == "t1" and thing.parent_id is not None and thing.parent_id == thing.link_id:
        name = thing.link_author
    return None if name in _NOBODY else name


def _author(name: str | None) -> dict[str, Any]:
    if name is None or name in _NOBODY:
        return {}
    return {"author_id": name, "author_handle": name, "author_url": f"{SITE}/user/{name}"}
