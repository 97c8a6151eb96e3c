"""Understand one post of an archive of X."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from connectors.archives_notes import Note
from connectors.archives_words import count, owned_post, time_of
from connectors.dates import read_time
from connectors.markup import clean, resolve
from connectors.paging import distinct
from connectors.plain_words import TAG
from pipeline.errors import PayloadError
from pipeline.post import Kind, Post
from pipeline.source import Item

_REPOSTED: Final = re.compile(r"RT @(?P<handle>\w+): ")
_STATUS: Final = re.compile(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/\w+/status/(\d+)")
_NO_LANGUAGE: Final = frozenset({"und", "zxx", "qam", "qct", "qht", "qme", "qst"})


class _Mention(msgspec.Struct):
    screen_name: str
    id_str: str | None = None


class _Hashtag(msgspec.Struct):
    text: str


class _Link(msgspec.Struct):
    url: str
    expanded_url: str | None = None


class _Entities(msgspec.Struct):
    user_mentions: tuple[_Mention, ...] = ()
    hashtags: tuple[_Hashtag, ...] = ()
    urls: tuple[_Link, ...] = ()


class _Versions(msgspec.Struct, rename="camel"):
    edit_tweet_ids: tuple[str, ...] = ()


class _Edit(msgspec.Struct, rename="camel"):
    edit_control_initial: _Versions | None = None


class _EditInfo(msgspec.Struct):
    """The first version has ``initial``, the later ones ``edit``."""

    initial: _Versions | None = None
    edit: _Edit | None = None


class _User(msgspec.Struct):
    screen_name: str
    id_str: str | None = None
    name: str | None = None


class _Shared(msgspec.Struct):
    id_str: str


class _Tweet(msgspec.Struct):
    """Until 2018 the words were ``text``, and each post told its writer and what it reposts."""

    id_str: str
    created_at: str
    full_text: str | None = None
    text: str | None = None
    user: _User | None = None
    retweeted_status: _Shared | None = None
    favorite_count: str | int | None = None
    retweet_count: str | int | None = None
    lang: str | None = None
    in_reply_to_status_id_str: str | None = None
    in_reply_to_status_id: str | None = None
    in_reply_to_user_id_str: str | None = None
    entities: _Entities = msgspec.field(default_factory=_Entities)
    edit_info: _EditInfo | None = None
    deleted_at: str | None = None

    @property
    def words(self) -> str:
        return self.full_text or self.text or ""


class _Around(msgspec.Struct):
    tweet: _Tweet


def tweet_post(item: Item) -> Post:
    """A post, reply, quote or repost, or what is left of a deleted one."""
    tweet = _tweet_in(item.raw)
    item = _signed(item, tweet.user)
    is_gone = item.context["kind"] == "deleted tweet"
    given = item.context.get("note")
    note = msgspec.json.decode(given, type=Note) if given else Note(text=tweet.words)
    text = "" if is_gone else clean(html.unescape(note.text))
    pages = _pages(tweet)
    parent = _answered(tweet)
    quoted = _STATUS.match(pages[-1]) if pages and not is_gone else None
    handle = item.context.get("account")
    return owned_post(
        item,
        platform="x",
        post_id=tweet.id_str,
        native_id=tweet.id_str,
        aliases=tuple(each for each in _versions(tweet.edit_info) if each != tweet.id_str),
        kind=_kind(tweet, parent, quoted),
        created_at=time_of(tweet.created_at, item, "$.tweet.created_at"),
        deleted_at=_deleted(tweet, item) if is_gone else None,
        url=f"https://x.com/{handle or 'i'}/status/{tweet.id_str}",
        parent_id=parent,
        parent_author_id=tweet.in_reply_to_user_id_str,
        quoted_id=quoted[1] if quoted else None,
        reposted_id=tweet.retweeted_status.id_str if tweet.retweeted_status else None,
        text=text,
        language=None if tweet.lang in _NO_LANGUAGE else tweet.lang,
        **({} if is_gone else _marked(tweet, note, [*pages, *_addresses(note)])),
        likes_count=count(tweet.favorite_count, "$.tweet.favorite_count"),
        reposts_count=count(tweet.retweet_count, "$.tweet.retweet_count"),
    )


def _pages(tweet: _Tweet) -> list[str]:
    """The addresses in the words; where these were cut X puts the address of the post itself."""
    told = [each.expanded_url or each.url for each in tweet.entities.urls]
    return [each for each in told if not each.endswith(f"/status/{tweet.id_str}")]


def _addresses(note: Note) -> list[str]:
    return [each.expanded_url for each in note.urls if each.expanded_url]


def _marked(tweet: _Tweet, note: Note, pages: list[str]) -> dict[str, Any]:
    """What stands in the words: of a long post only its beginning is marked in the post itself."""
    people: list[str | None] = [each.screen_name for each in tweet.entities.user_mentions]
    people += [each.screen_name for each in note.mentions]
    tags = [each.text for each in tweet.entities.hashtags]
    return {
        "mentions": distinct(filter(None, people)),
        "tags": distinct([*tags, *(TAG.findall(note.text) if note.text != tweet.words else ())]),
        "links": distinct(page for page in pages if resolve(page)),
    }


def _tweet_in(raw: bytes) -> _Tweet:
    """Archives before 2019 had the post without the ``tweet`` around it."""
    is_inside = "tweet" in msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    tweet = msgspec.json.decode(raw, type=_Around).tweet if is_inside else None
    tweet = tweet or msgspec.json.decode(raw, type=_Tweet)
    if tweet.full_text is None and tweet.text is None:
        raise PayloadError("Object missing required field `full_text`", where="$.tweet")
    return tweet


def _signed(item: Item, user: _User | None) -> Item:
    """The item with its writer, where it tells that itself and nothing else does."""
    if user is None:
        return item
    told = {"id": user.id_str, "account": user.screen_name, "name": user.name}
    own = {name: value for name, value in told.items() if value}
    return msgspec.structs.replace(item, context={**own, **item.context})


def _answered(tweet: _Tweet) -> str | None:
    """The post it answers; of two names that disagree, the one of an older post."""
    named = (tweet.in_reply_to_status_id_str, tweet.in_reply_to_status_id)
    told = [each for each in named if each]
    older = [each for each in told if (len(each), each) < (len(tweet.id_str), tweet.id_str)]
    return next(iter(older or told), None)


def _versions(told: _EditInfo | None) -> tuple[str, ...]:
    """The names of all versions of a post, its own among them."""
    later = told.edit.edit_control_initial if told and told.edit else None
    versions = (told.initial if told else None) or later
    return versions.edit_tweet_ids if versions else ()


def _kind(tweet: _Tweet, parent: str | None, quoted: object) -> Kind:
    """``retweeted`` is false in every archive: a repost shows only by how it begins."""
    named = [each.screen_name.casefold() for each in tweet.entities.user_mentions]
    reposted = _REPOSTED.match(tweet.words)
    if tweet.retweeted_status:
        return "repost"
    if reposted and reposted["handle"].casefold() in named:
        return "repost"
    if parent:
        return "reply"
    return "quote" if quoted else "post"


def _deleted(tweet: _Tweet, item: Item) -> datetime:
    return (read_time(tweet.deleted_at, item.observed_at, UTC) if tweet.deleted_at else None) or (
        item.observed_at
    )
