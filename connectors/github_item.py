"""Understand one item of GitHub: an issue, a pull request, or a comment on one, or on a commit."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from connectors.dates import in_utc
from connectors.markdown import links_in, pieces, unquoted
from connectors.markup import clean
from connectors.paging import distinct
from pipeline.errors import PayloadError
from pipeline.post import Post
from pipeline.source import Item

_LOGIN: Final = re.compile(r"@(?P<login>[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))(?![\w/])")
_NO_LOGIN: Final = re.compile(r"[\w/@.`]")
"""What stands before an ``@`` that names nobody."""
_SAYING: Final = frozenset({None, "commented", "reviewed", "line-commented"})
"""Events of a timeline in which somebody says something, and no event at all."""
_REPOSITORY: Final = re.compile(r"/(?P<path>repos/[^/]+/[^/]+/.+)$")


class _Kind(msgspec.Struct):
    """What tells issues and comments from people, events and repositories."""

    title: str | None = None
    number: int | msgspec.UnsetType | None = msgspec.UNSET
    issue_url: str | None = None
    pull_request_url: str | None = None
    event: str | None = None
    state: str | None = None
    submitted_at: datetime | None = None
    url: str | None = None
    body: str | None = None
    commit_id: str | None = None

    @property
    def is_on_commit(self) -> bool:
        """Whether it is a comment on a commit, which stands under no issue."""
        return self.commit_id is not None and "/comments/" in (self.url or "")


class _User(msgspec.Struct):
    login: str
    type: str | None = None
    html_url: str | None = None


class _Label(msgspec.Struct):
    name: str | None = None


class _Reactions(msgspec.Struct):
    up: int | None = msgspec.field(name="+1", default=None)


class _Repository(msgspec.Struct):
    private: bool = False


class _Branch(msgspec.Struct):
    repo: _Repository | None = None


class _Thing(msgspec.Struct):
    """``repository`` and ``base`` tell where it stands, in some lists of issues and of pulls."""

    html_url: str
    url: str
    created_at: datetime
    updated_at: datetime | None = None
    user: _User | None = None
    body: str | None = None
    title: str | None = None
    labels: list[_Label | str] = []
    comments: int | None = None
    reactions: _Reactions | None = None
    issue_url: str | None = None
    pull_request_url: str | None = None
    commit_id: str | None = None
    in_reply_to_id: int | None = None
    repository: _Repository | None = None
    base: _Branch | None = None

    @property
    def is_private(self) -> bool:
        place = self.repository or (self.base.repo if self.base else None)
        return place is not None and place.private


class _Review(msgspec.Struct):
    id: int
    html_url: str
    pull_request_url: str
    submitted_at: datetime
    user: _User | None = None
    body: str | None = None


def issue_or_comment(item: Item) -> Post | None:
    """An issue, a pull request or a comment; None for what is none, as a review not yet sent.

    Raises:
        PayloadError: an address that is none of the API's, a time without a zone, or an issue
            without its number.
    """
    kind = msgspec.json.decode(item.raw, type=_Kind)
    is_issue = kind.title is not None and kind.number is not msgspec.UNSET
    is_below = (kind.issue_url or kind.pull_request_url) is not None or kind.is_on_commit
    is_comment = not is_issue and is_below
    is_issue = is_issue and "/milestones/" not in (kind.url or "")
    if kind.event not in _SAYING or not (is_comment or is_issue):
        return None
    if kind.state == "PENDING" or (kind.submitted_at is not None and not kind.body):
        return None
    if is_issue and kind.number is None:
        raise PayloadError("an issue without its number", where="$.number")
    thing = _thing(item, kind)
    path = _path(thing.url, "$.url")
    path = path if is_comment else _as_issue(path)
    changed = in_utc(thing.updated_at or thing.created_at, "$.updated_at")
    created = in_utc(thing.created_at, "$.created_at")
    return Post(
        platform="github",
        post_id=thing.html_url,
        native_id=path,
        aliases=(path,),
        observed_at=item.observed_at,
        created_at=created,
        edited_at=changed if is_comment and changed > created else None,
        url=thing.html_url,
        title=None if is_comment else thing.title,
        tags=tuple(_labels(thing)),
        likes_count=None if thing.reactions is None else thing.reactions.up,
        replies_count=thing.comments,
        visibility="private" if thing.is_private else "public",
        payload=item.raw.decode("utf-8", "replace"),
        **what_is_said(thing.body),
        **_place(thing, path, is_comment),
        **_author(thing.user),
    )


def _thing(item: Item, kind: _Kind) -> _Thing:
    """A review of a pull request tells neither its address nor, by that name, its time."""
    if kind.submitted_at is None or kind.pull_request_url is None:
        return msgspec.json.decode(item.raw, type=_Thing)
    review = msgspec.json.decode(item.raw, type=_Review)
    address = f"{review.pull_request_url}/reviews/{review.id}"
    fields = {name: getattr(review, name) for name in ("html_url", "user", "body")}
    return _Thing(
        **fields,
        url=address,
        created_at=review.submitted_at,
        pull_request_url=review.pull_request_url,
    )


def what_is_said(body: str | None) -> dict[str, Any]:
    """The words of a body, who is named in them, outside of code, and their links."""
    words = clean(body or "").replace("\r\n", "\n")
    parts = list(pieces(words)) if "<!--" in words or "@" in words else [(words, False)]
    if "<!--" in words:
        words = "".join(part for part, _ in parts).strip()
    said = "".join(" " if is_code else part for part, is_code in parts)
    return {"text": words, "mentions": _named(unquoted(said)), "links": links_in(words)}


def _named(said: str) -> tuple[str, ...]:
    found = _LOGIN.finditer(said)
    named = [each for each in found if not _NO_LOGIN.match(said[each.start() - 1 : each.start()])]
    return distinct([each["login"] for each in named])


def _place(thing: _Thing, path: str, is_comment: bool) -> dict[str, Any]:
    """An issue and a pull request of the same number are one: the issue's path names both."""
    if not is_comment:
        return {"kind": "post", "root_id": path}
    above = thing.issue_url or thing.pull_request_url
    if above is None:
        root = f"{path.rpartition('/comments/')[0]}/commits/{thing.commit_id}"
        return {"kind": "comment", "parent_id": root, "root_id": root}
    root = _as_issue(_path(above, "$.issue_url"))
    if thing.in_reply_to_id is None:
        return {"kind": "comment", "parent_id": root, "root_id": root}
    parent = f"{path.rpartition('/')[0]}/{thing.in_reply_to_id}"
    return {"kind": "reply", "parent_id": parent, "root_id": root}


def _as_issue(path: str) -> str:
    return path.replace("/pulls/", "/issues/")


def _author(user: _User | None) -> dict[str, Any]:
    """Nobody when the account was deleted."""
    if user is None:
        return {}
    is_bot = user.login.endswith("[bot]") or user.type == "Bot"
    return {
        "author_id": user.login,
        "author_handle": user.login,
        "author_url": user.html_url,
        "author_is_bot": is_bot if user.type is not None or is_bot else None,
    }


def _labels(thing: _Thing) -> list[str]:
    names = (label if isinstance(label, str) else label.name for label in thing.labels)
    return [name for name in names if name]


def _path(address: str, where: str) -> str:
    """``repos/owner/name/issues/25``, whatever stands before it.

    Raises:
        PayloadError: no such address.
    """
    try:
        found = _REPOSITORY.search(urlsplit(address).path)
    except ValueError:
        found = None
    if found is None:
        raise PayloadError(f"not an address of the API: {address}", where=where)
    return found["path"]
