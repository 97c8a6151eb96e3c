"""Texts as they are compared: folded copies, word borders, and what is no running text.

Nothing folded is ever stored or shown; the post keeps its text exactly as it was sent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit


def _swapping(table: Mapping[int, str]) -> Callable[[str], str]:
    """As ``str.translate``, quick where nothing or little is to be swapped."""
    letters = {chr(code): instead for code, instead in table.items()}
    pattern = re.compile(f"[{''.join(map(re.escape, letters))}]")
    return lambda text: pattern.sub(lambda found: letters[found[0]], text)


_visible: Final = _swapping(
    dict.fromkeys(
        [
            *(0x00AD, 0x034F, 0x061C, 0x180E, 0xFEFF),
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2070),
            *range(0xFE00, 0xFE10),
        ],
        "",
    )
)
_one_kind: Final = _swapping(
    {
        **dict.fromkeys(map(ord, "‘’‛ʼ`´＇"), "'"),
        **dict.fromkeys(map(ord, "‐‑‒–—−"), "-"),
    }
)
_unstroked: Final = _swapping(
    str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})
)
PAGE: Final = re.compile(r"(?:https?://|(?<!\w)www\.)[^\s<>\"]+", re.IGNORECASE)
_PLAIN_PAGE: Final = re.compile(
    r"(?:https?://)?+[a-z0-9.-]++(?:/[\w./?=%&#+~:@-]*)?(?<=[a-z0-9/])", re.IGNORECASE
)
"""An address behind which nothing can stand: most are, and told quickly."""
_APART: Final = re.compile(
    r"\]\(|[,;](?=https?://)|&(?:gt|lt|quot|#39);"
    "|[`|“”„«»‹›。，、！？\u200b-\u200f\u2060\ufeff\u2600-\u27bf\U0001f000-\U0001faff]",
    re.IGNORECASE,
)
"""What ends an address in running text, or parts it from the next, wherever it stands."""
_HOST: Final = re.compile(
    r"(?:https?://)?+(?:[^\s/?#@,]*+@)?+(?:\[[^\]]*+\]|[\w.-]++)(?::\d++)?+(?![/?#])", re.IGNORECASE
)
"""An address that ends with its host: whatever follows is no part of it."""
_OPENED: Final = {")": "(", "]": "[", "}": "{", ">": "<"}
_CHUNK: Final = re.compile(r"(?<![^\s<>\"])[^\s<>\"@]*@[^\s<>\"]*")
"""What stands between spaces, as far as it holds an ``@``."""
_ACCENTS: Final = re.compile("(?<=[a-z\u00df-\u024f\u0370-\u03ff])[\u0300-\u036f]+")
"""Accents of letters that are written without them too: Latin and Greek ones."""
_REMEMBERED: Final = 20_000
"""Accounts and tags that come back again and again."""
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_SIGNS: Final = frozenset(("", *" .,!?:;)"))
_ELISIONS: Final = frozenset({"l", "d", "j", "c", "s", "n", "m", "t", "qu"})


def fold(text: str) -> str:
    """The copy of a text in which names are looked for; its offsets are its own.

    Without capitals, and without accents in scripts that people often write without them:
    *Citroën* and *citroen* are one. Other scripts keep their marks, for those are letters.
    """
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    plain = unicodedata.normalize("NFKC", _one_kind(_visible(text)))
    bare = _ACCENTS.sub("", _unstroked(unicodedata.normalize("NFKD", plain.casefold())))
    folded = _one_kind(unicodedata.normalize("NFKC", bare))
    return " ".join(folded.split())


@lru_cache(maxsize=_REMEMBERED)
def fold_account(account: str) -> str:
    """An account or handle as it is compared: folded, without a leading ``@``."""
    return fold(account).removeprefix("@")


@lru_cache(maxsize=_REMEMBERED)
def fold_tag(tag: str) -> str:
    """A hashtag as it is compared: folded, without ``#``."""
    return fold(tag).removeprefix("#")


def host_and_path(address: str) -> tuple[str, str]:
    """Host in its ASCII form without ``www.``, and path; empty where it is no address."""
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        host = (parts.hostname or "").rstrip(".").removeprefix("www.")
        return host if host.isascii() else host.encode("idna").decode("ascii"), parts.path
    except (ValueError, UnicodeError):
        return "", ""


def pages_in(text: str) -> list[str]:
    """The addresses in a running text: as they stand there, and without what is written behind.

    Both count where they differ, for a sentence may end behind ``Yahoo`` and in ``Yahoo!``.
    """
    found: dict[str, None] = {}
    for written in PAGE.findall(text) if holds_page(text) else ():
        found[written] = None
        if _PLAIN_PAGE.fullmatch(written):
            continue
        for part in _APART.split(written):
            if PAGE.match(part):
                found[_without_behind(part)] = None
    return list(found)


def _without_behind(address: str) -> str:
    """An address without the signs of the sentence, bracket or markup around it."""
    host = _HOST.match(address)
    if host:
        address = host[0]
    unopened = {
        closer: address.count(closer) - address.count(opener) for closer, opener in _OPENED.items()
    }
    end = len(address)
    while end and not (address[end - 1].isalnum() or address[end - 1] == "/"):
        sign = address[end - 1]
        if sign in unopened:
            if unopened[sign] <= 0:
                break
            unopened[sign] -= 1
        end -= 1
    return address[:end]


def without_addresses(text: str) -> str:
    """The text with pages, mailboxes and ``@name@server`` blanked: they are no running text."""
    if holds_page(text):
        text = PAGE.sub(" | ", text)
    if "@" in text and _joins_with_at(text):
        text = _CHUNK.sub(lambda chunk: " | " if _is_mailbox(chunk[0]) else chunk[0], text)
    return text


def _joins_with_at(text: str) -> bool:
    """Whether an ``@`` stands inside a word: most only begin the name of a person."""
    return text.count("@") != text.count(" @") + text.startswith("@")


def holds_page(text: str) -> bool:
    """Whether ``PAGE`` is worth looking for in a text."""
    return "://" in text or (("w." in text or "W." in text) and "www." in text.lower())


def _is_mailbox(chunk: str) -> bool:
    name, _, server = chunk.rpartition("@")
    return name.strip("@(") != "" and "." in server.strip(".,;:!?)")


def begins_word(text: str, start: int) -> bool:
    """Whether no word goes on before ``start``, as ``is_whole_word`` sees it."""
    return not _goes_on_before(text, start)


def is_unspaced(character: str) -> bool:
    """Whether a character belongs to a script that is written without spaces."""
    return bool(_UNSPACED.match(character))


def is_whole_word(text: str, start: int, end: int) -> bool:
    """Whether no word of the folded ``text`` goes on at either side of ``start:end``.

    Letters, digits and underscores go on; a hyphen does not (*KPN-klant*), nor does an apostrophe
    (*KPN's*, *NS'er*, *l'Oréal*), apart from *can't* and *O'Neill*. Scripts that are written
    without spaces have a border everywhere.
    """
    # most names stand between spaces and the signs of a sentence
    if (start == 0 or text[start - 1] == " ") and text[end : end + 1] in _SIGNS:
        return True
    return not (_goes_on_before(text, start) or _goes_on_after(text, end))


def _goes_on_before(text: str, start: int) -> bool:
    if start == 0 or not _is_word(text[start]):
        return False
    before = text[start - 1]
    if before == "'" and start >= 2 and _is_word(text[start - 2]):
        return _last_word(text, start - 1) not in _ELISIONS
    return _is_word(before) and not _is_unspaced(before, text[start])


def _goes_on_after(text: str, end: int) -> bool:
    if end == len(text):
        return False
    after = text[end]
    if unicodedata.combining(after):
        return True
    if not _is_word(text[end - 1]):
        return False
    if after == "'":
        return text[end + 1 : end + 2] == "t" and not _is_word(text[end + 2 : end + 3] or " ")
    return _is_word(after) and not _is_unspaced(text[end - 1], after)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _is_unspaced(one: str, other: str) -> bool:
    return bool(_UNSPACED.match(one) or _UNSPACED.match(other))


def _last_word(text: str, end: int) -> str:
    start = end
    while start > 0 and end - start < 3 and _is_word(text[start - 1]):
        start -= 1
    return text[start:end]
