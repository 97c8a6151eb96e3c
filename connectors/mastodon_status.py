"""A status of the Mastodon client API as a Post: its shape, and what its fields mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from connectors.dates import in_utc
from connectors.markup import clean, comment_text, links_of, plain_text, resolve
from connectors.paging import distinct, text
from pipeline.errors import PayloadError
from pipeline.post import KEEPABLE, Kind, Post, Visibility
from pipeline.source import Item

Told = TypeVar("Told")
Time = Annotated[datetime, msgspec.Meta(tz=True)]
_VISIBILITIES: Final[Mapping[str, Visibility]] = {
    "public": "public",
    "unlisted": "unlisted",
    "private": "followers",
    "direct": "direct",
}
_AGREED: Final = (None, "accepted", "muted_account", "blocked_account", "blocked_domain")
"""States of a quote that its author accepts."""
_OPEN: Final = (None, "", "public", "public_unlisted", "unlisted")
_NOT_LOCAL: Final = (None, False, "", "false")
_QUOTE_LINK: Final = re.compile(
    r"<p\b[^<>]*\bclass=\"[^\"<>]*\bquote-inline\b[^<>]*>.*?</p>"
    r"|<span\b[^<>]*\bclass=\"[^\"<>]*\bquote-inline\b[^<>]*>"
    r"(?:<span\b[^<>]*>[^<]*</span>|(?!</?span\b).)*+</span>",
    re.DOTALL,
)
"""The address of what is quoted, as words for who cannot see quotes; it may hold spans itself."""
_NAMING: Final = re.compile(
    r"<a\b(?=[^<>]*\b(?:class=\"[^\"<>]*\b(?:mention|hashtag)|rel=\"[^\"<>]*\btag)\b)[^<>]*>"
)
"""The address of a person or a tag; some servers say so in ``rel`` alone."""
_OPT_OUT: Final = re.compile(r"#(?:nobot|noindex|nosearch)\b", re.IGNORECASE)


_MAY_ASK: Final = re.compile(r"#(?:<[^<>]*>|[^\w<&])*+[n&]|&#(?:0*35|x0*23);|&num;", re.IGNORECASE)
"""A ``#`` and, behind tags only, an ``n``, as they are or as entities."""


class Account(msgspec.Struct, gc=False):
    """An account: ``acct`` is short for the server's own people, ``user@host`` for others."""

    id: str
    acct: str
    url: str | None = None
    display_name: str | None = None
    note: str | None = None
    created_at: Time | None = None
    followers_count: int | None = None
    following_count: int | None = None
    statuses_count: int | None = None
    bot: bool | None = None
    group: bool | None = None
    noindex: bool | None = None
    indexable: bool | None = None
    discoverable: bool | None = None


class _Mention(msgspec.Struct, gc=False):
    acct: str
    id: str | None = None
    url: str | None = None


class _Tag(msgspec.Struct, gc=False):
    name: str
    url: str | None = None


class _Media(msgspec.Struct, gc=False):
    description: str | None = None


class _Option(msgspec.Struct, gc=False):
    title: str


class _Poll(msgspec.Struct, gc=False):
    options: tuple[_Option, ...] = ()


class _Card(msgspec.Struct, gc=False):
    url: str | None = None


class _Named(msgspec.Struct, gc=False):
    uri: str
    id: str | None = None


class _Quote(msgspec.Struct, gc=False):
    state: str | None = None
    quoted_status: _Named | None = None
    quoted_status_id: str | None = None
    uri: str | None = None


class _Pleroma(msgspec.Struct, gc=False):
    """What Pleroma and its kin tell beside the rest: the quoted status, or only its ``uri``."""

    quote: Any = None
    quote_url: Any = None
    quotes_count: Any = None
    in_reply_to_account_acct: Any = None


class _Akkoma(msgspec.Struct, gc=False):
    """What Akkoma answers or quotes, by the ``uri``: it may know no id of it and say ``_``."""

    in_reply_to_apid: Any = None
    quote_apid: Any = None


_NOTHING_BESIDE: Final = _Pleroma()
_NOTHING_NAMED: Final = _Akkoma()
_NOT_BOOSTED: Final = _Named(uri="")


class _Status(msgspec.Struct, gc=False):
    id: str
    uri: str
    created_at: Time
    account: Account
    visibility: str
    visibility_ex: Any = None
    local_only: Any = None
    content: str | msgspec.UnsetType | None = msgspec.UNSET
    text: str | None = None
    url: str | None = None
    edited_at: Time | None = None
    in_reply_to_id: str | None = None
    in_reply_to_account_id: str | None = None
    reblog: _Named | None = None
    quote: _Quote | bool | None = None
    quote_id: Any = None
    spoiler_text: str | None = None
    language: str | None = None
    mentions: tuple[_Mention, ...] = ()
    tags: tuple[_Tag, ...] = ()
    media_attachments: tuple[_Media, ...] = ()
    card: _Card | None = None
    poll: _Poll | None = None
    favourites_count: int | None = None
    reblogs_count: int | None = None
    replies_count: int | None = None
    quotes_count: int | None = None
    pleroma: Any = None
    akkoma: Any = None

    @property
    def beside(self) -> _Pleroma:
        return _unless_odd(self.pleroma, _Pleroma) or _NOTHING_BESIDE

    @property
    def named(self) -> _Akkoma:
        return _unless_odd(self.akkoma, _Akkoma) or _NOTHING_NAMED


_decoder: Final = msgspec.json.Decoder(_Status)


def _unless_odd(given: Any, kind: type[Told]) -> Told | None:
    """What a fork tells beside a status; of another shape than ours it is unknown."""
    if given is None:
        return None
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError:
        return None


def to_post(item: Item) -> Post | None:
    """Understand one status; a boost is a ``repost`` without words of its own.

    Pleroma gives a boost the ``uri`` of what it boosts: it goes by the server's id for it then.
    Snac gives it the same id, which names only what it boosts.
    """
    status = _decoder.decode(item.raw)
    account = status.account
    host = item.context.get("host", "") or _host_of(account)
    address = _Address(item.context.get("domain"), host)
    author_id = address.account(account.acct, account.url)
    alias = f"{host}/{status.id}"
    boosted = status.reblog or _NOT_BOOSTED
    return Post(
        platform="mastodon",
        post_id=alias if boosted.uri == status.uri else status.uri,
        native_id=status.id,
        aliases=() if boosted.id == status.id else (alias,),
        observed_at=item.observed_at,
        created_at=in_utc(status.created_at, "$.created_at"),
        edited_at=in_utc(status.edited_at, "$.edited_at"),
        deleted_at=item.observed_at if status.content is msgspec.UNSET else None,
        url=resolve(status.url or status.uri),
        root_id=item.context.get("root"),
        author_id=author_id,
        author_handle=author_id,
        author_name=clean(account.display_name or "") or None,
        author_url=resolve(account.url or ""),
        author_followers_count=_unless_hidden(account.followers_count),
        author_following_count=account.following_count,
        author_posts_count=account.statuses_count,
        author_created_at=in_utc(account.created_at, "$.account.created_at"),
        author_is_bot=True if account.group else account.bot,
        author_opted_out=_has_opted_out(account, must_agree="indexable" in item.context),
        visibility=_visibility(status),
        payload=text(item),
        **_said(status, author_id, host, address),
    )


def _visibility(status: _Status) -> Visibility:
    """Who may read it; forks call public what their own people or those who log in alone see."""
    told = _VISIBILITIES.get(status.visibility, "private")
    is_open = status.visibility_ex in _OPEN and status.local_only in _NOT_LOCAL
    return told if is_open or told not in KEEPABLE else "private"


def _unless_hidden(count: int | None) -> int | None:
    """A count; forks say -1 of followers whose number is not shown."""
    return None if count is not None and count < 0 else count


class _Address(msgspec.Struct, frozen=True, gc=False):
    """Makes ``user@host`` of the short names a server gives its own accounts."""

    domain: str | None
    host: str

    def account(self, acct: str, url: str | None) -> str:
        """An account's name everywhere, lower case."""
        if "@" in acct:
            return acct.lower()
        home = self.domain or urlsplit(url or "").netloc or self.host
        return f"{acct}@{home}".lower()


def _said(status: _Status, author_id: str, host: str, address: _Address) -> dict[str, Any]:
    """What only somebody's own words have; a boost says nothing itself, and answers nobody."""
    if status.reblog is not None:
        return {"kind": "repost", "reposted_id": status.reblog.uri}
    quoted_id = _quoted(status, host)
    content = _QUOTE_LINK.sub("", _content(status)) if quoted_id else _content(status)
    return {
        "kind": _kind(status, quoted_id),
        "parent_id": _parent(status, host),
        "parent_author_id": _parent_author(status, author_id, address),
        "quoted_id": quoted_id,
        "text": _text(status, content),
        "language": status.language or None,
        "mentions": _mentions(status, address),
        "tags": distinct([clean(each.name).lower() for each in status.tags]) if status.tags else (),
        "links": _links(status, content),
        "likes_count": status.favourites_count,
        "reposts_count": status.reblogs_count,
        "replies_count": status.replies_count,
        "quotes_count": _unless_odd(status.beside.quotes_count, int)
        if status.quotes_count is None
        else status.quotes_count,
    }


def _mentions(status: _Status, address: _Address) -> tuple[str, ...]:
    if not status.mentions:
        return ()
    return distinct([address.account(each.acct, each.url) for each in status.mentions])


def _content(status: _Status) -> str:
    """The words as HTML, null in Pixelfed if a picture has none.

    The answer to a deletion gives only their source, as plain text.
    """
    if not isinstance(status.content, msgspec.UnsetType):
        return status.content or ""
    if status.text is None:
        raise PayloadError("Object missing required field `content`", where="$")
    return escape(status.text)


def _kind(status: _Status, quoted_id: str | None) -> Kind:
    if quoted_id:
        return "quote"
    return "reply" if status.in_reply_to_id else "post"


def _parent(status: _Status, host: str) -> str | None:
    if not status.in_reply_to_id:
        return None
    told = _unless_odd(status.named.in_reply_to_apid, str)
    return told or f"{host}/{status.in_reply_to_id}"


def _quoted(status: _Status, host: str) -> str | None:
    """The quoted post, while its author agrees; forks give the quoted status itself.

    Sharkey and its kin say only whether there is one. Whom the reader muted or blocked does not
    matter: the quote is there for everybody else.
    """
    quote = status.quote
    if not isinstance(quote, _Quote):
        return _quoted_beside(status, host) if _tells_beside(status) else None
    if quote.state not in _AGREED:
        return None
    if quote.quoted_status is not None:
        return quote.quoted_status.uri
    return f"{host}/{quote.quoted_status_id}" if quote.quoted_status_id else quote.uri


def _tells_beside(status: _Status) -> bool:
    """Whether a fork adds anything of its own."""
    return not (status.pleroma is None and status.akkoma is None and status.quote_id is None)


def _quoted_beside(status: _Status, host: str) -> str | None:
    whole = _unless_odd(status.beside.quote, _Named)
    named = (
        whole.uri if whole else None,
        _unless_odd(status.beside.quote_url, str),
        _unless_odd(status.named.quote_apid, str),
    )
    quote_id = _unless_odd(status.quote_id, str) or _unless_odd(status.quote_id, int)
    return next(filter(None, named), f"{host}/{quote_id}" if quote_id else None)


def _text(status: _Status, content: str) -> str:
    """Content warning, words, poll and descriptions of pictures, each on its own line."""
    words = comment_text(content)
    if not (status.spoiler_text or status.poll or status.media_attachments):
        return words.strip()
    options = [each.title for each in status.poll.options] if status.poll else []
    pictures = [each.description or "" for each in status.media_attachments]
    parts = [clean(status.spoiler_text or ""), words]
    parts += [clean(each) for each in (*options, *pictures)]
    return "\n".join(part.strip() for part in parts if part.strip())


def _links(status: _Status, content: str) -> tuple[str, ...]:
    """Addresses in the text and on its card, without those of people and tags."""
    found = links_of(content, apart=_NAMING)
    card = resolve(status.card.url or "") if status.card else None
    if not found and not card:
        return ()
    naming = {each.url for each in status.mentions} | {each.url for each in status.tags}
    return distinct([each for each in (*found, card or "") if each not in naming])


def _parent_author(status: _Status, author_id: str, address: _Address) -> str | None:
    """Who is answered, where the status itself names them: a local number alone tells nothing."""
    answered = status.in_reply_to_account_id
    if answered is None:
        return None
    if answered == status.account.id:
        return author_id
    for each in status.mentions:
        if each.id == answered:
            return address.account(each.acct, each.url)
    told = _unless_odd(status.beside.in_reply_to_account_acct, str)
    return address.account(told, None) if told else None


def _has_opted_out(account: Account, *, must_agree: bool) -> bool | None:
    """Whether the author asks not to be indexed; unknown where the server does not say.

    ``indexable: false`` is what everybody has who never chose: it counts where they ``must_agree``.
    """
    if account.noindex or account.discoverable is False or _asks_not_to(account.note or ""):
        return True
    if must_agree and account.indexable is False:
        return True
    return None if account.noindex is None and account.discoverable is None else False


def _asks_not_to(note: str) -> bool:
    """A hashtag in the description of the account, looked for where one may stand."""
    return _MAY_ASK.search(note) is not None and _OPT_OUT.search(plain_text(note)) is not None


def _host_of(account: Account) -> str:
    """The server's host from a local account's address, when the reply's address is not known."""
    return "" if "@" in account.acct else urlsplit(account.url or "").netloc.lower()
