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

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from connectors.appstore_connect import SECRETS, from_connect, refresh_connect
from connectors.appstore_list import read_answer, refused, told_rest
from connectors.appstore_review import post_of
from connectors.appstore_store import from_stores, refresh_stores
from connectors.paging import of_accounts
from pipeline.errors import ConfigError, LuisterError
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(kind="open", requests=1, seconds=1.0, secrets=SECRETS, lists=("countries",))
REST_SECONDS: Final = 600.0


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """The reviews of the apps and, from App Store Connect, the answers to them."""
    if _is_connect(source):
        mine = partial(from_connect, source, client, since=since)
        yield from of_accounts(source.accounts, mine)
        return
    # that one store lists nothing does not say that the app is gone
    for app in source.accounts:
        yield from from_stores(source, client, app, since)


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Reviews and answers as they are now, and which of them are gone."""
    refresh_some = refresh_connect if _is_connect(source) else refresh_stores
    yield from refresh_some(source, client, posts)


def refusal(reply: Reply) -> LuisterError | None:
    """The words of App Store Connect for what is wrong."""
    return refused(reply)


def pause(reply: Reply) -> float | None:
    """App Store Connect tells how much of the hour is left (``user-hour-rem``)."""
    rest = told_rest(reply.headers.get("x-rate-limit", ""))
    return REST_SECONDS if rest == 0 else None


def read(reply: Reply) -> Iterator[Item]:
    """The reviews of a list of the store (JSON or Atom) or of App Store Connect, with the answers.

    Apps, and the answers of a lookup, hold none.

    Raises:
        PayloadError: none of these.
    """
    yield from read_answer(reply)


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
