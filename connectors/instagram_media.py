"""Understand what the API gives of an Instagram account: posts, stories, comments and answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from connectors.graph_words import Count, Id, Named, Time, accounts_in, hashtags, moment, name_of
from connectors.markdown import links_in
from connectors.markup import clean, resolve
from pipeline.errors import PayloadError
from pipeline.post import Post
from pipeline.source import Item

SITE: Final = "https://www.instagram.com"
MEDIA: Final = (
    "id,caption,media_type,media_product_type,permalink,shortcode,timestamp,username,owner,"
    "like_count,comments_count"
)
TAGGED: Final = "id,caption,media_type,permalink,timestamp,username,like_count,comments_count"
FOUND: Final = "id,caption,media_type,permalink,timestamp,like_count,comments_count"
REPLY: Final = "id,text,timestamp,username,from,like_count,hidden,parent_id,media"
COMMENT: Final = f"{REPLY},replies.limit(50){{{REPLY}}}"
_CODE: Final = re.compile(r"/(?:p|reel|tv)/(?P<code>[\w-]+)")


class _Thing(msgspec.Struct):
    """A post or a comment; which fields stand there, the request decides.

    ``caption`` is missing where there is none, ``like_count`` where the owner hides it, ``owner``
    and ``username`` in what a hashtag finds, ``timestamp`` in webhooks, ``from`` without a
    permission.
    """

    id: Id | None = None
    caption: str | None = None
    text: str | None = None
    media_type: str | None = None
    permalink: str | None = None
    shortcode: str | None = None
    timestamp: Time | None = None
    username: str | None = None
    author: Named | None = msgspec.field(default=None, name="from")
    owner: Named | None = None
    user: Named | None = None
    like_count: Count | None = None
    comments_count: Count | None = None
    hidden: bool | None = None
    parent_id: Id | None = None
    media: Named | None = None


def media_post(item: Item) -> Post | None:
    """A post, a story, a comment or an answer; None for people, hashtags and statistics.

    Raises:
        PayloadError: a post without its name, a comment without its time.
    """
    thing = msgspec.json.decode(item.raw, type=_Thing, strict=False)
    is_comment = thing.text is not None or "above" in item.context or "comment" in item.context
    if not is_comment and not (thing.caption or thing.permalink or thing.timestamp):
        return None
    name = name_of(thing.id)
    if name is None:
        raise PayloadError("a post without its name", where="$.id")
    time = thing.timestamp or item.context.get("told")
    if is_comment and not time:
        raise PayloadError("a comment without its time", where="$.timestamp")
    words = clean((thing.text if is_comment else thing.caption) or "")
    code = _code(thing)
    return Post(
        **(_below(thing, item) if is_comment else {"kind": "post", "root_id": name}),
        **_author(thing, item.context),
        platform="instagram",
        post_id=name,
        native_id=name,
        aliases=(code,) if code else (),
        observed_at=item.observed_at,
        created_at=moment(time, "$.timestamp"),
        url=resolve(thing.permalink) if thing.permalink else None,
        text=words,
        mentions=(*accounts_in(words), *([item.context["to"]] if "to" in item.context else ())),
        tags=hashtags(words),
        links=links_in(words),
        likes_count=thing.like_count,
        replies_count=thing.comments_count,
        visibility="withheld" if thing.hidden else "public",
        payload=item.raw.decode("utf-8", "replace"),
    )


def _below(thing: _Thing, item: Item) -> dict[str, Any]:
    """A comment stands under a post; an answer under a comment, by its own word or by its place."""
    media = name_of(thing.media.id) if thing.media else None
    root = media or item.context.get("above") or None
    answered = name_of(thing.parent_id) or item.context.get("comment")
    return {
        "kind": "reply" if answered else "comment",
        "parent_id": answered or root,
        "root_id": root,
    }


def _author(thing: _Thing, context: Mapping[str, str]) -> dict[str, Any]:
    """Who wrote it, by number where that is told, else by name; a hashtag tells neither."""
    known = thing.author or thing.owner or thing.user or Named()
    handle = thing.username or known.username or context.get("username")
    return {
        "author_id": name_of(known.id) or context.get("account") or handle,
        "author_handle": handle,
        "author_url": f"{SITE}/{handle}/" if handle else None,
    }


def _code(thing: _Thing) -> str | None:
    """The name in the address: the same in every API, which the number is not."""
    found = _CODE.search(thing.permalink or "")
    return thing.shortcode or (found["code"] if found else None)
