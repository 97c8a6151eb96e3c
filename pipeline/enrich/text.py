"""What a reader sees of a text: links, handles, markup and machine noise taken out."""

from __future__ import annotations

import html
import re
from typing import Final

LONGEST: Final = 5_000
"""Characters read of one text; what a text says is clear long before its five thousandth."""

_TAG: Final = re.compile(r"<[/!]?[a-zA-Z][^<>]{0,500}>")
_PAGE: Final = re.compile(r"(?:https?://|(?<!\w)www\.)[^\s<>\"]+", re.IGNORECASE)
_MAILBOX: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_HANDLE: Final = re.compile(r"(?<![\w@])@[\w.-]{0,200}\w(?:@[\w-]{1,63}(?:\.[\w-]{1,63})+)?")
_HASHTAG: Final = re.compile(r"(?<!\w)#\w+")
_REPOST: Final = re.compile(r"^RT\b(?=\s*@)")
_STACKED: Final = re.compile(r"([\u0300-\u036f])[\u0300-\u036f]+")
_HALF: Final = re.compile("[\ud800-\udfff]")
_NO_LANGUAGE: Final = re.compile(
    r"[\d_#@|~*^<>{}\[\]\\/=+\u2190-\u2bff\u3000-\u303f\U0001f000-\U0001ffff]+"
)
_ASCII_ONLY: Final = {code: " " for code in range(128) if _NO_LANGUAGE.match(chr(code))}
"""``_NO_LANGUAGE`` for texts of ASCII alone, which are most and are translated faster."""
_LONGEST_WORD: Final = 40


def readable(text: str) -> str:
    """The text as a person reads it: what every reader of ``pipeline.enrich`` is given.

    Links, mailboxes, handles and markup go, entities are resolved; hashtags, punctuation, capitals
    and emoji stay. At most ``LONGEST`` characters.
    """
    text = text[:LONGEST]
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if "://" in text or "www." in text or "WWW." in text:
        text = _PAGE.sub(" ", text)
    if "@" in text:
        text = _HANDLE.sub(" ", _REPOST.sub(" ", text))
        if "@" in text:
            text = _MAILBOX.sub(" ", text)
    return text if text.isascii() else _HALF.sub("\ufffd", _STACKED.sub(r"\1", text))


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
