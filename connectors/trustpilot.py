"""Trustpilot: reviews of companies, and what the companies answered.

Reads: the public API (https://developers.trustpilot.com, business units and service reviews) for
    ``accounts``, the domains that the companies have there (``acme.nl``), one's own or not; with
    ``source.language`` only reviews in that language. Bodies of webhooks are understood too.
Access: TRUSTPILOT_API_KEY, of the paid API module: 200,000 calls a year in the smallest; a budget
    in luister.toml keeps to what is paid for.
Cannot tell: views, who found a review unhelpful, when an answer was changed; the private part
    (mail addresses, orders) is neither asked for nor read.
Quirks: newest first by their first time, so a review that was revised does not move up: it comes
    with ``refresh``, as do late answers. Reviews that were archived or are under investigation are
    not public. Some times name no zone and are UTC. Kept reviews must be read anew every day, says
    Trustpilot. No reply could be recorded: the shapes are those that tools for taking the data out
    know. How deep pages go (here 1,000 are read, then a gap is told), the words of ``status`` and
    those of webhooks are unverified (2026-11).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec

from connectors.paging import decode, follow, is_older, once, settled, understand, unless_refused
from connectors.reviews import halves
from connectors.trustpilot_review import answer_post, deleted_post, refused, review_post
from pipeline.errors import LuisterError, PayloadError, SecretError, SourceGone
from pipeline.post import Gap, Post, Read
from pipeline.source import Access, Item, Quota, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

_SECRETS: Final = ("TRUSTPILOT_API_KEY",)
ACCESS: Final = Access(
    kind="key",
    requests=160,
    seconds=60.0,
    secrets=_SECRETS,
    needs={"inbox": _SECRETS, "refresh": _SECRETS},
    quotas={"calls": Quota(seconds=30 * 86_400.0)},
    narrows={"inbox": {"language": ""}},
)
API: Final = "https://api.trustpilot.com/v1"
PAGE: Final = 100
LAST_PAGE: Final = 1_000
LATE: Final = timedelta(days=1)
_GONE: Final = (404, 410)
_NO_POSTS: Final = frozenset(
    {"businessUnits", "access_token", "displayName", "identifyingName", "numberOfReviews"}
)
_DELETED: Final = "-deleted"


class _Unit(msgspec.Struct):
    id: str


class _Event(msgspec.Struct, rename="camel"):
    event_name: str
    event_data: msgspec.Raw


class _Events(msgspec.Struct):
    events: list[_Event]


class _List(msgspec.Struct):
    reviews: list[msgspec.Raw]


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """The reviews of the companies, newest first, and the answers to them."""
    for domain in source.accounts:
        found = _get(source, client, "business-units/find", {"name": domain})
        unit = decode(found.body, _Unit).id
        yield from once(_reviews(source, client, unit, since))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Reviews and answers as they are now, one review at a time; who is not there is gone."""
    reviews: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        reviews[post.root_id or post.post_id].append(post)
    for name, some in reviews.items():
        reply = _get(source, client, f"reviews/{quote(name, safe='')}", {}, expect=_GONE)
        if reply.status in _GONE:
            _check_words(reply)
        reads = [] if reply.status in _GONE else list(understand(_THIS, [reply]))
        yield from settled(some, reads, reply)


def refusal(reply: Reply) -> LuisterError | None:
    """The words of Trustpilot, or of the gate before it, for what is wrong."""
    return refused(reply)


def spent(reply: Reply) -> Mapping[str, int]:
    """Every answer counts against the calls of the year, but not those of the gate before it."""
    return {} if reply.status in {401, 429, 503} else {"calls": 1}


def read(reply: Reply) -> Iterator[Item]:
    """The reviews of a list or of webhooks, or the one asked for, each followed by its answer.

    Raises:
        PayloadError: none of these.
    """
    unless_refused(refusal(reply))
    answer = decode(reply.body, dict[str, msgspec.Raw])
    if "reviews" in answer:
        for index, raw in enumerate(decode(reply.body, _List).reviews):
            yield from _both(bytes(raw), f"$.reviews[{index}]", reply)
    elif "events" in answer:
        for index, event in enumerate(decode(reply.body, _Events).events):
            path = f"$.events[{index}].eventData"
            if event.event_name.endswith(_DELETED):
                yield from _part(bytes(event.event_data), path, reply, "deleted")
            elif event.event_name.startswith("service-review-"):
                yield from _both(bytes(event.event_data), path, reply)
    elif "stars" in answer:
        yield from _both(reply.body.strip(), "$", reply)
    elif not _NO_POSTS & answer.keys():
        raise PayloadError("neither reviews nor a review", where="$")


def to_post(item: Item) -> Post | None:
    """A review, or the answer that stands in it; None where nothing was answered."""
    part = item.context["part"]
    if part == "deleted":
        return deleted_post(item)
    return answer_post(item) if part == "answer" else review_post(item)


def _both(raw: bytes, path: str, reply: Reply) -> Iterator[Item]:
    yield from halves(raw, path, reply, b'"companyReply"')


def _part(raw: bytes, path: str, reply: Reply, part: str) -> Iterator[Item]:
    yield Item(raw=raw, path=path, observed_at=reply.observed_at, context={"part": part})


def _reviews(source: Source, client: Client, unit: str, since: datetime) -> Iterator[Read]:
    oldest: datetime | None = None
    pages = 0
    for reply in _pages(source, client, unit, since):
        pages += 1
        for each in understand(_THIS, [reply]):
            if isinstance(each, Post) and each.kind == "review" and each.created_at:
                oldest = min(oldest or each.created_at, each.created_at)
            yield each
    if pages >= LAST_PAGE and oldest is not None and oldest > since:
        yield Gap(gap_from=since, gap_to=oldest, reason=f"no more than {LAST_PAGE} pages are read")


def _pages(source: Source, client: Client, unit: str, since: datetime) -> Iterator[Reply]:
    """Pages until one is empty or holds nothing but what is old."""
    asked: dict[str, str | int] = {"perPage": PAGE, "orderBy": "createdat.desc"}
    if source.language:
        asked["language"] = source.language

    def fetch(page: int) -> Reply:
        path = f"business-units/{quote(unit, safe='')}/reviews"
        return _get(source, client, path, {**asked, "page": page})

    def following(reply: Reply, page: int) -> int | None:
        if page >= LAST_PAGE or not decode(reply.body, _List).reviews:
            return None
        found = [each for each in understand(_THIS, [reply]) if isinstance(each, Post)]
        times = [each.created_at for each in found if each.kind == "review"]
        return None if is_older(times, since - LATE) else page + 1

    return follow(1, fetch, following)


def _check_words(reply: Reply) -> None:
    """Nothing is gone because an address of the API is.

    Raises:
        LuisterError: a page says so, or the gate before Trustpilot.
    """
    told = refused(reply)
    if told is not None and not isinstance(told, SourceGone):
        raise told
    if reply.body.lstrip().startswith(b"<"):
        raise PayloadError(f"{reply.status}, but no word of a review", where=reply.url)


def _get(
    source: Source,
    client: Client,
    path: str,
    query: Mapping[str, str | int],
    expect: tuple[int, ...] = (),
) -> Reply:
    key = client.secret(_SECRETS[0])
    if key is None:
        raise SecretError(f"Trustpilot needs {source.variables(_SECRETS)}", where=source.name)
    address = f"{source.server or API}/{path}"
    return client.get(address, params=query, headers={"apikey": key}, expect=expect)


_THIS: Final[Any] = SimpleNamespace(read=read, to_post=to_post)
