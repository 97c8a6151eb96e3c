"""App Store Connect: all reviews of one's own apps, with the answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from connectors.appstore_list import READER, is_old, next_page, read_answer, refused
from connectors.appstore_review import post_of
from connectors.appstore_token import make_token
from connectors.paging import follow, once, settled, understand
from pipeline.errors import PayloadError, SecretError, SourceGone
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

SECRETS: Final = ("APPSTORE_ISSUER_ID", "APPSTORE_KEY_ID", "APPSTORE_PRIVATE_KEY")
CONNECT: Final = "https://api.appstoreconnect.apple.com"
REFRESHES: Final = 900
"""In one night, at one a second."""

RENEWED: Final = 300
"""So many requests are made with one token, which is good for twenty minutes."""

_GONE: Final = (404,)


def from_connect(source: Source, client: Client, app: str, since: datetime) -> Iterator[Read]:
    """The reviews of an app, newest first, and the answers to them."""
    yield from once(understand(READER, _pages(source, client, app, since)))


def _pages(source: Source, client: Client, app: str, since: datetime) -> Iterator[Reply]:
    token = _token(source, client)
    asked: Mapping[str, str | int] = {"sort": "-createdDate", "limit": 200, "include": "response"}

    def fetch(cursor: str) -> Reply:
        place = {"cursor": cursor} if cursor else {}
        return client.get(_listed(source, app), params={**asked, **place}, bearer=token)

    def following(reply: Reply, _: str) -> str | None:
        address = next_page(reply)
        cursors = parse_qs(urlsplit(address).query).get("cursor") if address else None
        return cursors[0] if cursors and not is_old(reply, since) else None

    return follow("", fetch, following)


def refresh_connect(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Reviews and answers as they are now, one review at a time.

    One that is not there is gone, as long as its app is there.
    """
    token = ""
    there: set[str] = set()
    reviews: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        reviews[post.root_id or post.post_id].append(post)
    for count, (review, some) in enumerate(list(reviews.items())[:REFRESHES]):
        if count % RENEWED == 0:
            token = _token(source, client)
        address = f"{source.server or CONNECT}/v1/customerReviews/{review}"
        reply = client.get(address, params={"include": "response"}, bearer=token, expect=_GONE)
        app, _, _ = (some[0].native_id or "").partition("/")
        if reply.status in _GONE:
            _check_words(reply)
            if app not in there:
                client.get(_listed(source, app), params={"limit": 1}, bearer=token)
                there.add(app)
        reads = [] if reply.status in _GONE else list(_of_app(reply, app))
        yield from settled(some, reads, reply)


def _listed(source: Source, app: str) -> str:
    return f"{source.server or CONNECT}/v1/apps/{app}/customerReviews"


def _check_words(reply: Reply) -> None:
    """Nothing is gone because an address of the API is.

    Raises:
        PayloadError: these are not Apple's words for what is not there.
    """
    if not isinstance(refused(reply), SourceGone):
        raise PayloadError("404, but no word of a review", where=reply.url)


def _of_app(reply: Reply, app: str) -> Iterator[Read]:
    """One review asked for by its name does not say of which app it is."""
    found = [
        msgspec.structs.replace(item, context={**item.context, "app": app})
        for item in read_answer(reply)
    ]
    known: Any = SimpleNamespace(read=lambda _: found, to_post=post_of)
    return understand(known, [reply])


def _token(source: Source, client: Client) -> str:
    """A token of our own making, good for twenty minutes.

    Raises:
        SecretError: a secret is not given, or the key is none.
    """
    found = [client.secret(name) or "" for name in SECRETS]
    if not all(found):
        raise SecretError(f"App Store Connect needs {source.variables(SECRETS)}", where=source.name)
    issuer, key_id, key = found
    token = make_token(issuer=issuer, key_id=key_id, key=key, now=datetime.now(UTC))
    client.learn(token)
    return token
