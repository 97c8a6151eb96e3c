"""Understand a post of Threads, as its API and its webhooks give it."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from connectors.graph_words import Id, Named, Time, accounts_in, hashtags, moment, name_of
from connectors.markdown import links_in
from connectors.markup import clean, resolve
from connectors.paging import distinct
from pipeline.errors import PayloadError
from pipeline.post import Post, Visibility
from pipeline.source import Item

SITE: Final = "https://www.threads.com"
FIELDS: Final = (
    "id,media_product_type,media_type,permalink,username,text,timestamp,shortcode,is_quote_post,"
    "quoted_post,reposted_post,link_attachment_url,topic_tag,has_replies,root_post,replied_to,"
    "is_reply,hide_status,reply_audience,alt_text,text_attachment,poll_attachment"
)
_SHOWN: Final = frozenset({None, "", "NOT_HUSHED", "UNHUSHED"})
_WAITING: Final = frozenset({"pending", "ignored"})


class _Owner(msgspec.Struct):
    """Whose it is: webhooks about deletions have another name for the number."""

    id: Id | None = None
    owner_id: Id | None = None


class _Attachment(msgspec.Struct):
    """A text of up to 10,000 characters below the post's own."""

    plaintext: str | None = None
    link_attachment_url: str | None = None


class _Poll(msgspec.Struct):
    option_a: str | None = None
    option_b: str | None = None
    option_c: str | None = None
    option_d: str | None = None

    @property
    def options(self) -> tuple[str | None, ...]:
        """What could be chosen."""
        return self.option_a, self.option_b, self.option_c, self.option_d


class _Thing(msgspec.Struct):
    """A post; which fields stand there, the request decides.

    ``text`` is missing for a mere picture, ``username`` for authors who are not public, the fields
    of replies without ``threads_read_replies``; another post is an object, to one client a number.
    """

    id: Id | None = None
    media_type: str | None = None
    permalink: str | None = None
    shortcode: str | None = None
    owner: _Owner | None = None
    username: str | None = None
    text: str | None = None
    alt_text: str | None = None
    timestamp: Time | None = None
    deleted_at: Time | None = None
    is_quote_post: bool | None = None
    quoted_post: Named | Id | None = None
    reposted_post: Named | Id | None = None
    replied_to: Named | Id | None = None
    root_post: Named | Id | None = None
    is_reply: bool | None = None
    has_replies: bool | None = None
    hide_status: str | None = None
    reply_approval_status: str | None = None
    reply_audience: str | None = None
    link_attachment_url: str | None = None
    topic_tag: str | None = None
    text_attachment: _Attachment | None = None
    poll_attachment: _Poll | None = None


def thing_post(item: Item) -> Post | None:
    """A post, a reply, a quote or a repost; None for profiles and statistics.

    Raises:
        PayloadError: a post without its name or its time.
    """
    thing = msgspec.json.decode(item.raw, type=_Thing, strict=False)
    signs = (thing.media_type, thing.text, thing.permalink, thing.shortcode, thing.deleted_at)
    if all(sign is None for sign in (*signs, thing.timestamp)):
        return None
    name, created = name_of(thing.id), moment(thing.timestamp, "$.timestamp")
    deleted = moment(thing.deleted_at, "$.deleted_at")
    if name is None:
        raise PayloadError("a post without its name", where="$.id")
    if created is None and deleted is None:
        raise PayloadError("a post without its time", where="$.timestamp")
    return Post(
        **_place(thing, name),
        **({} if deleted else _said(thing)),
        platform="threads",
        post_id=name,
        native_id=name,
        aliases=(thing.shortcode,) if thing.shortcode else (),
        observed_at=item.observed_at,
        created_at=created,
        deleted_at=deleted,
        visibility=_visibility(thing),
        payload=item.raw.decode("utf-8", "replace"),
    )


def _said(thing: _Thing) -> dict[str, Any]:
    """Words, with what is attached to them, and who said them, known by name only."""
    longer, poll = thing.text_attachment or _Attachment(), thing.poll_attachment or _Poll()
    parts = (thing.text, longer.plaintext, *poll.options, thing.alt_text)
    words = clean("\n".join(part for part in parts if part))
    handle = thing.username or None
    topic = (clean(thing.topic_tag).lstrip("#"),) if thing.topic_tag else ()
    attached = (thing.link_attachment_url, longer.link_attachment_url)
    pages = [resolve(each) or "" for each in attached if each]
    return {
        "author_id": handle or (name_of(thing.owner.id) if thing.owner else None),
        "author_handle": handle,
        "author_url": f"{SITE}/@{handle}" if handle else None,
        "url": resolve(thing.permalink) if thing.permalink else None,
        "text": words,
        "mentions": accounts_in(words),
        "tags": tuple(dict.fromkeys([*topic, *hashtags(words)])),
        "links": distinct([*pages, *links_in(words)]),
    }


def _place(thing: _Thing, name: str) -> dict[str, Any]:
    """What it answers, quotes or shares; an answer may quote too."""
    above, root = _other(thing.replied_to), _other(thing.root_post)
    quoted, shared = _other(thing.quoted_post), _other(thing.reposted_post)
    kind = "post"
    if shared or thing.media_type == "REPOST_FACADE":
        kind = "repost"
    elif above or thing.is_reply or root not in {None, name}:
        kind = "reply"
    elif quoted or thing.is_quote_post:
        kind = "quote"
    return {
        "kind": kind,
        "parent_id": above,
        "parent_author_id": _writer(thing, above, root),
        "root_id": root or (None if kind == "reply" else name),
        "quoted_id": quoted,
        "reposted_id": shared,
    }


def _writer(thing: _Thing, above: str | None, root: str | None) -> str | None:
    """Who wrote what is answered; only a webhook tells, and only of the first post."""
    if above is None or above != root or not isinstance(thing.root_post, Named):
        return None
    return thing.root_post.username


def _other(post: Named | Id | None) -> str | None:
    return name_of(post.id if isinstance(post, Named) else post)


def _visibility(thing: _Thing) -> Visibility:
    """What the owner of a post hid below it, or has yet to approve, is not for everybody."""
    is_hidden = thing.hide_status not in _SHOWN or thing.reply_approval_status in _WAITING
    return "withheld" if is_hidden else "public"
