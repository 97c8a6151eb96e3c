"""Understand one review of Google Play, or the answer that stands in it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, Final
from urllib.parse import quote

import msgspec

from connectors.markup import clean
from pipeline.errors import PayloadError
from pipeline.post import Post, utc_from_epoch
from pipeline.source import Item

_SECONDS: Final = re.compile(r"\d{1,11}", re.ASCII)
Name = Annotated[str, msgspec.Meta(min_length=1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class _Moment(msgspec.Struct):
    """Seconds are a number of 64 bits: text in JSON, though not every library writes them so."""

    seconds: str | int
    nanos: int = 0


class _Said(msgspec.Struct, rename="camel"):
    """What the user said; ``original_text`` only where a translation was asked for."""

    text: str
    last_modified: _Moment
    star_rating: int
    original_text: str | None = None
    thumbs_up_count: Count | None = None


class _Answered(msgspec.Struct, rename="camel"):
    text: str
    last_modified: _Moment


class _Comment(msgspec.Struct, rename="camel"):
    """One of the two."""

    user_comment: _Said | None = None


class _Reply(msgspec.Struct, rename="camel"):
    developer_comment: _Answered | None = None


class _Review(msgspec.Struct, rename="camel"):
    """The name is left out, or empty, where the user has none."""

    review_id: Name
    comments: list[_Comment]
    author_name: str = ""


class _Replied(msgspec.Struct, rename="camel"):
    review_id: Name
    comments: list[_Reply]


def review_post(item: Item) -> Post:
    """A review: its title and words are one text with a tab between.

    Raises:
        PayloadError: there is no comment of a user, or its stars or time are none.
    """
    review = msgspec.json.decode(item.raw, type=_Review)
    said = next((each.user_comment for each in review.comments if each.user_comment), None)
    if said is None:
        raise PayloadError("a review without the comment of its user", where="$.comments")
    if said.star_rating not in range(1, 6):
        raise PayloadError(f"{said.star_rating} stars", where="$.comments.userComment.starRating")
    package = item.context["package"]
    title, _, words = _parted(said.original_text or said.text)
    return Post(
        platform="googleplay",
        post_id=review.review_id,
        native_id=f"{package}/{review.review_id}" if package else review.review_id,
        kind="review",
        observed_at=item.observed_at,
        created_at=_time(said.last_modified),
        url=_address(package, review.review_id),
        author_name=clean(review.author_name).strip() or None,
        title=title or None,
        text=words,
        mentions=(package,) if package else (),
        likes_count=said.thumbs_up_count,
        rating=float(said.star_rating),
        payload=item.raw.decode(),
    )


def answer_post(item: Item) -> Post | None:
    """The answer of the maker of the app; None where there is none."""
    review = msgspec.json.decode(item.raw, type=_Replied)
    comments = [each.developer_comment for each in review.comments if each.developer_comment]
    if not comments:
        return None
    package = item.context["package"]
    name = f"{review.review_id}#dev"
    return Post(
        platform="googleplay",
        post_id=name,
        native_id=f"{package}/{name}" if package else name,
        kind="reply",
        observed_at=item.observed_at,
        created_at=_time(comments[-1].last_modified),
        url=_address(package, review.review_id),
        parent_id=review.review_id,
        root_id=review.review_id,
        author_id=package or None,
        text=clean(comments[-1].text).strip(),
        payload=item.raw.decode(),
    )


def _parted(text: str) -> tuple[str, str, str]:
    """Title, tab and words; without a tab all are words."""
    whole = clean(text)
    title, tab, words = whole.partition("\t") if "\t" in whole else ("", "", whole)
    return title.strip(), tab, words.strip()


def _address(package: str, review: str) -> str | None:
    if not package:
        return None
    asked = f"id={quote(package, safe='')}&reviewId={quote(review, safe=':')}"
    return f"https://play.google.com/store/apps/details?{asked}"


def _time(moment: _Moment) -> datetime:
    if not _SECONDS.fullmatch(str(moment.seconds)) or not 0 <= moment.nanos < 10**9:
        raise PayloadError("no time", where="$.comments.lastModified")
    return utc_from_epoch(int(moment.seconds)) + timedelta(microseconds=moment.nanos // 1000)
