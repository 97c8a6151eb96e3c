"""What posts and comments of Facebook are called, and where their addresses lead."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from connectors.graph_words import Id, name_of
from connectors.markup import resolve

SITE: Final = "https://www.facebook.com"
_SITES: Final = (".facebook.com", ".fbcdn.net", ".fbsbx.com")


class Tag(msgspec.Struct):
    """A page or somebody named in the words."""

    id: Id | None = None
    name: str = ""


class Spot(msgspec.Struct):
    """A comment's own name, the comment it answers and its post."""

    name: str
    above: str | None
    root: str


def is_number(name: str) -> bool:
    """Whether it is the number of a post or comment; letters and conversations have names."""
    return name.replace("_", "").isdecimal()


def number_of(name: str) -> str:
    """The number of a post or comment, without that of the page or post before it."""
    return name.rpartition("_")[2]


def comment_id(name: str) -> str:
    """``{post}_{comment}``, also of the old ``{page}_{post}_{comment}``."""
    return "_".join(name.split("_")[-2:])


def other_names(name: str) -> tuple[str, ...]:
    """What comments and webhooks may call it besides ``name``."""
    return tuple(other for other in (number_of(name),) if other != name)


def review_name(writer: str | None, page: str | None) -> str | None:
    """A name for a review whose story was not asked for, or is not shown: nobody writes two."""
    if writer is None:
        return None
    return "review:" + hashlib.sha256(f"{page or ''}\x1f{writer}".encode()).hexdigest()[:32]


def outside(addresses: Iterable[str]) -> tuple[str, ...]:
    """Addresses that lead out of Facebook, each once, freed of its detour."""
    found = (resolve(_straight(address)) for address in addresses)
    return tuple(dict.fromkeys(each for each in found if each and not _is_own(each)))


def tagged(tags: list[Tag] | dict[str, list[Tag]] | None) -> tuple[str, ...]:
    """The ids of the pages and people named; very old answers sort them by their place."""
    listed = (
        tags if isinstance(tags, list) else [tag for some in (tags or {}).values() for tag in some]
    )
    names = (name_of(tag.id) for tag in listed if not tag.name.startswith("#"))
    return tuple(dict.fromkeys(name for name in names if name))


def spot_of(address: str | None) -> Spot | None:
    """What the address of a comment tells: ``/{page}/posts/{post}/?comment_id=…``."""
    if not address or "comment_id=" not in address:
        return None
    try:
        parts = urlsplit(address)
        asked = parse_qs(parts.query)
    except ValueError:
        return None
    page, _, post = ["", "", "", *parts.path.strip("/").split("/")][-3:]
    comment = asked.get("comment_id", [""])[0]
    if not (post.isdecimal() and comment.isdecimal()):
        return None
    whole = f"{post}_{comment}"
    answer = asked.get("reply_comment_id", [""])[0]
    root = f"{page}_{post}" if page.isdecimal() else post
    if answer.isdecimal():
        return Spot(name=f"{post}_{answer}", above=whole, root=root)
    return Spot(name=whole, above=None, root=root)


def _straight(address: str) -> str:
    """The address behind Facebook's own detour for clicks."""
    try:
        parts = urlsplit(address)
        is_detour = parts.hostname == "l.facebook.com"
        behind = parse_qs(parts.query).get("u") if is_detour else None
    except ValueError:
        return address
    return behind[0] if behind else address


def _is_own(address: str) -> bool:
    host = f".{urlsplit(address).hostname or ''}"
    return host.endswith(_SITES)
