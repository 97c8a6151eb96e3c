"""Understand one review of a place, or the answer that stands in it."""

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

_STARS: Final = {"ONE": 1.0, "TWO": 2.0, "THREE": 3.0, "FOUR": 4.0, "FIVE": 5.0}
_UNTOLD: Final = "STAR_RATING_UNSPECIFIED"
_SHOWN: Final = frozenset({None, "APPROVED", "REVIEW_REPLY_STATE_UNSPECIFIED"})
_TRANSLATED: Final = (
    r"\((?:Translated by|Vertaald door|Übersetzt von|Traduit par|Traducido por) Google\)"
)
"""As Google writes it to whom reads in English, Dutch, German, French or Spanish."""
_ORIGINAL: Final = r"\((?:Original|Origineel)\)"
"""The marks that are known for certain; each stands alone on its line."""
_BEFORE: Final = re.compile(rf"{_TRANSLATED}.*?\n[^\S\n]*{_ORIGINAL}[ \t]*\n(.*)", re.DOTALL)
_AFTER: Final = re.compile(rf"(.+?)\n[^\S\n]*{_TRANSLATED}[ \t]*(?:\n.*)?", re.DOTALL)
_PLACE: Final = re.compile(r"(?P<account>accounts/[^/]+)/locations/[^/]+")
Name = Annotated[str, msgspec.Meta(min_length=1)]


class _Reviewer(msgspec.Struct, rename="camel"):
    """Who is anonymous has a word of Google's for a name."""

    display_name: str | None = None
    is_anonymous: bool = False


class _Review(msgspec.Struct, rename="camel"):
    """Stars may stand without a comment, and without whom they are of."""

    name: Name
    review_id: Name
    star_rating: str
    create_time: datetime
    update_time: datetime
    reviewer: _Reviewer = msgspec.field(default_factory=_Reviewer)
    comment: str | None = None


class _Answer(msgspec.Struct, rename="camel"):
    """The state is told since answers are looked at before they are shown."""

    comment: str
    update_time: datetime
    review_reply_state: str | None = None


class _Answered(msgspec.Struct, rename="camel"):
    name: Name
    review_reply: _Answer | None = None


def review_post(item: Item) -> Post:
    """A review of a place.

    Raises:
        PayloadError: its stars or its times are none.
    """
    review = msgspec.json.decode(item.raw, type=_Review)
    created, updated = (
        in_utc(review.create_time, "$.createTime"),
        in_utc(review.update_time, "$.updateTime"),
    )
    person = review.reviewer
    return Post(
        platform="googlebusiness",
        post_id=review.name,
        native_id=review.name,
        aliases=(review.review_id,),
        kind="review",
        observed_at=item.observed_at,
        created_at=created,
        edited_at=updated if updated > created else None,
        author_name=None if person.is_anonymous else clean(person.display_name or "") or None,
        text=original(clean(review.comment or "")),
        mentions=_place(review.name),
        rating=_rating(review.star_rating),
        payload=item.raw.decode(),
    )


def answer_post(item: Item) -> Post | None:
    """The answer of the place; None where there is none."""
    review = msgspec.json.decode(item.raw, type=_Answered)
    answer = review.review_reply
    if answer is None:
        return None
    place, *account = _place(review.name) or ("",)
    return Post(
        platform="googlebusiness",
        post_id=f"{review.name}/reply",
        native_id=f"{review.name}/reply",
        kind="reply",
        observed_at=item.observed_at,
        created_at=in_utc(answer.update_time, "$.updateTime"),
        parent_id=review.name,
        root_id=review.name,
        author_id=place or None,
        author_handle=account[0] if account else None,
        text=original(clean(answer.comment)),
        visibility="public" if answer.review_reply_state in _SHOWN else "private",
        payload=item.raw.decode(),
    )


def original(comment: str) -> str:
    """The words as they were written, without Google's translation before or after them."""
    found = _BEFORE.fullmatch(comment) or _AFTER.fullmatch(comment)
    return (found[1] if found else comment).strip()


def _place(name: str) -> tuple[str, ...]:
    """The place of a review and its account: a source may be named by either."""
    found = _PLACE.match(name)
    return (found[0], found["account"]) if found else ()


def _rating(word: str) -> float | None:
    if word != _UNTOLD and word not in _STARS:
        raise PayloadError(f"no number of stars: {word[:40]!r}", where="$.starRating")
    return _STARS.get(word)
