"""A status as API v1.1 and its streams gave it, told in the words of today's API.

Nobody is given this API any more, but files of it are kept: bare statuses, lists, searches and
streams. Read from the samples in the archived documentation of v1.1 (looked up 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Final

import msgspec

from connectors import x_post
from connectors.dates import read_time
from connectors.x_post import (
    Audience,
    Count,
    Entities,
    Given,
    Link,
    Mention,
    Metrics,
    Number,
    Reference,
    Tag,
    User,
    Withheld,
)
from pipeline.errors import PayloadError
from pipeline.post import Post, utc_from_epoch
from pipeline.source import Item

STATUS: Final = {"shape": "status"}
NOTICE: Final = {"shape": "notice"}
SHAPES: Final = frozenset({"status", "notice"})
_NOTICES: Final = frozenset(
    [
        *("delete", "scrub_geo", "limit", "status_withheld", "user_withheld", "disconnect"),
        *("warning", "friends", "friends_str", "event", "control"),
    ]
)
"""What a stream says besides statuses, each the only thing in its message."""
_LISTS: Final = ("statuses", "results")
_Handle = Annotated[str, msgspec.Meta(min_length=1)]


class _Named(msgspec.Struct):
    screen_name: str


class _Hashtag(msgspec.Struct):
    text: str


class _Address(msgspec.Struct):
    url: str | None = None
    expanded_url: str | None = None


class _Entities(msgspec.Struct):
    user_mentions: tuple[_Named, ...] = ()
    hashtags: tuple[_Hashtag, ...] = ()
    urls: tuple[_Address, ...] = ()


class _Longer(msgspec.Struct):
    """All of the words, where the status itself was cut after 140 characters."""

    full_text: str
    entities: _Entities | None = None


class _User(msgspec.Struct):
    """Whoever wrote it; only a number where that was all that was asked for."""

    id_str: Number
    screen_name: _Handle | None = None
    name: str | None = None
    created_at: str | None = None
    followers_count: Count | None = None
    friends_count: Count | None = None
    statuses_count: Count | None = None
    protected: bool | None = None
    withheld_in_countries: tuple[str, ...] | None = None


class _Status(msgspec.Struct):
    """A status; numbers beyond 2**53 are right only as text."""

    id_str: Number
    created_at: str
    user: _User
    text: str | None = None
    full_text: str | None = None
    extended_tweet: _Longer | None = None
    entities: _Entities | None = None
    in_reply_to_status_id_str: Number | None = None
    in_reply_to_user_id_str: Number | None = None
    quoted_status_id_str: Number | None = None
    retweeted_status: _Status | None = None
    favorite_count: Count | None = None
    retweet_count: Count | None = None
    reply_count: Count | None = None
    quote_count: Count | None = None
    lang: str | None = None
    withheld_copyright: bool | None = None
    withheld_in_countries: tuple[str, ...] | None = None

    @property
    def longest(self) -> tuple[str, _Entities]:
        """The words and what is marked in them."""
        if self.extended_tweet is not None:
            longer = self.extended_tweet
            return longer.full_text, longer.entities or self.entities or _Entities()
        words = self.full_text if self.full_text is not None else self.text
        if words is None:
            raise PayloadError("Object missing required field `text`", where="$")
        return words, self.entities or _Entities()


class _Gone(msgspec.Struct):
    id_str: Number


class _Deleted(msgspec.Struct):
    status: _Gone
    timestamp_ms: str | int | None = None


class _WithheldNow(msgspec.Struct):
    id: str | int


class _Notice(msgspec.Struct):
    delete: _Deleted | None = None
    status_withheld: _WithheldNow | None = None


def is_status(fields: Mapping[str, object]) -> bool:
    """Whether an object with these keys is a status of v1.1: there its author stands inside it."""
    return "id_str" in fields and "user" in fields


def is_notice(fields: Mapping[str, object]) -> bool:
    """Whether it is what a stream says besides statuses."""
    return len(fields) == 1 and fields.keys() <= _NOTICES


def list_in(fields: Mapping[str, object]) -> str | None:
    """The name of the list of statuses in a search, or None."""
    return next((name for name in _LISTS if name in fields), None)


def to_post(item: Item) -> Post | None:
    """A status, or what is left of one that was deleted; None for other notices.

    Raises:
        PayloadError: a status without words, or at no time.
    """
    if item.context.get("shape") == "notice":
        return _notice(item)
    status = msgspec.json.decode(item.raw, type=_Status)
    read_at = item.observed_at
    return x_post.post_of(_given(status, read_at), _author(status.user, read_at), item)


def _notice(item: Item) -> Post | None:
    told = msgspec.json.decode(item.raw, type=_Notice)
    if told.delete is not None:
        return x_post.tombstone(told.delete.status.id_str, _deleted_at(told.delete), item)
    if told.status_withheld is not None:
        return x_post.tombstone(str(told.status_withheld.id), None, item)
    return None


def _deleted_at(told: _Deleted) -> datetime | None:
    return utc_from_epoch(int(told.timestamp_ms) / 1000) if told.timestamp_ms else None


def _given(status: _Status, read_at: datetime) -> Given:
    """The same status as today's API would give it."""
    words, marked = status.longest
    metrics = Metrics(
        like_count=status.favorite_count,
        reply_count=status.reply_count,
        quote_count=status.quote_count,
        retweet_count=status.retweet_count,
    )
    return Given(
        id=status.id_str,
        text=words,
        created_at=_time(status.created_at, "$.created_at", read_at),
        author_id=status.user.id_str,
        in_reply_to_user_id=status.in_reply_to_user_id_str,
        conversation_id=None if status.in_reply_to_status_id_str else status.id_str,
        entities=_entities(marked),
        lang=status.lang,
        public_metrics=metrics,
        withheld=_withheld(status.withheld_in_countries, status.withheld_copyright),
        referenced_tweets=tuple(_references(status)),
    )


def _references(status: _Status) -> Iterator[Reference]:
    repeated = status.retweeted_status
    if repeated is not None:
        words, marked = repeated.longest
        yield Reference(
            type="retweeted",
            id=repeated.id_str,
            text=words,
            entities=_entities(marked),
            lang=repeated.lang,
        )
    if status.in_reply_to_status_id_str:
        yield Reference(type="replied_to", id=status.in_reply_to_status_id_str)
    if status.quoted_status_id_str and repeated is None:
        yield Reference(type="quoted", id=status.quoted_status_id_str)


def _entities(marked: _Entities) -> Entities:
    return Entities(
        mentions=tuple(Mention(username=each.screen_name) for each in marked.user_mentions),
        hashtags=tuple(Tag(tag=each.text) for each in marked.hashtags),
        urls=tuple(Link(url=each.url, expanded_url=each.expanded_url) for each in marked.urls),
    )


def _author(user: _User, read_at: datetime) -> User | None:
    if user.screen_name is None:
        return None
    born = user.created_at
    audience = Audience(
        followers_count=user.followers_count,
        following_count=user.friends_count,
        tweet_count=user.statuses_count,
    )
    return User(
        username=user.screen_name,
        name=user.name,
        created_at=_time(born, "$.user.created_at", read_at) if born else None,
        public_metrics=audience,
        protected=bool(user.protected),
        withheld=_withheld(user.withheld_in_countries, None),
    )


def _withheld(countries: tuple[str, ...] | None, is_copyright: bool | None) -> Withheld:
    return Withheld(copyright=bool(is_copyright), country_codes=countries or ())


def _time(text: str, where: str, read_at: datetime) -> datetime:
    """``Wed Oct 10 20:19:24 +0000 2018``."""
    found = read_time(text, read_at)
    if found is None:
        raise PayloadError(f"no time: {text[:40]!r}", where=where)
    return found
