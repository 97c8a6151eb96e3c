"""Bluesky views of the simulated world: posts, feeds, threads, notifications, profiles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from pipeline.world.identity import address, at_uri, content_id, did, handle
from pipeline.world.shape import Person, Said
from pipeline.world.view import View

POST: Final = "app.bsky.feed.post"
DEFS: Final = "app.bsky.feed.defs"
_TAG: Final = re.compile(r"#(\w+)")
_LINK: Final = re.compile(r"https?://[^\s\"]+")


def moment(at: datetime) -> str:
    """ISO 8601 in UTC with milliseconds."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def author(person: Person) -> dict[str, Any]:
    """A profileViewBasic; who opted out carries the label that says so."""
    own = did(person)
    labels = [
        {
            "src": own,
            "uri": f"at://{own}/app.bsky.actor.profile/self",
            "val": "!no-unauthenticated",
            "cts": moment(person.created_at),
        }
    ]
    return {
        "did": own,
        "handle": handle(person),
        "displayName": person.name,
        "associated": {"activitySubscription": {"allowSubscriptions": "followers"}},
        "viewer": {"muted": False, "blockedBy": False},
        "labels": labels if person.opted_out else [],
        "createdAt": moment(person.created_at),
    }


def profile(view: View, person: Person) -> dict[str, Any]:
    """A profileViewDetailed: only here are the audience's numbers."""
    return {
        **author(person),
        "description": f"{person.name}. Berichten op persoonlijke titel.",
        "indexedAt": moment(person.created_at),
        "followersCount": person.followers,
        "followsCount": person.followers // 3 + 12,
        "postsCount": len(view.by(person)),
    }


def _ref(view: View, said: Said) -> dict[str, str]:
    return {"uri": at_uri(said), "cid": content_id(said, said.text_at(view.as_of))}


def facets(said: Said) -> list[dict[str, Any]]:
    """Mentions, tags and links of the text, by offsets in UTF-8 bytes."""
    text = said.text
    found: list[dict[str, Any]] = []
    for person in said.mentions:
        start = text.find(address(person))
        if start >= 0:
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": did(person)}
            found.append(_facet(text, start, start + len(address(person)), feature))
    for match in _TAG.finditer(text):
        if match[1].lower() in said.tags:
            feature = {"$type": "app.bsky.richtext.facet#tag", "tag": match[1]}
            found.append(_facet(text, match.start(), match.end(), feature))
    for match in _LINK.finditer(text):
        feature = {"$type": "app.bsky.richtext.facet#link", "uri": match.group()}
        found.append(_facet(text, match.start(), match.end(), feature))
    return found


def _facet(text: str, start: int, end: int, feature: dict[str, str]) -> dict[str, Any]:
    return {
        "index": {
            "byteStart": len(text[:start].encode()),
            "byteEnd": len(text[:end].encode()),
        },
        "features": [feature],
    }


def record(view: View, said: Said) -> dict[str, Any]:
    """The record as its author's program wrote it."""
    if said.kind == "repost" and said.target is not None:
        return {
            "$type": "app.bsky.feed.repost",
            "subject": _ref(view, said.target),
            "createdAt": moment(said.at),
        }
    body: dict[str, Any] = {
        "$type": POST,
        "text": said.text,
        "langs": [said.language],
        "createdAt": moment(said.at),
    }
    found = facets(said)
    if found:
        body["facets"] = found
    if said.parent is not None:
        body["reply"] = {"root": _ref(view, said.root), "parent": _ref(view, said.parent)}
    if said.kind == "quote" and said.target is not None:
        body["embed"] = {"$type": "app.bsky.embed.record", "record": _ref(view, said.target)}
    return body


def post(view: View, said: Said) -> dict[str, Any]:
    """A postView."""
    body: dict[str, Any] = {
        **_ref(view, said),
        "author": author(said.author),
        "record": record(view, said),
        "bookmarkCount": 0,
        "replyCount": len(view.children(said)),
        "repostCount": len(view.reposts(said)),
        "likeCount": said.likes_at(view.as_of),
        "quoteCount": len(view.quotes(said)),
        "indexedAt": moment(said.at),
        "viewer": {"threadMuted": False, "embeddingDisabled": False},
        "labels": [],
    }
    if said.kind == "quote" and said.target is not None:
        body["embed"] = {
            "$type": "app.bsky.embed.record#view",
            "record": _embedded(view, said.target),
        }
    return body


def _embedded(view: View, target: Said) -> dict[str, Any]:
    if not view.exists(target):
        return {
            "$type": "app.bsky.embed.record#viewNotFound",
            "uri": at_uri(target),
            "notFound": True,
        }
    return {
        "$type": "app.bsky.embed.record#viewRecord",
        **_ref(view, target),
        "author": author(target.author),
        "value": record(view, target),
        "labels": [],
        "likeCount": target.likes_at(view.as_of),
        "replyCount": len(view.children(target)),
        "repostCount": len(view.reposts(target)),
        "quoteCount": len(view.quotes(target)),
        "indexedAt": moment(target.at),
        "embeds": [],
    }


def feed_item(view: View, said: Said) -> dict[str, Any]:
    """A feedViewPost: a repost shows what it reposts, with the reason."""
    if said.kind == "repost" and said.target is not None:
        return {
            "post": post(view, said.target),
            "reason": {
                "$type": f"{DEFS}#reasonRepost",
                "by": author(said.author),
                "uri": at_uri(said),
                "cid": content_id(said, ""),
                "indexedAt": moment(said.at),
            },
        }
    item: dict[str, Any] = {"post": post(view, said)}
    if said.parent is not None:
        item["reply"] = {
            "root": _seen(view, said.root),
            "parent": _seen(view, said.parent),
        }
    return item


def _seen(view: View, said: Said) -> dict[str, Any]:
    if view.exists(said):
        return {"$type": f"{DEFS}#postView", **post(view, said)}
    return not_found(at_uri(said))


def not_found(uri: str) -> dict[str, Any]:
    """What stands in a thread where a post was deleted."""
    return {"$type": f"{DEFS}#notFoundPost", "uri": uri, "notFound": True}


def thread(view: View, said: Said, depth: int, height: int) -> dict[str, Any]:
    """A threadViewPost: replies down to ``depth``, parents up to ``height``."""
    node: dict[str, Any] = {
        "$type": f"{DEFS}#threadViewPost",
        "post": post(view, said),
        "threadContext": {},
    }
    if depth > 0:
        node["replies"] = [thread(view, each, depth - 1, 0) for each in view.children(said)]
    if height > 0 and said.parent is not None:
        if view.exists(said.parent):
            node["parent"] = thread(view, said.parent, 0, height - 1)
        else:
            node["parent"] = not_found(at_uri(said.parent))
    return node


def notices(view: View, me: Person) -> Iterator[dict[str, Any]]:
    """Notifications of ``me``, oldest first: mention, reply, quote, repost."""
    for said in view.by_platform["bluesky"]:
        if said.author is me:
            continue
        reason, subject = _reason(said, me)
        if reason:
            yield {
                **_ref(view, said),
                "author": author(said.author),
                "reason": reason,
                **({"reasonSubject": at_uri(subject)} if subject else {}),
                "record": record(view, said),
                "isRead": False,
                "indexedAt": moment(said.at),
                "labels": [],
            }


def _reason(said: Said, me: Person) -> tuple[str, Said | None]:
    if said.parent is not None and said.parent.author is me:
        return "reply", said.parent
    if said.target is not None and said.target.author is me:
        return ("repost" if said.kind == "repost" else "quote"), said.target
    return ("mention", None) if me in said.mentions else ("", None)
