"""Understand one review of Trustpilot and the answer in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec

from connectors.dates import in_utc
from connectors.markup import clean
from pipeline.errors import PayloadError
from pipeline.post import Post, Visibility
from pipeline.source import Item

SITE: Final = "https://www.trustpilot.com"
_SHOWN: Final = frozenset({None, "active", "reported", "published"})
Name = Annotated[str, msgspec.Meta(min_length=1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class _Consumer(msgspec.Struct, rename="camel"):
    """Lists say ``displayName``, webhooks ``name``."""

    id: Name
    display_name: str | None = None
    name: str | None = None
    number_of_reviews: Count | None = None


class _Unit(msgspec.Struct, rename="camel"):
    id: Name
    identifying_name: str | None = None
    display_name: str | None = None


class _Report(msgspec.Struct, rename="camel"):
    review_visibility: str | None = None


class _Review(msgspec.Struct, rename="camel"):
    """Webhooks leave out the company; the words may be left out of what is hidden."""

    id: Name
    consumer: _Consumer
    stars: int
    created_at: datetime
    title: str | None = None
    text: str | None = None
    language: str | None = None
    updated_at: datetime | None = None
    business_unit: _Unit | None = None
    number_of_likes: Count | None = None
    status: str | None = None
    report_data: _Report | None = None


class _Answer(msgspec.Struct, rename="camel"):
    text: str
    created_at: datetime
    updated_at: datetime | None = None


class _Answered(msgspec.Struct, rename="camel"):
    """A review without its consumer is set apart itself, its answer need not be."""

    id: Name
    consumer: _Consumer | None = None
    company_reply: _Answer | None = None
    business_unit: _Unit | None = None
    status: str | None = None
    report_data: _Report | None = None


class _Deleted(msgspec.Struct):
    id: Name


def part_post(item: Item) -> Post | None:
    """A review, or the answer that stands in it; None where nothing was answered."""
    part = item.context["part"]
    if part == "deleted":
        return _deleted(item)
    return _answer(item) if part == "answer" else _review(item)


def _review(item: Item) -> Post:
    """A review of a company.

    Raises:
        PayloadError: its stars or its times are none.
    """
    review = msgspec.json.decode(item.raw, type=_Review)
    if review.stars not in range(1, 6):
        raise PayloadError(f"{review.stars} stars", where="$.stars")
    created, updated = (
        in_utc(review.created_at, "$.createdAt", UTC),
        in_utc(review.updated_at, "$.updatedAt", UTC),
    )
    is_gone = review.status == "deleted"
    person = review.consumer
    return Post(
        platform="trustpilot",
        post_id=review.id,
        native_id=review.id,
        kind="review",
        observed_at=item.observed_at,
        created_at=created,
        edited_at=updated if updated and created and updated > created else None,
        deleted_at=item.observed_at if is_gone else None,
        url=f"{SITE}/reviews/{review.id}",
        author_id=person.id,
        author_name=clean(person.display_name or person.name or "") or None,
        author_url=f"{SITE}/users/{person.id}",
        author_posts_count=person.number_of_reviews,
        title=None if is_gone else clean(review.title or "") or None,
        text="" if is_gone else clean(review.text or ""),
        language=review.language or None,
        mentions=_named(review.business_unit),
        likes_count=review.number_of_likes,
        rating=float(review.stars),
        visibility=_visibility(review.status, review.report_data),
        payload=item.raw.decode(),
    )


def _answer(item: Item) -> Post | None:
    """The answer of the company; None where there is none."""
    review = msgspec.json.decode(item.raw, type=_Answered)
    answer, unit = review.company_reply, review.business_unit
    if answer is None or review.status == "deleted":
        return None
    created, updated = (
        in_utc(answer.created_at, "$.createdAt", UTC),
        in_utc(answer.updated_at, "$.updatedAt", UTC),
    )
    return Post(
        platform="trustpilot",
        post_id=f"{review.id}/reply",
        native_id=f"{review.id}/reply",
        kind="reply",
        observed_at=item.observed_at,
        created_at=created,
        edited_at=updated if updated and created and updated > created else None,
        url=f"{SITE}/reviews/{review.id}",
        parent_id=review.id,
        root_id=review.id,
        parent_author_id=review.consumer.id if review.consumer else None,
        author_id=unit.id if unit else None,
        author_handle=unit.identifying_name if unit else None,
        author_name=clean(unit.display_name or "") or None if unit else None,
        text=clean(answer.text),
        visibility=_visibility(review.status, review.report_data),
        payload=item.raw.decode(),
    )


def _deleted(item: Item) -> Post:
    """A review that a webhook tells is gone."""
    name = msgspec.json.decode(item.raw, type=_Deleted).id
    return Post(
        platform="trustpilot",
        post_id=name,
        native_id=name,
        kind="review",
        observed_at=item.observed_at,
        deleted_at=item.observed_at,
        payload="null",
    )


def _named(unit: _Unit | None) -> tuple[str, ...]:
    """The company by its domain, which is how a source names it."""
    return ((unit.identifying_name or unit.id),) if unit else ()


def _visibility(status: str | None, report: _Report | None) -> Visibility:
    """What was archived, or is hidden while it is looked into, is not for everybody."""
    is_hidden = report is not None and report.review_visibility == "hidden"
    is_shown = status in _SHOWN or status == "deleted"
    return "public" if is_shown and not is_hidden else "withheld"
