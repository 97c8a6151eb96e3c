"""Understand one review of the App Store, or the answer of the maker of the app."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Final

import msgspec

from connectors.dates import in_utc
from connectors.markup import clean
from pipeline.errors import PayloadError
from pipeline.post import Post
from pipeline.source import Item

_LINK: Final = re.compile(r"itunes\.apple\.com/(?P<country>[a-z]{2})/.*?\bid=(?P<app>\d+)")
_LIST: Final = re.compile(r"itunes\.apple\.com/(?P<country>[a-z]{2})/rss/.*?\bid=(?P<app>\d+)")
_PERSON: Final = re.compile(r"/id(\d+)")
_NUMBER: Final = re.compile(r"\d{1,15}", re.ASCII)

Name = Annotated[str, msgspec.Meta(min_length=1)]


class _Label(msgspec.Struct):
    label: str


class _Id(msgspec.Struct):
    label: Name


class _Attributes(msgspec.Struct):
    href: str = ""


class _Link(msgspec.Struct):
    attributes: _Attributes


class _Author(msgspec.Struct):
    name: _Label
    uri: _Label | None = None


class _Entry(msgspec.Struct):
    """A review in a public list; ``updated`` and votes are absent in old ones."""

    id: _Id
    author: _Author
    rating: _Label = msgspec.field(name="im:rating")
    content: _Label
    title: _Label | None = None
    updated: _Label | None = None
    link: _Link | list[_Link] | None = None
    votes: _Label | None = msgspec.field(name="im:voteSum", default=None)


class _Kind(msgspec.Struct):
    """What tells the app itself, which has a name and no stars, from its reviews."""

    name: msgspec.Raw = msgspec.field(name="im:name", default=msgspec.Raw())
    rating: msgspec.Raw = msgspec.field(name="im:rating", default=msgspec.Raw())


class _Type(msgspec.Struct):
    type: str


class _Review(msgspec.Struct, rename="camel"):
    rating: int
    created_date: datetime
    title: str | None = None
    body: str | None = None
    reviewer_nickname: str | None = None


class _Given(msgspec.Struct):
    id: Name
    attributes: _Review


class _Answer(msgspec.Struct, rename="camel"):
    response_body: str
    last_modified_date: datetime
    state: str | None = None


class _Answered(msgspec.Struct):
    id: Name
    attributes: _Answer


def post_of(item: Item) -> Post | None:
    """A review or an answer; None for apps and whatever else is no review."""
    if item.context.get("from") != "connect":
        kind = msgspec.json.decode(item.raw, type=_Kind)
        return None if bytes(kind.name) and not bytes(kind.rating) else _store_review(item)
    name = msgspec.json.decode(item.raw, type=_Type).type
    if name == "customerReviews":
        return _review(item)
    return _answer(item) if name == "customerReviewResponses" else None


def _store_review(item: Item) -> Post:
    entry = msgspec.json.decode(item.raw, type=_Entry)
    country, app = _place(entry, item.context.get("url", ""))
    address = entry.author.uri.label if entry.author.uri else ""
    person = _PERSON.search(address)
    return Post(
        platform="appstore",
        post_id=entry.id.label,
        native_id=f"{country}/{app}/{entry.id.label}" if app else entry.id.label,
        kind="review",
        observed_at=item.observed_at,
        created_at=_moment(entry.updated),
        url=f"https://apps.apple.com/{country}/app/id{app}?see-all=reviews" if app else None,
        author_id=person[1] if person else None,
        author_name=clean(entry.author.name.label) or None,
        author_url=address or None,
        title=clean(entry.title.label) or None if entry.title else None,
        text=clean(entry.content.label),
        mentions=(app,) if app else (),
        likes_count=_count(entry.votes),
        rating=_stars(entry.rating.label),
        payload=item.raw.decode(),
    )


def _review(item: Item) -> Post:
    given = msgspec.json.decode(item.raw, type=_Given)
    told, app = given.attributes, item.context.get("app", "")
    return Post(
        platform="appstore",
        post_id=given.id,
        native_id=f"{app}/{given.id}",
        kind="review",
        observed_at=item.observed_at,
        created_at=in_utc(told.created_date, "$.attributes.createdDate"),
        url=_page(app),
        author_name=clean(told.reviewer_nickname or "") or None,
        title=clean(told.title or "") or None,
        text=clean(told.body or ""),
        mentions=(app,) if app else (),
        rating=_stars(str(told.rating)),
        payload=item.raw.decode(),
    )


def _answer(item: Item) -> Post:
    """An answer that is still waiting to be shown is nobody's to read."""
    given = msgspec.json.decode(item.raw, type=_Answered)
    told, app = given.attributes, item.context.get("app", "")
    review = item.context.get("review") or None
    return Post(
        platform="appstore",
        post_id=given.id,
        native_id=f"{app}/{given.id}",
        kind="reply",
        observed_at=item.observed_at,
        created_at=in_utc(told.last_modified_date, "$.attributes.lastModifiedDate"),
        url=_page(app),
        parent_id=review,
        root_id=review,
        author_id=app or None,
        text=clean(told.response_body),
        visibility="public" if told.state in {None, "PUBLISHED"} else "private",
        payload=item.raw.decode(),
    )


def _page(app: str) -> str | None:
    return f"https://apps.apple.com/app/id{app}?see-all=reviews" if app else None


def _place(entry: _Entry, address: str) -> tuple[str, str]:
    """The country and the app, from the link of the review or the address of the list."""
    links = entry.link if isinstance(entry.link, list) else [entry.link] if entry.link else []
    texts = [each.attributes.href for each in links]
    found = [_LINK.search(each) for each in texts] + [_LIST.search(address)]
    place = next((each for each in found if each), None)
    return (place["country"], place["app"]) if place else ("", "")


def _stars(text: str) -> float:
    if text not in {"1", "2", "3", "4", "5"}:
        raise PayloadError(f"no number of stars: {text[:20]!r}", where="$.im:rating")
    return float(text)


def _count(votes: _Label | None) -> int | None:
    """How many found the review helpful; a sum below zero tells no such number."""
    return int(votes.label) if votes and _NUMBER.fullmatch(votes.label) else None


def _moment(label: _Label | None) -> datetime | None:
    """The time with its own distance to UTC.

    Raises:
        PayloadError: it is no time, or has no zone.
    """
    if label is None:
        return None
    try:
        moment = datetime.fromisoformat(label.label)
    except ValueError as error:
        raise PayloadError(f"no time: {label.label[:40]!r}", where="$.updated.label") from error
    return in_utc(moment, "$.updated")
