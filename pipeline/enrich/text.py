"""What a reader sees of a text: links, handles, markup and machine noise taken out."""

from __future__ import annotations

import html
import re
import tomllib
from importlib import resources
from typing import Final

LONGEST: Final = 5_000
"""Characters read of one text; what a text says is clear long before its five thousandth."""

_TAG: Final = re.compile(r"<[/!]?[a-zA-Z][^<>]{0,500}>")
_PAGE: Final = re.compile(r"(?:https?://|(?<!\w)www\.)[^\s<>\"]+", re.IGNORECASE)
_MAILBOX: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_HANDLE: Final = re.compile(r"(?<![\w@])@[\w.-]{0,200}\w(?:@[\w-]{1,63}(?:\.[\w-]{1,63})+)?")
_HASHTAG: Final = re.compile(r"(?<!\w)#\w+")
_SHORTCODE: Final = re.compile(r":(?P<name>[a-z0-9_+-]{1,40})(?::(?:t|skin-tone-)\d)?:")
_SHORTCODES: Final = re.compile(
    rf"(?<![\w:])(?:{_SHORTCODE.pattern.replace('?P<name>', '?:')})+(?![\w:])"
)
_EMOJI: Final[dict[str, str]] = tomllib.loads(
    resources.files("pipeline.enrich").joinpath("shortcodes.toml").read_text("utf-8")
)
_REPOST: Final = re.compile(r"^RT\b(?=\s*@)")
_QUOTED: Final = re.compile(
    r"^[ \t]{0,3}(?P<first>(?:>|&gt;)"
    r"(?![=<!]|[ \t]{0,3}[*_~+€$£-]{0,2}[ \t]?\d|[:;]['’]?-?[()\[\]|/\\<D]|[._]+<)[^\n]*)"
    r"(?:\n[ \t]{0,3}(?:>|&gt;)[^\n]*)*$",
    re.MULTILINE,
)
"""Lines that begin with a sign of quoting; before a number it says that something is more,
``>!`` hides what Reddit shows on demand, and ``>:(`` is a face."""
_NOTE: Final = re.compile(r"(?:>|&gt;)[ \t]*\[![A-Z]+\]")
"""A block that GitHub shows as a note of its writer."""
_SAYS_WHO: Final = re.compile(
    r"^(?:On|Op|Am|Le)\b(?=[^\n]{0,200}(?:\d{4}|\d:\d\d))[^\n]{4,300}\n?[^\n]{0,100}"
    r"\b(?:wrote|schreef|schrieb|a écrit)\b"
    r"[^\n]{0,200}\n?[^\n]{0,200}:\s{0,9}\Z",
    re.MULTILINE,
)
"""With what a program for mail begins a quote."""
_LONGEST_WHO: Final = 700
_STACKED: Final = re.compile(r"([\u0300-\u036f])[\u0300-\u036f]+")
_SIGNS: Final = " \t\r\n.,:;>*_-–—…"
_HALF: Final = re.compile("[\ud800-\udfff]")
_NO_LANGUAGE: Final = re.compile(
    r"[\d_#@|~*^<>{}\[\]\\/=+\u2190-\u2bff\u3000-\u303f\U0001f000-\U0001ffff]+"
)
_ASCII_ONLY: Final = {code: " " for code in range(128) if _NO_LANGUAGE.match(chr(code))}
"""``_NO_LANGUAGE`` for texts of ASCII alone, which are most and are translated faster."""
_LONGEST_WORD: Final = 40


def readable(text: str) -> str:
    """The text as a person reads it: what every reader of ``pipeline.enrich`` is given.

    Quoted lines, links, mailboxes, handles and markup go, entities are resolved, and names of emoji
    between colons; hashtags, punctuation, capitals and emoji stay. At most ``LONGEST`` characters.
    """
    if ">" in text or "&gt;" in text:
        text = _own(text)
    text = text[:LONGEST]
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if "://" in text or "www." in text or "WWW." in text:
        text = _PAGE.sub(" ", text)
    if ":" in text:
        text = _SHORTCODES.sub(lambda found: _SHORTCODE.sub(_emoji, found[0]), text)
    if "@" in text:
        text = _HANDLE.sub(" ", _REPOST.sub(" ", text))
        if "@" in text:
            text = _MAILBOX.sub(" ", text)
    return text if text.isascii() else _HALF.sub("\ufffd", _STACKED.sub(r"\1", text))


def _emoji(shortcode: re.Match[str]) -> str:
    return _EMOJI.get(shortcode["name"], shortcode[0])


def _own(text: str) -> str:
    """The text without what it quotes of others; one that does nothing else stays as it is.

    Who quotes says something to it below, or a program says above it whom it quotes: at the end
    such a line points to where it goes on ("> Read more").
    """
    blocks = [each for each in _QUOTED.finditer(text) if not _NOTE.match(each["first"])]
    starts, ends = [0, *(each.end() for each in blocks)], [each.start() for each in blocks]
    said = [text[start:end] for start, end in zip(starts, [*ends, None], strict=True)]
    own = [_without_who(each) for each in said[:-1]]
    is_quoting = own != said[:-1] or any(map(_says_anything, said[1:]))
    left = "".join([*own, said[-1]])
    return left if is_quoting and left.strip(_SIGNS) else text


def _without_who(part: str) -> str:
    found = _SAYS_WHO.search(part, max(0, len(part) - _LONGEST_WHO))
    return part[: found.start()] if found else part


def _says_anything(part: str) -> bool:
    return bool(_HANDLE.sub("", _HASHTAG.sub("", _PAGE.sub("", part))).strip(_SIGNS))


def running(plain: str, enough: int) -> str:
    """The running words of a readable text, for telling its language; at most ``enough`` of them.

    Hashtags go, being names more often than words, and digits, signs, emoji and machine noise.
    """
    text = plain[: 2 * enough]
    if "#" in text:
        text = _HASHTAG.sub(" ", text)
    forms = text.split()
    if max(map(len, forms), default=0) > _LONGEST_WORD:
        text = " ".join(form for form in forms if len(form) <= _LONGEST_WORD)
    text = text.translate(_ASCII_ONLY) if text.isascii() else _NO_LANGUAGE.sub(" ", text)
    return " ".join(text.split())[:enough]
