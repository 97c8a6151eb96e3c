"""HTML as the plain text and the links in it: nothing of it is ever stored or shown as HTML."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

MAX_CHARACTERS: Final = 65_536
_MARK: Final = "\x1e"
_UNWANTED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_HALF: Final = re.compile(r"(?:<[^<>]*|&#?\w{0,12})$")
_TAG: Final = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>|\n")
_PARAGRAPHS: Final = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "ul",
        "ol",
        "dl",
        "section",
        "article",
        "header",
        "footer",
        "figure",
    ]
)
_LINES: Final = frozenset(["br", "li", "dt", "dd", "hr", "figcaption"])
_CELLS: Final = frozenset({"td", "th"})
_EMOJI_CLASS: Final = re.compile(r"\bclass=[\"'][^\"'<>]*(?:smiley|emoji)", re.IGNORECASE)
_ALTERNATIVE: Final = re.compile(r"\balt=[\"']([^\"'<>]*)[\"']", re.IGNORECASE)
_SPACES: Final = re.compile("[ \t\r\n\f]+")
_BREAKS: Final = re.compile(f" ?{_MARK}(?:[ {_MARK}]*{_MARK})? ?")
_ABSOLUTE: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][!-~]*)?")
_HIDDEN: Final = ["script", "style", "template", "noscript", "iframe", "object", "svg", "title"]


def plain_text(html: str) -> str:
    """The words a reader would see: paragraphs apart by an empty line, ``<br>`` as a line break.

    Entities become characters, scripts and styles vanish, illegal control characters go. At most
    ``MAX_CHARACTERS`` of the HTML are read: nested markup costs quadratic time in every parser.
    """
    cut = clean(html[:MAX_CHARACTERS])
    if len(html) > MAX_CHARACTERS:
        cut = _HALF.sub("", cut)
    if "<" not in cut and "&" not in cut:
        return _SPACES.sub(" ", cut).strip()
    tree = LexborHTMLParser(_marked(cut))
    tree.strip_tags(_HIDDEN)
    root = tree.body or tree.root
    words = _SPACES.sub(" ", root.text() if root else "")
    return clean(_BREAKS.sub(_line_breaks, words)).strip(" \n")


def links_of(html: str, base: str | None = None) -> tuple[str, ...]:
    """Addresses of the ``<a href>`` in reading order, each once, absolute, http and https only.

    Relative addresses are resolved against ``base`` and left out without it.
    """
    cut = html[:MAX_CHARACTERS]
    if "href" not in cut.lower():
        return ()
    tree = LexborHTMLParser(clean(cut))
    found = (resolve(node.attributes.get("href") or "", base) for node in tree.css("a[href]"))
    return tuple(dict.fromkeys(address for address in found if address))


def resolve(address: str, base: str | None = None) -> str | None:
    """An absolute http or https address, or None for what is none (mailto, relative, broken)."""
    given = clean(address).strip()
    if _ABSOLUTE.fullmatch(given):
        return given
    try:
        absolute = urljoin(base or "", given)
        parts = urlsplit(absolute)
    except ValueError:
        return None
    return absolute if parts.scheme in {"http", "https"} and parts.hostname else None


def clean(text: str) -> str:
    """Text without the control characters and half characters that no store should see."""
    return _SURROGATE.sub("\ufffd", _UNWANTED.sub("", text))


def _marked(html: str) -> str:
    """Put marks where a browser breaks the line, inside the elements so that none moves them."""
    is_preformatted = False
    is_row_start = False

    def mark(found: re.Match[str]) -> str:
        nonlocal is_preformatted, is_row_start
        tag = found[0]
        if tag == "\n":
            return _MARK if is_preformatted else tag
        name = found["name"].lower()
        if name == "pre":
            is_preformatted = not found["close"]
        if name in _PARAGRAPHS:
            return f"{_MARK}{_MARK}{tag}" if found["close"] else f"{tag}{_MARK}{_MARK}"
        if name == "table":
            return f"{tag}{_MARK}" if found["close"] else tag
        if name == "tr":
            is_row_start = not found["close"]
            return tag
        if found["close"]:
            return tag
        if name in _CELLS:
            between = _MARK if is_row_start else " "
            is_row_start = False
            return tag + between
        if name in _LINES:
            return tag + _MARK
        return _emoji(tag) if name == "img" else tag

    return _TAG.sub(mark, html)


def _emoji(image: str) -> str:
    """The character an emoji image stands for; any other image stays as it is."""
    words = _ALTERNATIVE.search(image) if _EMOJI_CLASS.search(image) else None
    return words[1] if words else image


def _line_breaks(found: re.Match[str]) -> str:
    return "\n\n" if found[0].count(_MARK) > 1 else "\n"
