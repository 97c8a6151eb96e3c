"""Google Play: reviews of one's own apps, and what was answered to them.

Reads: the Play Developer API (https://developers.google.com/android-publisher, ``reviews``) for
    ``accounts``, the names of packages such as ``nl.acme.app``.
Access: GOOGLEPLAY_SERVICE_ACCOUNT, the JSON key of a service account that may see the app in the
    Play Console and reply to reviews; or GOOGLEPLAY_SERVICE_ACCOUNT_FILE, where that lies. Only
    one's own apps: the package of another company is refused.
Cannot tell: who wrote (a name at most), the first time of a review that was changed (only the last
    is given), the language (that of the device is told, not that of the words), stars given
    without words.
Quirks: only what was written or changed in the last week is listed, so ask every night; a gap is
    told when more is asked for than two weeks, one being what a night reads anew. Title and words
    stand in one text, a tab between; an answer stands inside its review. 200 requests an hour are
    said to be granted (unverified, 2026-11), so a night refreshes no more than sixty reviews.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote, urlsplit

import msgspec

from connectors.google_refusal import refused
from connectors.google_reviews import TOKENS, as_they_are, by_review
from connectors.googleplay_review import answer_post, review_post
from connectors.googleplay_token import make_assertion
from connectors.paging import decode, follow, is_older, once, times_of, understand, unless_refused
from connectors.reviews import halves
from pipeline.errors import LuisterError, PayloadError, SecretError
from pipeline.post import Gap, Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

_SECRETS: Final = ("GOOGLEPLAY_SERVICE_ACCOUNT",)
ACCESS: Final = Access(
    kind="key",
    requests=10,
    seconds=180.0,
    secrets=_SECRETS,
    needs={"inbox": _SECRETS, "refresh": _SECRETS},
)
API: Final = "https://androidpublisher.googleapis.com"
PAGE: Final = 100
REFRESHES: Final = 60
WEEK: Final = timedelta(days=7)
LATE: Final = timedelta(days=1)
_LIST: Final = frozenset({"reviews", "tokenPagination", "pageInfo"})
_NO_POSTS: Final = frozenset({"access_token", "result", "message"})


class _Token(msgspec.Struct):
    access_token: str


class _Paging(msgspec.Struct, rename="camel"):
    next_page_token: str | None = None


class _List(msgspec.Struct, rename="camel"):
    """A list without reviews is an empty object, and the last page names no next one."""

    reviews: list[msgspec.Raw] = []
    token_pagination: _Paging = msgspec.field(default_factory=_Paging)


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """The reviews of the last week and the answers to them."""
    token = _log_in(source, client)
    for package in source.accounts:
        replies = list(_pages(source, client, token, package, since))
        yield from once(understand(_THIS, replies))
        first = replies[0].observed_at - WEEK
        if since < first - WEEK:
            yield Gap(
                gap_from=since, gap_to=first, reason="Google Play lists the reviews of a week"
            )


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Reviews and answers as they are now, one review at a time.

    One that is not there is gone, as long as its app is there.
    """
    token = _log_in(source, client)
    by_package: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        by_package[(post.native_id or "").partition("/")[0]].append(post)
    reviews = [
        (f"{_address(source, package)}/{quote(name, safe='')}", some)
        for package, own in by_package.items()
        if package in source.accounts
        for name, some in by_review(own).items()
    ]
    yield from as_they_are(client, token, _THIS, reviews[:REFRESHES], {"maxResults": 1})


def refusal(reply: Reply) -> LuisterError | None:
    """Google's own words for what is wrong: limits are told with 403 as well as 429."""
    return refused(reply)


def read(reply: Reply) -> Iterator[Item]:
    """The reviews of a list, or the one asked for, each followed by the answer to it.

    Raises:
        PayloadError: none of these.
    """
    unless_refused(refusal(reply))
    answer = decode(reply.body, dict[str, msgspec.Raw])
    if "reviewId" in answer:
        yield from _both(reply.body.strip(), "$", reply)
    elif answer.keys() <= _LIST:
        for index, raw in enumerate(decode(reply.body, _List).reviews):
            yield from _both(bytes(raw), f"$.reviews[{index}]", reply)
    elif not _NO_POSTS & answer.keys():
        raise PayloadError("neither reviews nor a review", where="$")


def to_post(item: Item) -> Post | None:
    """A review, or the answer that stands in it; None where nothing was answered."""
    return answer_post(item) if item.context["part"] == "answer" else review_post(item)


def _both(raw: bytes, path: str, reply: Reply) -> Iterator[Item]:
    yield from halves(raw, path, reply, b'"developerComment"', {"package": _package(reply.url)})


def _package(address: str) -> str:
    """The package is told by the address only: ``…/applications/nl.acme.app/reviews``."""
    _, _, rest = urlsplit(address).path.partition("/applications/")
    return unquote(rest.partition("/")[0])


def _pages(
    source: Source, client: Client, token: str, package: str, since: datetime
) -> Iterator[Reply]:
    """Pages until the last, or until one holds nothing but what is old."""

    def fetch(place: str) -> Reply:
        asked: dict[str, str | int] = {"maxResults": PAGE}
        if place:
            asked["token"] = place
        return client.get(_address(source, package), params=asked, bearer=token)

    def following(reply: Reply, _: str) -> str | None:
        if is_older(times_of(understand(_THIS, [reply])), since - LATE):
            return None
        return decode(reply.body, _List).token_pagination.next_page_token

    return follow("", fetch, following)


def _address(source: Source, package: str) -> str:
    server = source.server or API
    return f"{server}/androidpublisher/v3/applications/{quote(package, safe='')}/reviews"


def _log_in(source: Source, client: Client) -> str:
    """A token for an hour, in exchange for a claim signed with the service account's key.

    Raises:
        SecretError: the secret is not given, or is no key of a service account.
    """
    key = client.secret(_SECRETS[0])
    if key is None:
        raise SecretError(f"Google Play needs {source.variables(_SECRETS)}", where=source.name)
    assertion = make_assertion(key, datetime.now(UTC))
    client.learn(assertion)
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
    token = decode(client.post(TOKENS, form=form).body, _Token).access_token
    client.learn(token)
    return token


_THIS: Final[Any] = SimpleNamespace(read=read, to_post=to_post)
