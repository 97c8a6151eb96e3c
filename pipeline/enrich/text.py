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
_HANDLE: Final = re.compile(r"(?<![\w@])@[\w.-]*\w(?:@[\w-]+(?:\.[\w-]+)+)?")
_HASHTAG: Final = re.compile(r"(?<![\w&])#\w+")
_REPOST: Final = re.compile(r"^RT\b(?=\s*@)")
_STACKED: Final = re.compile(r"([\u0300-\u036f])[\u0300-\u036f]+")
_LETTERS: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LONGEST_WORD: Final = 40
_STRETCHED: Final = re.compile(r"(\w)\1{2,}")


def readable(text: str) -> str:
    """The text as a person reads it, for sentiment and intent.

    Links, mailboxes, handles and markup go, entities are resolved, hashtags lose their sign but
    keep their word; punctuation, capitals and emoji stay. At most ``LONGEST`` characters.
    """
    text = text[:LONGEST]
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if "://" in text or "www." in text or "WWW." in text:
        text = _PAGE.sub(" ", text)
    if "@" in text:
        text = _HANDLE.sub(" ", _MAILBOX.sub(" ", _REPOST.sub(" ", text)))
    if "#" in text:
        text = text.replace("#", " ")
    return text if text.isascii() else _STACKED.sub(r"\1", text)


def words(text: str) -> str:
    """The running words alone, for telling the language: no hashtags, digits, signs or emoji.

    Takes what ``readable`` takes, not what it gives: hashtags are names more often than words.
    """
    text = text[:LONGEST]
    if "#" in text:
        text = _HASHTAG.sub(" ", text)
    found = [word for word in _LETTERS.findall(readable(text)) if len(word) <= _LONGEST_WORD]
    return _STRETCHED.sub(r"\1\1", " ".join(found))
