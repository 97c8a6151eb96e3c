"""HTML as the plain text and the links in it: nothing of it is ever stored or shown as HTML."""

from __future__ import annotations

import re
from functools import lru_cache
from html.entities import html5
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

MAX_CHARACTERS: Final = 65_536
_MARK: Final = "\x1e"
_UNWANTED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_CONTROLS: Final = bytes({*range(0x20), 0x7F} - {*b"\t\n\r"})
_SHORT: Final = 100
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_HALF: Final = re.compile(r"(?:<[^<>]*|&#?\w{0,12})$")
_TAG: Final = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>|\n")
_PARAGRAPHS: Final = frozenset(
    [
        *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "dl"),
        *("section", "article", "header", "footer", "figure", "aside", "details", "summary"),
        *("address", "center", "main", "nav", "form", "fieldset", "hgroup", "dialog", "caption"),
    ]
)
_LINES: Final = frozenset(["br", "li", "dt", "dd", "hr", "figcaption"])
_CELLS: Final = frozenset({"td", "th"})
_QUOTATION: Final = re.compile(
    r"<!--(?:[^-]|-(?!->))*+|<(?P<close>/?)(?P<name>blockquote)\b[^<>]*>", re.IGNORECASE
)
_EMOJI_CLASS: Final = re.compile(r"\bclass=[\"'][^\"'<>]*(?:smiley|emoji)", re.IGNORECASE)
_ALTERNATIVE: Final = re.compile(r"\balt=[\"']([^\"'<>]*)[\"']", re.IGNORECASE)
_CUT: Final = "\x1f"
_EDGES: Final = f" \n{_MARK}"
_PLAIN_TAG: Final = re.compile(
    r"(?:(?P<block>/?(?:p|div|h[1-6]|blockquote|ul|ol|dl|section|article|header|footer|figure"
    r"|aside))"
    r"|(?P<line>br|li|dt|dd|hr|figcaption)|(?P<anchor>a)|(?P<image>img)|(?P<pre>pre)|(?P<end>/pre)"
    r"|(?P<word>/(?:a|li|dt|dd|figcaption)|/?(?:span|strong|em|b|i|u|s|del|ins|code|small|sub|sup"
    r"|kbd|abbr|mark|cite)))"
    r"(?:[ \t\r\n]+[\w:.@-]+(?:=(?:\"[^\"<>]*\"|'[^'<>]*'))?)*+[ \t\r\n]*/?"
    r"|(?P<comment>!--[^<>-]*--)"
)
"""What may stand between ``<`` and ``>`` so that no parser is needed to know what it means."""
_BREAKS: Final = {"block": _MARK + _MARK, "pre": _MARK + _MARK, "end": _MARK + _MARK, "line": _MARK}
_WORDS: Final = (
    *("span", "strong", "em", "b", "i", "u", "s", "del", "ins", "code", "small", "sub", "sup"),
    *("kbd", "abbr", "mark", "cite"),
)
_SIMPLE: Final = {
    **{f"{end}{name}": _MARK + _MARK for name in _PARAGRAPHS - {"pre"} for end in ("", "/")},
    **{f"{end}{name}": _CUT for name in _WORDS for end in ("", "/")},
    **dict.fromkeys(("/a", "/li", "/dt", "/dd", "/figcaption"), _CUT),
    **dict.fromkeys((*_LINES, "br/", "br /"), _MARK),
}
"""What stands for tags as they are most often written."""
_OFTEN: Final = 100
_HREF: Final = re.compile(r"[ \t\r\n]+href=\"([^\"]*)\"")
_ATTRIBUTE: Final = re.compile(r"([\w:.@-]+)(?:=(?:\"([^\"]*)\"|'([^']*)'))?")
_ENTITY: Final = re.compile(
    r"&(?:(?P<name>[A-Za-z][A-Za-z0-9]*;)|#(?P<number>\d{2,7});|#[xX](?P<hex>[\da-fA-F]{2,6});"
    r"|(?P<unsure>[A-Za-z#]))",
    re.ASCII,
)
_ABSOLUTE: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][!-~]*)?")
_OPERATED: Final = frozenset({"button", "select", "textarea", "datalist", "meter", "progress"})
"""What a reader presses or fills in: its words are those of the page, not of who wrote."""
_UNFOLDS: Final = ",".join(
    [*(f"h{level} button" for level in range(1, 7)), "summary button", "button:has(p)"]
)
"""A button that is a heading, as in a list of questions that unfold, or was never closed."""
_HIDDEN: Final = [
    *("script", "style", "template", "noscript", "iframe", "object", "svg", "title"),
    *_OPERATED,
]


def plain_text(html: str) -> str:
    """The words a reader would see: paragraphs apart by an empty line, ``<br>`` as a line break.

    Entities become characters, scripts, styles and controls vanish, illegal characters go. At most
    ``MAX_CHARACTERS`` of the HTML are read: nested markup costs quadratic time in every parser.
    """
    cut = clean(html[:MAX_CHARACTERS])
    if len(html) > MAX_CHARACTERS:
        cut = _HALF.sub("", cut)
    if "<" not in cut and "&" not in cut:
        return _squeezed(cut).strip()
    plain = _plain(cut)
    if plain is not None:
        return _with_breaks(_squeezed(plain.words).strip(_EDGES)).strip(" \n")
    tree = LexborHTMLParser(_marked(cut))
    for button in tree.css(_UNFOLDS) if "<button" in cut.lower() else ():
        button.unwrap()
    tree.strip_tags(_HIDDEN)
    root = tree.body or tree.root
    words = root.text() if root else ""
    return clean(_with_breaks(_squeezed(words).strip(_EDGES))).strip(" \n")


def comment_text(html: str) -> str:
    """The words of a comment, with ``>`` before the lines that it quotes, as in mail.

    So whoever reads it knows them for another's; an article quotes as a part of its own text.
    """
    cut = html[:MAX_CHARACTERS]
    is_quoting = "<blockquote" in cut.lower()
    tags = [tag for tag in _QUOTATION.finditer(cut) if tag["name"]] if is_quoting else []
    if not tags:
        return plain_text(html)
    parts: list[str] = []
    at = depth = 0
    for tag in tags:
        if not tag["close"]:
            if depth == 0:
                parts.append(plain_text(cut[at : tag.start()]))
                at = tag.end()
            depth += 1
        elif depth > 0:
            depth -= 1
            if depth == 0:
                parts.append(quoted(plain_text(cut[at : tag.start()])))
                at = tag.end()
    rest = plain_text(cut[at:])
    return "\n\n".join(part for part in (*parts, quoted(rest) if depth else rest) if part)


def quoted(words: str) -> str:
    """Words of another, each line as mail marks it."""
    return "\n".join(f"> {line}".rstrip() for line in words.split("\n")) if words else ""


def links_of(
    html: str, base: str | None = None, *, apart: re.Pattern[str] | None = None
) -> tuple[str, ...]:
    """Addresses of the ``<a href>`` in reading order, each once, absolute, http and https only.

    Relative addresses are resolved against ``base`` and left out without it; a place on the page
    itself (``#note``) is none, nor is a tag that ``apart`` matches (it names a person or a tag).
    """
    cut = html[:MAX_CHARACTERS]
    if "href" not in cut and "href" not in cut.lower():
        return ()
    html = clean(cut)
    given = _plain_links(html, apart)
    if given is None:
        tree = LexborHTMLParser(html if apart is None else apart.sub("<a>", html))
        given = [node.attributes.get("href") or "" for node in tree.css("a[href]")]
    found = (resolve(each, base) for each in given if not each.lstrip().startswith("#"))
    return tuple(dict.fromkeys(address for address in found if address))


def resolve(address: str, base: str | None = None) -> str | None:
    """An absolute http or https address, or None for what is none (mailto, relative, broken)."""
    if _ABSOLUTE.fullmatch(address):
        return address
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
    if text.isascii() and len(text) > _SHORT:
        raw = text.encode()
        if len(raw.translate(None, _CONTROLS)) == len(raw):
            return text
    elif text.replace("\n", "").isprintable():
        return text
    return _SURROGATE.sub("\ufffd", _UNWANTED.sub("", text))


class _Plain(NamedTuple):
    """Markup that needed no parser: its words with their marks, and what its links are made of."""

    words: str
    anchors: tuple[str, ...]


@lru_cache(maxsize=16)
def _plain(html: str) -> _Plain | None:
    """Read what needs no parser: paragraphs, lines, links, emphasis, pictures.

    None where anything else stands between ``<`` and ``>``, or an entity is not surely one: a
    browser mends what is broken, and only a parser knows how. Ten times as fast as one. Remembers
    the last few, as words and links of the same text are asked for one after the other.
    """
    first, *pieces = html.split("<")
    parts, anchors = [first], []
    is_preformatted = False
    for piece in pieces:
        tag, closed, words = piece.partition(">")
        mark = _SIMPLE.get(tag)
        if mark is None or not closed:
            kind = _kind(tag) if closed else None
            if kind is None:
                return None
            if kind == "anchor":
                anchors.append(tag)
            elif kind in {"pre", "end"}:
                is_preformatted = kind == "pre"
            mark = _emoji(tag, _CUT) if kind == "image" else _BREAKS.get(kind, _CUT)
        parts.append(mark)
        parts.append(words.replace("\n", _MARK) if is_preformatted else words)
    said = "".join(parts)
    if "&" in said:
        try:
            said = _ENTITY.sub(_character, said)
        except LookupError:
            return None
    return _Plain(said.replace(_CUT, ""), tuple(anchors))


def _kind(tag: str) -> str | None:
    """What a tag does to the words around it; None where only a parser knows."""
    if len(tag) < _OFTEN:
        return _known_kind(tag)
    found = _PLAIN_TAG.fullmatch(tag)
    return found.lastgroup if found else None


@lru_cache(maxsize=1_000)
def _known_kind(tag: str) -> str | None:
    """The same of a tag that is short enough to come again."""
    found = _PLAIN_TAG.fullmatch(tag)
    return found.lastgroup if found else None


def _plain_links(html: str, apart: re.Pattern[str] | None) -> list[str] | None:
    """What the links of plain markup point to; None where a parser must say."""
    plain = _plain(html)
    if plain is None:
        return None
    found = []
    for tag in plain.anchors:
        if apart is not None and apart.match(f"<{tag}>"):
            continue
        address = _href(tag[1:])
        if "\r" in address:
            return None
        try:
            found.append(_ENTITY.sub(_character, address) if "&" in address else address)
        except LookupError:
            return None
    return found


def _href(attributes: str) -> str:
    """Where an anchor points to, as written; most often that is the first thing it says."""
    first = _HREF.match(attributes)
    if first is not None:
        return first[1]
    every = _ATTRIBUTE.finditer(attributes)
    named = next((each for each in every if each[1].lower() == "href"), None)
    return (named[2] or named[3] or "") if named else ""


def _character(entity: re.Match[str]) -> str:
    """What an entity stands for.

    Raises:
        LookupError: that is not sure, or no character that text should hold.
    """
    name = entity["name"]
    if name is not None:
        return html5[name]
    given = entity["number"] or entity["hex"]
    number = int(given, 10 if entity["number"] else 16) if given else 0
    is_sure = 0x20 <= number < 0x7F or 0xA0 <= number < 0xD800 or 0xE000 <= number < 0xFDD0
    if not is_sure and not 0x1F000 <= number < 0x1FFFE:
        raise LookupError(entity[0])
    return chr(number)


def _squeezed(words: str) -> str:
    """Words with one space wherever there is space."""
    for space in "\t\r\n\f":
        if space in words:
            words = words.replace(space, " ")
    while "  " in words:
        words = words.replace("  ", " ")
    return words


def _with_breaks(words: str) -> str:
    """Line breaks for marks: one for one, an empty line for more."""
    if _MARK not in words:
        return words
    lines, last = [], " "
    for line in words.split(_MARK):
        bare = line.strip(" ")
        if bare or last:
            lines.append(bare)
        last = bare
    return "\n".join(lines)


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
        if name in _OPERATED:
            return f" {tag}"
        if name in _CELLS:
            between = _MARK if is_row_start else " "
            is_row_start = False
            return tag + between
        if name in _LINES:
            return tag + _MARK
        return _emoji(tag, tag) if name == "img" else tag

    return _TAG.sub(mark, html)


def _emoji(image: str, other: str) -> str:
    """The character an emoji image stands for; ``other`` for any other image."""
    words = _ALTERNATIVE.search(image) if _EMOJI_CLASS.search(image) else None
    return words[1] if words else other
