"""Cut an answer of Google Business Profile into reviews and the answers inside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any, Final

import msgspec

from connectors.google_refusal import refused
from connectors.googlebusiness_review import answer_post, review_post
from connectors.paging import decode, unless_refused
from connectors.reviews import halves
from pipeline.errors import PayloadError
from pipeline.post import Post
from pipeline.source import Item, Reply

_LIST: Final = frozenset({"reviews", "averageRating", "totalReviewCount", "nextPageToken"})
_NO_POSTS: Final = frozenset(
    {"access_token", "accounts", "locations", "totalSize", "message", "comment"}
)


class _List(msgspec.Struct, rename="camel"):
    """A place without reviews has no list of them."""

    reviews: list[msgspec.Raw] | None = None
    total_review_count: int = 0


class _OfPlace(msgspec.Struct):
    review: msgspec.Raw


class _Batch(msgspec.Struct, rename="camel"):
    location_reviews: list[_OfPlace]


def cut(reply: Reply) -> Iterator[Item]:
    """The reviews of one place or many, or the one asked for, each followed by its answer.

    Raises:
        PayloadError: none of these.
    """
    unless_refused(refused(reply))
    answer = decode(reply.body, dict[str, msgspec.Raw])
    if "reviewId" in answer:
        yield from _both(reply.body.strip(), "$", reply)
    elif "locationReviews" in answer:
        for index, each in enumerate(decode(reply.body, _Batch).location_reviews):
            yield from _both(bytes(each.review), f"$.locationReviews[{index}].review", reply)
    elif answer.keys() <= _LIST:
        for index, raw in enumerate(_listed(reply)):
            yield from _both(bytes(raw), f"$.reviews[{index}]", reply)
    elif not _NO_POSTS & answer.keys():
        raise PayloadError("neither reviews nor a review", where="$")


def post_in(item: Item) -> Post | None:
    """A review, or the answer that stands in it; None where nothing was answered."""
    return answer_post(item) if item.context["part"] == "answer" else review_post(item)


def _listed(reply: Reply) -> Sequence[msgspec.Raw]:
    """The reviews of a page; the first of a place that has some cannot be without."""
    found = decode(reply.body, _List)
    if found.reviews is None and found.total_review_count > 0 and "pageToken=" not in reply.url:
        raise PayloadError(f"{found.total_review_count} reviews, and none is listed", where="$")
    return found.reviews or ()


def _both(raw: bytes, path: str, reply: Reply) -> Iterator[Item]:
    yield from halves(raw, path, reply, b'"reviewReply"')


THIS: Final[Any] = SimpleNamespace(read=cut, to_post=post_in)
