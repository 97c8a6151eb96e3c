"""Mastodon entities of the simulated world: Status, Account, Notification, Instance."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from pipeline.world.identity import HOME, account_id, snowflake, uri
from pipeline.world.shape import Person, Said
from pipeline.world.view import View

_TOKEN: Final = re.compile(r"(?P<mention>@[\w]+)|(?P<tag>#\w+)|(?P<link>https?://[^\s&\"]+)")


def moment(at: datetime) -> str:
    """ISO 8601 in UTC with milliseconds."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def acct(person: Person) -> str:
    """Local accounts have no server in their name."""
    return person.handle if person.server == HOME else f"{person.handle}@{person.server}"


def profile(person: Person) -> str:
    """The public page of an account."""
    return f"https://{person.server}/@{person.handle}"


def account(view: View, person: Person) -> dict[str, Any]:
    """An Account entity."""
    said = view.by(person)
    note = (
        "<p>Ik praat over van alles.</p>" if not person.opted_out else "<p>Liever niet #nobot</p>"
    )
    picture = f"https://{person.server}/avatars/original/missing.png"
    return {
        "id": account_id(person),
        "username": person.handle,
        "acct": acct(person),
        "display_name": person.name,
        "locked": False,
        "bot": person.is_bot,
        "discoverable": not person.opted_out,
        "indexable": not person.opted_out,
        "group": False,
        "created_at": f"{person.created_at:%Y-%m-%d}T00:00:00.000Z",
        "note": note,
        "url": profile(person),
        "uri": f"https://{person.server}/users/{person.handle}",
        "avatar": picture,
        "avatar_static": picture,
        "header": picture,
        "header_static": picture,
        "followers_count": person.followers,
        "following_count": person.followers // 3 + 12,
        "statuses_count": len(said) + 40,
        "last_status_at": f"{said[-1].at:%Y-%m-%d}" if said else None,
        "hide_collections": False,
        "noindex": person.opted_out,
        "emojis": [],
        "roles": [],
        "fields": [],
    }


def content(said: Said, text: str) -> str:
    """The text as the sanitised HTML a server gives."""
    mentioned = {f"@{each.handle}": each for each in said.mentions}
    parts: list[str] = []
    last = 0
    for match in _TOKEN.finditer(text):
        parts.append(html.escape(text[last : match.start()]))
        parts.append(_token(match, mentioned, said))
        last = match.end()
    parts.append(html.escape(text[last:]))
    inner = "".join(parts).replace("\n\n", "</p><p>").replace("\n", "<br />")
    return f"<p>{inner}</p>" if inner else ""


def _token(match: re.Match[str], mentioned: dict[str, Person], said: Said) -> str:
    word = match.group()
    if match["mention"]:
        person = mentioned.get(word)
        if person is None:
            return html.escape(word)
        return (
            f'<span class="h-card" translate="no"><a href="{profile(person)}" '
            f'class="u-url mention">@<span>{person.handle}</span></a></span>'
        )
    if match["tag"]:
        address = f"https://{said.author.server}/tags/{word[1:]}"
        return f'<a href="{address}" class="mention hashtag" rel="tag">#<span>{word[1:]}</span></a>'
    scheme, _, rest = word.partition("://")
    return (
        f'<a href="{word}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{scheme}://</span><span class="">{rest}</span>'
        '<span class="invisible"></span></a>'
    )


def status(view: View, said: Said, *, depth: int = 0) -> dict[str, Any]:
    """A Status entity; of a boost the outer one, with the boosted status inside."""
    text = said.text_at(view.as_of)
    edited_at = said.edited_at(view.as_of)
    parent = said.parent
    body: dict[str, Any] = {
        "id": snowflake(said),
        "created_at": moment(said.at),
        "in_reply_to_id": snowflake(parent) if parent and view.exists(parent) else None,
        "in_reply_to_account_id": account_id(parent.author) if parent else None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": said.visibility,
        "language": said.language,
        "uri": uri(said),
        "url": _url(said),
        "replies_count": len(view.public_children(said)),
        "reblogs_count": len(view.reposts(said)),
        "favourites_count": said.likes_at(view.as_of),
        "quotes_count": len(view.quotes(said)),
        "edited_at": moment(edited_at) if edited_at else None,
        "content": content(said, text),
        "reblog": None,
        "account": account(view, said.author),
        "media_attachments": [],
        "mentions": [
            {
                "id": account_id(each),
                "username": each.handle,
                "url": profile(each),
                "acct": acct(each),
            }
            for each in said.mentions
        ],
        "tags": [
            {"name": each, "url": f"https://{said.author.server}/tags/{each}"} for each in said.tags
        ],
        "emojis": [],
        "quote": None,
        "card": None,
        "poll": None,
    }
    if said.kind == "repost" and said.target is not None:
        body["reblog"] = status(view, said.target, depth=depth + 1)
        body["favourites_count"] = body["reblogs_count"] = body["replies_count"] = 0
    if said.kind == "quote" and said.target is not None and depth == 0:
        exists = view.exists(said.target)
        body["quote"] = {
            "state": "accepted" if exists else "deleted",
            "quoted_status": status(view, said.target, depth=1) if exists else None,
        }
    return body


def _url(said: Said) -> str:
    if said.kind == "repost":
        return uri(said)
    return f"{profile(said.author)}/{snowflake(said)}"


def history(view: View, said: Said) -> list[dict[str, Any]]:
    """All versions so far, oldest first."""
    versions = [(said.at, said.text), *(each for each in said.edits if each[0] <= view.as_of)]
    return [
        {
            "content": content(said, text),
            "spoiler_text": "",
            "sensitive": False,
            "created_at": moment(at),
            "account": account(view, said.author),
            "media_attachments": [],
            "emojis": [],
        }
        for at, text in versions
    ]


def notices(view: View, me: Person) -> Iterator[tuple[int, str, Said, Said]]:
    """(notification id, type, what was said, status shown) of everything that concerns ``me``.

    Ids follow time and are not those of the statuses.
    """
    for said in view.by_platform["mastodon"]:
        if said.author is me:
            continue
        number = 1000 + said.number
        if said.target is not None and said.target.author is me:
            if said.kind == "repost":
                yield number, "reblog", said, said.target
            else:
                yield number, "quote", said, said
        elif me in said.mentions:
            yield number, "mention", said, said


def notification(view: View, number: int, kind: str, said: Said, shown: Said) -> dict[str, Any]:
    """A Notification entity."""
    return {
        "id": str(number),
        "type": kind,
        "created_at": moment(said.at),
        "group_key": f"ungrouped-{number}",
        "account": account(view, said.author),
        "status": status(view, shown),
    }


def instance() -> dict[str, Any]:
    """An Instance entity (v2), with timelines open to everybody."""
    access = {"local": "public", "remote": "public"}
    return {
        "domain": HOME,
        "title": "Het Plein",
        "version": "4.5.0",
        "source_url": "https://github.com/mastodon/mastodon",
        "description": "Een server voor wie graag praat.",
        "usage": {"users": {"active_month": 3120}},
        "languages": ["nl"],
        "configuration": {
            "statuses": {"max_characters": 500},
            "timelines_access": {"live_feeds": access, "hashtag_feeds": access},
        },
        "registrations": {"enabled": False, "approval_required": True, "message": None},
        "api_versions": {"mastodon": 7},
        "rules": [],
    }
