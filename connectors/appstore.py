"""Apple's App Store: reviews of apps, and what their makers answered.

Reads: the public list of customer reviews of ``accounts`` (numbers of apps, own or not) in the
    stores of ``options.countries`` (default ``nl`` and ``be``); with ``options.api = "connect"``
    the App Store Connect API (https://developer.apple.com/documentation/appstoreconnectapi), which
    has all reviews of one's own apps, from all countries, with the answers.
Access: open; App Store Connect needs APPSTORE_ISSUER_ID, APPSTORE_KEY_ID and APPSTORE_PRIVATE_KEY
    (the text of the .p8 file) of a key with the role Customer Support. Read an app in one of the
    two ways only: they name the same review differently.
Cannot tell: language; the first time of a review that was changed (only the last is given); without
    App Store Connect the answers; with it who wrote (a nickname only) and votes.
Quirks: a store lists its newest 500 reviews (a gap is told) and sometimes, in one form of the
    address or in both, none at all: the other form is tried, and where no country lists any review
    of an app that has ratings, or that no country knows, a gap is told. A list of one is an object;
    old lists begin with the app itself and give no times. Deleted reviews just vanish: ``refresh``
    calls gone only what two readings of the list lack although older ones are there. App Store
    Connect was not seen at work (2026-11: only its documentation was read).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from connectors.appstore_list import cut_answer, last_page, next_page, ratings, refused, told_rest
from connectors.appstore_review import post_of
from connectors.appstore_token import make_token
from connectors.paging import follow, once, tombstone, understand
from pipeline.errors import ConfigError, LuisterError
from pipeline.post import Gap, Post, Read, Rejected
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

_SECRETS: Final = ("APPSTORE_ISSUER_ID", "APPSTORE_KEY_ID", "APPSTORE_PRIVATE_KEY")
ACCESS: Final = Access(kind="open", requests=1, seconds=1.0, secrets=_SECRETS)
CONNECT: Final = "https://api.appstoreconnect.apple.com"
STORE: Final = "https://itunes.apple.com"
_FORMS: Final = (
    "rss/customerreviews/page={page}/id={app}/sortby=mostrecent/json",
    "rss/customerreviews/id={app}/sortBy=mostRecent/page={page}/json",
)
COUNTRIES: Final = ("nl", "be")
LAST_PAGE: Final = 10
LATE: Final = timedelta(days=1)
_COUNTRY: Final = re.compile(r"[a-z]{2}")
_GONE: Final = (404,)
_Place = tuple[int, int]
"""Which form of the address, and which page."""


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """The reviews of the apps and, from App Store Connect, the answers to them."""
    for app in source.accounts:
        if _is_connect(source):
            yield from once(understand(_THIS, _connect_pages(source, client, app, since)))
        else:
            yield from _all_stores(source, client, app, since)


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Reviews and answers as they are now, and which of them are gone."""
    if _is_connect(source):
        yield from _refresh_connect(source, client, posts)
        return
    lists: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        place, _, _ = (post.native_id or "").rpartition("/")
        if post.created_at is not None and place.count("/") == 1:
            lists[place].append(post)
    for place, some in lists.items():
        yield from _refresh_store(source, client, place, some)


def refusal(reply: Reply) -> LuisterError | None:
    """The words of App Store Connect for what is wrong."""
    return refused(reply)


def pause(reply: Reply) -> float | None:
    """App Store Connect tells how much of the hour is left (``user-hour-rem``)."""
    rest = told_rest(reply.headers.get("x-rate-limit", ""))
    return 600.0 if rest == 0 else None


def read(reply: Reply) -> Iterator[Item]:
    """The reviews of a list of the store (JSON or Atom) or of App Store Connect, with the answers.

    Apps, and the answers of a lookup, hold none.

    Raises:
        PayloadError: none of these.
    """
    told = refusal(reply)
    if told is not None:
        raise told
    yield from cut_answer(reply)


def to_post(item: Item) -> Post | None:
    """A review or an answer; None for the app that stands in front of its reviews."""
    return post_of(item)


def _is_connect(source: Source) -> bool:
    """Whether the source asks App Store Connect.

    Raises:
        ConfigError: there is no way to read of that name.
    """
    way = source.options.get("api", "store")
    if way not in {"store", "connect"}:
        raise ConfigError(f'options.api is "store" or "connect", not {way!r}', where=source.name)
    return bool(way == "connect")


# The public lists


def _all_stores(source: Source, client: Client, app: str, since: datetime) -> Iterator[Read]:
    is_empty = True
    for country in _countries(source):
        replies = list(_store_pages(source, client, f"{country}/{app}", since))
        reads = list(once(understand(_THIS, replies)))
        yield from reads
        oldest = _oldest(reads)
        pages = sum(1 for reply in replies if list(read(reply)))
        if pages >= LAST_PAGE and oldest is not None and oldest > since:
            yield Gap(gap_from=since, gap_to=oldest, reason="a store lists the newest 500 reviews")
        is_empty = is_empty and not reads
    if is_empty and since < datetime.now(UTC):
        yield from _silence(source, client, app, since)


def _silence(source: Source, client: Client, app: str, since: datetime) -> Iterator[Gap]:
    """A gap where there should be reviews: the lists are sometimes empty for no reason."""
    found: list[int | None] = []
    now = datetime.now(UTC)
    for country in _countries(source):
        query = {"id": app, "country": country}
        found += ratings(client.get(f"{source.server or STORE}/lookup", params=query))
    if not found:
        yield Gap(gap_from=since, gap_to=now, reason=f"no store has app {app}")
    elif any(count != 0 for count in found):
        reason = f"no store lists a review of app {app}, though it has ratings"
        yield Gap(gap_from=since, gap_to=now, reason=reason)


def _countries(source: Source) -> Sequence[str]:
    given = source.options.get("countries", COUNTRIES)
    if not isinstance(given, list | tuple) or not all(
        isinstance(each, str) and _COUNTRY.fullmatch(each) for each in given
    ):
        raise ConfigError('options.countries is a list like ["nl", "be"]', where=source.name)
    return given


def _store_pages(
    source: Source, client: Client, place: str, since: datetime | None
) -> Iterator[Reply]:
    country, _, app = place.partition("/")

    def fetch(asked: _Place) -> Reply:
        path = _FORMS[asked[0]].format(app=app, page=asked[1])
        return client.get(f"{source.server or STORE}/{country}/{path}")

    def following(reply: Reply, asked: _Place) -> _Place | None:
        form, page = asked
        if not list(read(reply)):
            return (form + 1, 1) if page == 1 and form + 1 < len(_FORMS) else None
        is_last = page >= min(last_page(reply) or LAST_PAGE, LAST_PAGE)
        return None if is_last or _is_old(reply, since) else (form, page + 1)

    return follow((0, 1), fetch, following)


def _refresh_store(
    source: Source, client: Client, place: str, posts: Sequence[Post]
) -> Iterator[Read]:
    """The list as it is now; what it lacks is gone if a second reading lacks it too.

    While one reads, pages may move, so that one reading alone misses what is there.
    """
    oldest = min(post.created_at for post in posts if post.created_at is not None)
    missing = list(posts)
    for is_second in (False, True):
        replies = list(_store_pages(source, client, place, oldest))
        reads = list(once(understand(_THIS, replies)))
        if not is_second:
            yield from reads
        missing = _lacking(reads, missing)
        if not missing:
            return
    yield from (tombstone(post, replies[-1]) for post in missing)


def _lacking(reads: Sequence[Read], posts: Sequence[Post]) -> list[Post]:
    """The posts that should be in the list, being newer than its end, and are not."""
    oldest = _oldest(reads)
    if oldest is None or any(isinstance(each, Rejected) for each in reads):
        return []
    here = {each.post_id for each in reads if isinstance(each, Post)}
    return [
        post
        for post in posts
        if post.post_id not in here and post.created_at is not None and post.created_at > oldest
    ]


def _oldest(reads: Sequence[Read]) -> datetime | None:
    times = [each.created_at for each in reads if isinstance(each, Post)]
    return min((each for each in times if each is not None), default=None)


def _is_old(reply: Reply, since: datetime | None) -> bool:
    """Whether all reviews are old; one without a time is not, nor one that is not understood."""
    if since is None:
        return False
    reads = list(understand(_THIS, [reply]))
    reviews = [each for each in reads if isinstance(each, Post) and each.kind == "review"]
    return bool(reviews) and all(
        each.created_at is not None and each.created_at < since - LATE for each in reviews
    )


# App Store Connect


def _connect_pages(source: Source, client: Client, app: str, since: datetime) -> Iterator[Reply]:
    token = _token(source, client)
    asked: Mapping[str, str | int] = {"sort": "-createdDate", "limit": 200, "include": "response"}

    def fetch(cursor: str) -> Reply:
        place = {"cursor": cursor} if cursor else {}
        address = f"{source.server or CONNECT}/v1/apps/{app}/customerReviews"
        return client.get(address, params={**asked, **place}, bearer=token)

    def following(reply: Reply, _: str) -> str | None:
        address = next_page(reply)
        cursors = parse_qs(urlsplit(address).query).get("cursor") if address else None
        return cursors[0] if cursors and not _is_old(reply, since) else None

    return follow("", fetch, following)


def _refresh_connect(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    token = _token(source, client)
    reviews: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        reviews[post.root_id or post.post_id].append(post)
    for review, some in reviews.items():
        address = f"{source.server or CONNECT}/v1/customerReviews/{review}"
        reply = client.get(address, params={"include": "response"}, bearer=token, expect=_GONE)
        app, _, _ = (some[0].native_id or "").partition("/")
        reads = [] if reply.status in _GONE else list(_of_app(reply, app))
        yield from reads
        if any(isinstance(each, Rejected) for each in reads):
            continue
        here = {each.post_id for each in reads if isinstance(each, Post)}
        yield from (tombstone(post, reply) for post in some if post.post_id not in here)


def _of_app(reply: Reply, app: str) -> Iterator[Read]:
    """One review asked for by its name does not say of which app it is."""
    found = [
        msgspec.structs.replace(item, context={**item.context, "app": app}) for item in read(reply)
    ]
    known: Any = SimpleNamespace(read=lambda _: found, to_post=to_post)
    return understand(known, [reply])


def _token(source: Source, client: Client) -> str:
    """A token of our own making, good for twenty minutes.

    Raises:
        ConfigError: a secret is not given, or the key is none.
    """
    found = [client.secret(name) or "" for name in _SECRETS]
    if not all(found):
        raise ConfigError(f"App Store Connect needs {', '.join(_SECRETS)}", where=source.name)
    issuer, key_id, key = found
    token = make_token(issuer=issuer, key_id=key_id, key=key, now=datetime.now(UTC))
    client.learn(token)
    return token


_THIS: Final[Any] = SimpleNamespace(read=read, to_post=to_post)
