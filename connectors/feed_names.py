"""What an entry of a feed is called: canonical addresses and identities that outlive a feed.

The same article read through two feeds, with or without tracking parameters, has one name.
"""

from __future__ import annotations

import functools
import hashlib
import re
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

_TRACKING: Final = re.compile(
    r"(?:utm_|at_|ns_|pk_|mtm_|hsa_|_hs).*|[a-z]*clid|mc_[ce]id|igshid|igsh|cmpid|cmp|ocid|ftag|"
    r"traffic_source|rss|wt\.mc_id|showcomment|cpage",
    re.IGNORECASE,
)
_FROM_FEED: Final = re.compile(
    r"(?:.*[-_.])?(?:rss|rdf|feed|rssfeed|atom)(?:[-_.\d].*)?", re.IGNORECASE
)
_MEANT: Final = frozenset({"q", "s", "query", "search", "feed", "id", "p", "page", "tag", "cat"})
_COMMENT_PAGE: Final = re.compile(r"/comment-page-\d+/?$")
COMMENT: Final = re.compile(r"(?:id)?comment[-:]?\d[\da-f]*|c\d{6,}", re.IGNORECASE)
_WRAPPER: Final = re.compile(
    r"(?:[\w-]+\.)*bing\.com/.*apiclick\.aspx|(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?/url"
)
_NUMBERED: Final = {"nu.nl": (re.compile(r"/(\d{6,8})(?:/|$)"), "https://www.nu.nl/-/{}/")}
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_LONGEST_TAG: Final = 35
"""Characters of the longest language tag that anybody must expect (RFC 5646, 4.4.1)."""
_GLOBAL: Final = re.compile(r"(?:https?://|urn:|tag:|at://)", re.IGNORECASE)


@functools.lru_cache(maxsize=4_096)
def canonical(address: str) -> str:
    """An address without what only tells who clicked where; unwraps Bing's and Google's redirects.

    A fragment is kept where it names something (``#comment-12``), not where it tracks
    (``#xtor=RSS-1``). nu.nl changes the words of its addresses; the number in them stays. The page
    of comments on which WordPress shows a comment changes too.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return address
    host = (parts.hostname or "").lower()
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if _WRAPPER.fullmatch(host + parts.path):
        told = dict(pairs)
        wrapped = told.get("url") or told.get("q", "")
        return canonical(wrapped) if _GLOBAL.match(wrapped) else address
    for name, (pattern, form) in _NUMBERED.items():
        number = pattern.search(parts.path) if is_within(host, name) else None
        if number:
            return form.format(number[1])
    kept = [pair for pair in pairs if not _is_tracking(host, *pair)]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept, quote_via=quote)
    fragment = "" if "=" in parts.fragment else parts.fragment
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    place = host if port in {None, usual} else f"{host}:{port}"
    path = _COMMENT_PAGE.sub("/", parts.path) or "/"
    return urlunsplit((parts.scheme.lower(), place, path, query, fragment))


def _is_tracking(host: str, name: str, told: str) -> bool:
    if name.lower() in _MEANT:
        return False
    is_google = name == "oc" and host == "news.google.com"
    return is_google or bool(_TRACKING.fullmatch(name) or _FROM_FEED.fullmatch(told))


def identity(
    link: str | None, guid: str | None, is_permalink: bool, home: str | None
) -> str | None:
    """The lasting name of an entry, or None when it has neither an address nor an id of its own.

    The address of its page comes first, as ids are repeated and changed more often. An address
    that is only the site's front page names no entry, and in a blog of links to other sites the
    entry's own address is its id.

    Args:
        link: absolute address of the page.
        guid: ``guid`` or ``id`` as given.
        is_permalink: whether the guid may be an address.
        home: address of the site the feed belongs to.
    """
    own_page = guid if guid and is_permalink and guid.startswith(("http://", "https://")) else None
    if link is not None and not _is_front(link, home):
        is_elsewhere = own_page and home and site(own_page) == site(home) != site(link)
        return canonical(own_page if is_elsewhere and own_page else link)
    if guid is None:
        return None
    if own_page is not None:
        return canonical(own_page)
    return guid if _GLOBAL.match(guid) else f"{site(home or link)}#{guid}"


def alias(guid: str | None, home: str | None) -> str | None:
    """An id as other entries may refer to it; ids that are no names in themselves get the site."""
    if not guid or _GLOBAL.match(guid):
        return guid or None
    return f"{site(home)}#{guid}" if site(home) else None


def digest(*texts: str | None) -> str:
    """A name made of the words themselves, for entries that have none."""
    joined = "\x1f".join(text or "" for text in texts)
    return "sha256:" + hashlib.sha256(joined.encode("utf-8", "replace")).hexdigest()[:32]


def page_and_comment(address: str | None) -> tuple[str, str] | None:
    """The page a comment stands on, and its place on it; None for what is no comment's address."""
    page, _, fragment = (address or "").partition("#")
    return (page, fragment) if COMMENT.fullmatch(fragment) else None


@functools.lru_cache(maxsize=4_096)
def site(address: str | None) -> str:
    """Host and port of an address, without ``www.``; empty when it has none."""
    try:
        return urlsplit(address or "").netloc.rpartition("@")[2].lower().removeprefix("www.")
    except ValueError:
        return ""


def place_of(address: str) -> str:
    """The site of an address in one way of writing it: without the port that is the usual one."""
    return site(canonical(address))


def is_within(host: str, domain: str) -> bool:
    """Whether a host is a domain or below it."""
    return host == domain or host.endswith(f".{domain}")


def language_tag(text: str | None) -> str | None:
    """``NL-nl`` and ``en_us`` as ``nl-NL`` and ``en-US``; None for what is no language tag."""
    return _usual_tag(text) if text and len(text) <= _LONGEST_TAG else None


@functools.lru_cache(maxsize=256)
def _usual_tag(text: str) -> str | None:
    if not _LANGUAGE.fullmatch(text.strip()):
        return None
    first, *rest = text.strip().replace("_", "-").split("-")
    return "-".join([first.lower(), *(_subtag(each) for each in rest)])


def _subtag(text: str) -> str:
    if len(text) == 2:
        return text.upper()
    return text.title() if len(text) == 4 and text.isalpha() else text.lower()


def _is_front(address: str, home: str | None) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.path in {"", "/"} and not parts.query and not parts.fragment:
        return True
    return home is not None and canonical(address).rstrip("/") == canonical(home).rstrip("/")
