"""The names of LinkedIn (urns) and the marks in its texts."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import quote

from connectors.markup import clean

SITE: Final = "https://www.linkedin.com"
_COMMENT: Final = re.compile(r"urn:li:comment:\((?:urn:li:)?(?P<place>\w+:\d+),(?P<number>\d+)\)")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_MARKED: Final = re.compile(
    r"@\[(?P<name>(?:\\.|[^\]\\])*)\]\((?P<urn>urn:li:(?:\\.|[\w:-])+)\)"
    r"|\{hashtag\|(?:\\.|[^|{}])*\|(?P<tag>[^{}]*)\}"
)
_TAG: Final = re.compile(r"#(?<![\w\\&/#]#)((?:\w|\\_)+)")
_URN: Final = re.compile(r"urn:li:(?:person|member|organization|organizationBrand|company):[\w-]+")


def comment_urn(text: str) -> str:
    """The one name of a comment, of which LinkedIn has two spellings; other urns stay as is."""
    found = _COMMENT.fullmatch(text)
    return f"urn:li:comment:(urn:li:{found['place']},{found['number']})" if found else text


def comment_aliases(urn: str) -> tuple[str, ...]:
    """The other spelling of a comment's name."""
    found = _COMMENT.fullmatch(urn)
    return (f"urn:li:comment:({found['place']},{found['number']})",) if found else ()


def place_of(urn: str) -> str | None:
    """The urn of the post that a comment's name holds, or None for other urns."""
    found = _COMMENT.fullmatch(urn)
    return f"urn:li:{found['place']}" if found else None


def number_of(urn: str) -> str:
    """The number of a comment under its post."""
    found = _COMMENT.fullmatch(urn)
    return found["number"] if found else urn.rpartition(":")[2]


def address(urn: str) -> str:
    """Where everybody sees a post or a comment."""
    place = place_of(urn)
    if place is None:
        return f"{SITE}/feed/update/{urn}/"
    spelled = quote(comment_aliases(urn)[0], safe="")
    return f"{SITE}/feed/update/{place}/?commentUrn={spelled}"


def author(urn: str | None) -> dict[str, Any]:
    """Pages have an address; people are only a name that each application sees otherwise."""
    is_page = urn is not None and urn.startswith("urn:li:organization:")
    page = f"{SITE}/company/{urn.rpartition(':')[2]}/" if urn is not None and is_page else None
    return {"author_id": urn, "author_url": page}


def plain(commentary: str) -> str:
    """What a reader sees of the "little text" that posts are written in."""
    shown = _MARKED.sub(lambda mark: mark["name"] or f"#{mark['tag']}", commentary)
    return clean(_ESCAPED.sub(r"\1", shown))


def tags_in(commentary: str) -> tuple[str, ...]:
    """Hashtags, marked as such or typed, without their sign, each once."""
    shown = _MARKED.sub(lambda mark: f" #{mark['tag']} " if mark["tag"] else " ", clean(commentary))
    return tuple(dict.fromkeys(_ESCAPED.sub(r"\1", tag) for tag in _TAG.findall(shown)))


def named_in(commentary: str) -> tuple[str, ...]:
    """The urns of who is named in a post, each once; their letters may be escaped as well."""
    urns = (mark["urn"] for mark in _MARKED.finditer(commentary) if mark["urn"])
    return tuple(dict.fromkeys(_ESCAPED.sub(r"\1", urn) for urn in urns))


def named_by(attributes: list[Any]) -> tuple[str, ...]:
    """The urns of who is named in a comment: attributes beside the text, in several shapes."""
    return tuple(dict.fromkeys(urn for each in attributes for urn in _URN.findall(repr(each))))
