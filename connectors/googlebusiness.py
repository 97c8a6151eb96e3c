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
from datetime import datetime
from typing import TYPE_CHECKING, Final

from connectors import googlebusiness_ask as ask
from connectors.google_refusal import refused
from connectors.google_reviews import as_they_are, by_review
from connectors.googlebusiness_reply import THIS, cut, post_in
from connectors.paging import of_accounts, once, understand
from pipeline.errors import LuisterError
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="approval",
    requests=240,
    seconds=60.0,
    secrets=ask.SECRETS,
    needs={"inbox": ask.SECRETS, "refresh": ask.SECRETS},
)


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """The reviews of the places, the last changed first, and the answers to them."""
    token = ask.log_in(source, client)

    def reviews(place: str) -> Iterator[Read]:
        return once(understand(THIS, ask.pages(client, token, place, since)))

    def all_reviews(account: str) -> Iterator[Read]:
        places = ask.places(source, client, token, account)
        return reviews(account) if places is None else of_accounts(places, reviews)

    yield from of_accounts(source.accounts, all_reviews)


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Reviews and answers as they are now, one review at a time.

    One that is not there is gone, as long as its place is there.
    """
    token = ask.log_in(source, client)
    reviews = [(f"{ask.API}/{name}", some) for name, some in by_review(posts).items()]
    yield from as_they_are(client, token, THIS, reviews, {"pageSize": 1})


def refusal(reply: Reply) -> LuisterError | None:
    """Google's own words for what is wrong."""
    return refused(reply)


def read(reply: Reply) -> Iterator[Item]:
    """The reviews of one place or many, or the one asked for, each followed by its answer.

    Raises:
        PayloadError: none of these.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A review, or the answer that stands in it; None where nothing was answered."""
    return post_in(item)
