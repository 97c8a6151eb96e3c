"""Google Business Profile: reviews of one's own places, and what was answered to them.

Reads: version 4 of the API (https://developers.google.com/my-business/reference/rest/v4) for
    ``accounts``: a place ``accounts/{number}/locations/{number}``, or ``accounts/{number}`` for all
    places of one, which the Business Information API then lists.
Access: by approval of the Google project; GOOGLEBUSINESS_CLIENT_ID, GOOGLEBUSINESS_CLIENT_SECRET
    and GOOGLEBUSINESS_REFRESH_TOKEN of a manager of the places (scope ``business.manage``).
Cannot tell: who wrote (a name at most, none if anonymous), language, likes, the address of a
    review, when an answer was first given (only when it was last changed).
Quirks: newest change first, but an answer does not move its review up: those to older reviews come
    with ``refresh``. A page may be empty and yet not the last. Foreign words come with Google's
    translation before or after them: the original is kept. Stars may stand alone. An answer that
    waits for approval or was rejected (``reviewReplyState``) is not public. The link to the place
    is another API's. Reviews of places that are not one's own are not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.google_refusal import refused
from connectors.google_reviews import TOKENS, as_they_are, by_review
from connectors.googlebusiness_review import answer_post, review_post
from connectors.paging import decode, follow, is_older, once, understand, unless_refused
from connectors.reviews import halves
from pipeline.errors import ConfigError, LuisterError, PayloadError, SecretError
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

_SECRETS: Final = (
    "GOOGLEBUSINESS_CLIENT_ID",
    "GOOGLEBUSINESS_CLIENT_SECRET",
    "GOOGLEBUSINESS_REFRESH_TOKEN",
)
ACCESS: Final = Access(
    kind="approval",
    requests=240,
    seconds=60.0,
    secrets=_SECRETS,
    needs={"inbox": _SECRETS, "refresh": _SECRETS},
)
API: Final = "https://mybusiness.googleapis.com/v4"
PLACES: Final = "https://mybusinessbusinessinformation.googleapis.com/v1"
PAGE: Final = 50
PLACES_PAGE: Final = 100
LATE: Final = timedelta(days=1)
_LIST: Final = frozenset({"reviews", "averageRating", "totalReviewCount", "nextPageToken"})
_NO_POSTS: Final = frozenset(
    {"access_token", "accounts", "locations", "totalSize", "message", "comment"}
)
Query = dict[str, str | int]


class _Token(msgspec.Struct):
    access_token: str


class _Paging(msgspec.Struct, rename="camel"):
    next_page_token: str | None = None


class _List(msgspec.Struct, rename="camel"):
    """A place without reviews has no list of them."""

    reviews: list[msgspec.Raw] | None = None
    total_review_count: int = 0


class _OfPlace(msgspec.Struct):
    review: msgspec.Raw


class _Batch(msgspec.Struct, rename="camel"):
    location_reviews: list[_OfPlace]


class _Place(msgspec.Struct):
    name: str


class _Places(msgspec.Struct):
    """An account without places has no list of them."""

    locations: list[_Place] = []


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """The reviews of the places, the last changed first, and the answers to them."""
    token = _log_in(source, client)
    for place in _places(source, client, token):
        yield from once(understand(_THIS, _pages(client, token, place, since)))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Reviews and answers as they are now, one review at a time.

    One that is not there is gone, as long as its place is there.
    """
    token = _log_in(source, client)
    reviews = [(f"{API}/{name}", some) for name, some in by_review(posts).items()]
    yield from as_they_are(client, token, _THIS, reviews, {"pageSize": 1})


def refusal(reply: Reply) -> LuisterError | None:
    """Google's own words for what is wrong."""
    return refused(reply)


def read(reply: Reply) -> Iterator[Item]:
    """The reviews of one place or many, or the one asked for, each followed by its answer.

    Raises:
        PayloadError: none of these.
    """
    unless_refused(refusal(reply))
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


def to_post(item: Item) -> Post | None:
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


def _places(source: Source, client: Client, token: str) -> Iterator[str]:
    """The places that are named, and all those of an account that is named alone."""
    for account in source.accounts:
        if not account.startswith("accounts/"):
            raise ConfigError(
                f"an account is accounts/NUMBER or accounts/NUMBER/locations/NUMBER,"
                f" not {account!r}",
                where=source.name,
            )
        if "/locations/" in account:
            yield account
            continue
        asked: Query = {"readMask": "name", "pageSize": PLACES_PAGE}
        for reply in _all_pages(client, token, f"{PLACES}/{account}/locations", asked):
            for place in decode(reply.body, _Places).locations:
                yield f"{account}/{place.name}"


def _pages(client: Client, token: str, place: str, since: datetime) -> Iterator[Reply]:
    asked: Query = {"pageSize": PAGE, "orderBy": "updateTime desc"}
    return _all_pages(client, token, f"{API}/{place}/reviews", asked, since)


def _all_pages(
    client: Client, token: str, address: str, query: Query, since: datetime | None = None
) -> Iterator[Reply]:
    """Pages until the last or, of reviews, until one holds nothing but what is old."""

    def fetch(place: str) -> Reply:
        asked = {**query, "pageToken": place} if place else query
        return client.get(address, params=asked, bearer=token)

    def following(reply: Reply, _: str) -> str | None:
        if since is not None and is_older(_changes(reply), since - LATE):
            return None
        return decode(reply.body, _Paging).next_page_token

    return follow("", fetch, following)


def _changes(reply: Reply) -> list[datetime | None]:
    """When the reviews of a page were last changed."""
    found = [each for each in understand(_THIS, [reply]) if isinstance(each, Post)]
    return [each.edited_at or each.created_at for each in found if each.kind == "review"]


def _log_in(source: Source, client: Client) -> str:
    """A token for an hour.

    Raises:
        SecretError: a secret is not given.
    """
    found = [client.secret(name) or "" for name in _SECRETS]
    if not all(found):
        raise SecretError(f"Google needs {source.variables(_SECRETS)}", where=source.name)
    form = {
        "grant_type": "refresh_token",
        "client_id": found[0],
        "client_secret": found[1],
        "refresh_token": found[2],
    }
    token = decode(client.post(TOKENS, form=form).body, _Token).access_token
    client.learn(token)
    return token


_THIS: Final[Any] = SimpleNamespace(read=read, to_post=to_post)
