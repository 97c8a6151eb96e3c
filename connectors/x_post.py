"""Understand one post of X with its author, in both spellings: tweet of old, post of late."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, Final, NamedTuple

import msgspec

from connectors.dates import in_utc
from connectors.markup import clean, resolve
from connectors.paging import distinct
from connectors.x_attached import attached_words, title_in
from pipeline.post import Kind, Post, Visibility, utc_from_epoch
from pipeline.reading import text
from pipeline.source import Item

SITE: Final = "https://x.com"
_EPOCH: Final = 1_288_834_974_657
_FIRST_TIMED: Final = 29_700_859_247
_STATUS: Final = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(?:\w+|i/web)/status/(?P<id>\d+)"
    r"(?P<media>/(?:photo|video)/\d+)?/?(?:\?.*)?"
)
_CODES: Final = {"iw": "he", "in": "id", "ji": "yi"}
_NO_LANGUAGE: Final = frozenset({"", "und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"})
_AT_ONCE: Final = timedelta(seconds=2)
_AUTOMATED: Final = "automated"
_NOTHING: Final = msgspec.Raw()

Number = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,19}$")]
Time = Annotated[datetime, msgspec.Meta(tz=True)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**62)]


class Mention(msgspec.Struct, gc=False):
    """Somebody named in the words."""

    username: str


class Tag(msgspec.Struct, gc=False):
    """A hashtag, without its sign."""

    tag: str


class Link(msgspec.Struct, gc=False):
    """An address in the words: as it is written, where it leads, where that leads in the end."""

    url: str | None = None
    expanded_url: str | None = None
    unwound_url: str | None = None
    media_key: str | None = None


class Entities(msgspec.Struct, frozen=True, gc=False):
    """Absent as a whole, and each list in it, where there is nothing to list."""

    mentions: tuple[Mention, ...] = ()
    hashtags: tuple[Tag, ...] = ()
    urls: tuple[Link, ...] = ()


class _Note(msgspec.Struct, gc=False):
    text: str
    entities: Entities = Entities()


class _Said(msgspec.Struct, gc=False):
    """The words of a post: those beyond 280 characters stand in a note."""

    text: str | None = None
    note_tweet: _Note | None = None
    note_post: _Note | None = None
    entities: Entities = Entities()
    lang: str | None = None
    referenced_tweets: tuple[Reference, ...] = ()
    referenced_posts: tuple[Reference, ...] = ()

    @property
    def references(self) -> tuple[Reference, ...]:
        return (*self.referenced_tweets, *self.referenced_posts)

    @property
    def note(self) -> _Note | None:
        return self.note_tweet or self.note_post

    @property
    def parts(self) -> tuple[Entities, ...]:
        return (self.entities,) if self.note is None else (self.note.entities, self.entities)


class Reference(_Said, kw_only=True):
    """What a post answers, quotes or repeats; archives put its words in here as well."""

    type: str
    id: Number


class Metrics(msgspec.Struct, frozen=True, gc=False):
    """What was counted, in either spelling."""

    like_count: Count | None = None
    reply_count: Count | None = None
    quote_count: Count | None = None
    retweet_count: Count | None = None
    repost_count: Count | None = None
    impression_count: Count | None = None


class Withheld(msgspec.Struct, frozen=True, gc=False):
    """Where a post or an account may not be shown; true where that is anywhere."""

    copyright: bool = False
    country_codes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.copyright or bool(self.country_codes)


class Audience(msgspec.Struct, frozen=True, gc=False):
    """The numbers of an account."""

    followers_count: Count | None = None
    following_count: Count | None = None
    tweet_count: Count | None = None
    post_count: Count | None = None


class _Affiliation(msgspec.Struct, gc=False):
    description: str | None = None


class User(msgspec.Struct, gc=False):
    """Only what was asked for is sent; the name is always there."""

    username: str
    name: str | None = None
    created_at: Time | None = None
    public_metrics: Audience = Audience()
    protected: bool = False
    withheld: Withheld = Withheld()
    affiliation: _Affiliation | None = None


class Given(_Said, kw_only=True):
    """All but ``id`` and ``text`` is sent only when it is asked for."""

    id: Number
    text: str
    created_at: Time | None = None
    author_id: Number | None = None
    author: User | None = None
    conversation_id: Number | None = None
    in_reply_to_user_id: Number | None = None
    edit_history_tweet_ids: tuple[Number, ...] = ()
    edit_history_post_ids: tuple[Number, ...] = ()
    public_metrics: Metrics = Metrics()
    withheld: Withheld = Withheld()
    article: msgspec.Raw = _NOTHING
    attachments: msgspec.Raw = _NOTHING

    @property
    def versions(self) -> tuple[str, ...]:
        """All ids of the post, the first version first: each edit has an id of its own."""
        listed = {*self.edit_history_tweet_ids, *self.edit_history_post_ids, self.id}
        return tuple(sorted(listed, key=int)) if len(listed) > 1 else (self.id,)

    @property
    def related(self) -> _Related:
        """The first post of each kind that it refers to."""
        if not (self.referenced_tweets or self.referenced_posts):
            return _UNRELATED
        first: dict[str, Reference] = {}
        for each in self.references:
            first.setdefault(each.type, each)
        repeated = first.get("retweeted") or first.get("reposted")
        return _Related(repeated, first.get("replied_to"), first.get("quoted"))


class _Related(NamedTuple):
    """The posts that a post repeats, answers and quotes."""

    repeated: Reference | None
    answered: Reference | None
    quoted: Reference | None


_UNRELATED: Final = _Related(None, None, None)


class _Gone(msgspec.Struct, gc=False):
    """What a deletion tells: in an event the post, in a list of compliance also why and when."""

    id: Number
    created_at: Time | None = None
    redacted_at: Time | None = None


def to_post(item: Item) -> Post | None:
    """A post, or what is left of one that was deleted; None for what tells of an account.

    The two are told apart by their age: the id of a post says when it was made.
    """
    if item.context.get("shape") == "gone":
        return _tombstone(item)
    post = msgspec.json.decode(item.raw, type=Given)
    return post_of(post, _author(post, item), item)


def post_of(post: Given, author: User | None, item: Item) -> Post:
    """The post that was given, with what is known of its author."""
    related, versions = post.related, post.versions
    first, *later = versions
    name = author.username if author else None
    return Post(
        platform="x",
        post_id=first,
        native_id=post.id,
        aliases=tuple(later),
        observed_at=item.observed_at,
        url=f"{SITE}/{name or 'i/web'}/status/{post.id}",
        root_id=first if post.conversation_id in versions else post.conversation_id,
        parent_author_id=post.in_reply_to_user_id,
        title=clean(title_in(post.article)) or None,
        author_id=post.author_id,
        visibility=_visibility(post, author),
        payload=text(item),
        **_times(post, first),
        **_place(related),
        **_words(
            post,
            _original(related, item) or post,
            versions,
            attached_words(post.article, post.attachments, item),
        ),
        **({} if related.repeated else _counts(post)),
        **_person(author),
    )


def born_at(number: str) -> datetime | None:
    """The second in which an id was given out: since 2010 ids count the milliseconds."""
    if int(number) < _FIRST_TIMED:
        return None
    return utc_from_epoch(((int(number) >> 22) + _EPOCH) // 1000)


def _tombstone(item: Item) -> Post | None:
    gone = msgspec.json.decode(item.raw, type=_Gone)
    born, made = born_at(gone.id), in_utc(gone.created_at, "$.created_at", UTC)
    if made is not None and (born is None or abs(made - born) > _AT_ONCE):
        return None
    return tombstone(gone.id, in_utc(gone.redacted_at, "$.redacted_at", UTC), item)


def tombstone(number: str, at: datetime | None, item: Item) -> Post:
    """What is left of a post that is gone since ``at``, or else since that is known."""
    return Post(
        platform="x",
        post_id=number,
        native_id=number,
        kind="post",
        observed_at=item.observed_at,
        created_at=born_at(number),
        deleted_at=at or item.observed_at,
        payload="null",
    )


def _author(post: Given, item: Item) -> User | None:
    """Users stand beside the posts, for a suspended one not even that."""
    given = item.context.get("author")
    return _user(given) if given else post.author


@lru_cache(maxsize=100)
def _user(given: str) -> User:
    """The same for all posts of an author on a page."""
    return msgspec.json.decode(given, type=User)


def _original(related: _Related, item: Item) -> _Said | None:
    """What a repost repeats: its own words are cut off after 140 characters."""
    repeated = related.repeated
    if repeated is None:
        return None
    given = item.context.get("original")
    if given:
        return msgspec.json.decode(given, type=_Said)
    return repeated if repeated.text is not None else None


def _times(post: Given, first: str) -> dict[str, Any]:
    """A later version tells its own time, which is when the post was edited."""
    sent = in_utc(post.created_at, "$.created_at", UTC) or born_at(post.id)
    if post.id == first:
        return {"created_at": sent}
    return {"created_at": born_at(first), "edited_at": sent}


def _place(related: _Related) -> dict[str, Any]:
    repeated, answered, quoted = related
    kind: Kind = "quote" if quoted else "post"
    if repeated or answered:
        kind = "repost" if repeated else "reply"
    return {
        "kind": kind,
        "parent_id": answered.id if answered else None,
        "quoted_id": quoted.id if quoted and not repeated else None,
        "reposted_id": repeated.id if repeated else None,
    }


def _words(
    post: Given, said: _Said, versions: tuple[str, ...], attached: Iterable[str]
) -> dict[str, Any]:
    parts = said.parts
    lang = said.lang or post.lang or ""
    words = said.note.text if said.note else said.text or post.text
    return {
        "text": clean("\n".join(filter(None, (html.unescape(words), *attached)))),
        "language": None if lang in _NO_LANGUAGE else _CODES.get(lang, lang),
        "mentions": distinct([each.username for part in parts for each in part.mentions]),
        "tags": distinct([clean(each.tag) for part in parts for each in part.hashtags]),
        "links": distinct(_links(post, said, versions)),
    }


def _links(post: Given, said: _Said, versions: tuple[str, ...]) -> Iterator[str]:
    """Addresses people share; not those of the post itself, its pictures and what it quotes."""
    links = [each for part in said.parts for each in part.urls]
    if not links:
        return
    named = {*versions, *(each.id for each in (*post.references, *said.references))}
    for link in links:
        address = resolve(link.unwound_url or link.expanded_url or link.url or "", None)
        own = _STATUS.fullmatch(link.expanded_url or "")
        is_own = own is not None and (own["media"] is not None or own["id"] in named)
        if address and not link.media_key and not is_own:
            yield address


def _counts(post: Given) -> dict[str, Any]:
    """What is not asked of a repost: it is sent with zeros, and the reposts of the original."""
    metrics = post.public_metrics
    return {
        "likes_count": metrics.like_count,
        "reposts_count": _either(metrics.retweet_count, metrics.repost_count),
        "replies_count": metrics.reply_count,
        "quotes_count": metrics.quote_count,
        "views_count": metrics.impression_count,
    }


def _person(author: User | None) -> dict[str, Any]:
    if author is None:
        return {}
    audience = author.public_metrics
    label = (author.affiliation.description if author.affiliation else None) or ""
    return {
        "author_handle": author.username,
        "author_name": clean(author.name or "") or None,
        "author_url": f"{SITE}/{author.username}",
        "author_followers_count": audience.followers_count,
        "author_following_count": audience.following_count,
        "author_posts_count": _either(audience.tweet_count, audience.post_count),
        "author_created_at": in_utc(author.created_at, "$.created_at", UTC),
        "author_is_bot": True if label.strip().lower() == _AUTOMATED else None,
    }


def _visibility(post: Given, author: User | None) -> Visibility:
    """Whoever withholds in one country asks us to keep it in none."""
    if post.withheld or (author is not None and author.withheld):
        return "withheld"
    return "followers" if author is not None and author.protected else "public"


def _either(first: int | None, second: int | None) -> int | None:
    return second if first is None else first
