"""The ways in which a name is written: as it stands, and in the codes of addresses, JSON and HTML.

``Jürgen`` is ``J%C3%BCrgen`` in an address, ``&uuml;`` stands for its second letter on a page and
``u00fc`` behind a backslash in a payload, and each of these may stand inside another. ``plain``
undoes them all. Where bytes are searched, ``anchors`` tell where it is worth the while.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from html.entities import codepoint2name
from typing import Final
from unicodedata import is_normalized, normalize
from urllib.parse import unquote_to_bytes

_MOST_LAYERS: Final = 4
_HINTS: Final = frozenset("%\\&")
_CODED: Final = re.compile(
    r"(?i)(?:%[0-9a-f]{2})+|(?<!\\)(?:\\+u[0-9a-f]{4})+|(?<!\\)\\+[bfnrt]|\\xa0"
    r"|&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});"
)
_STRESSED: Final = re.compile(
    r"(?<!_)[@＠/]\w[\w.-]*|(?<!\w)_+(?=[@＠]?[^\W_])|(?<=[^\W_])_+(?!\w)"
)
"""What stands behind its sign as it is, or underscores around a word."""

_CLUSTER: Final = re.compile(r"[^\W\d_][\u0300-\u036f]+")
_IN_CAPITALS: Final = str.maketrans({"ı": "i", "ß": "ss"})
_LETTERS: Final = {
    f"{code:02{case}}".encode(): bytes([code])
    for code in b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"
    for case in "xX"
}


def low(text: str) -> str:
    """A text without capitals, of the same length: ``İ`` alone would become two characters."""
    return text.replace("İ", "i").lower()


def readings(text: str) -> tuple[str, ...]:
    """As ``low``; where words may be stressed as in ``_Anna_``, also with ``*`` around them.

    An underscore between letters is part of a handle, and so is each behind ``@`` or ``/``.
    """
    lowered = low(text)
    if "_" not in lowered:
        return (lowered,)
    loud = _STRESSED.sub(lambda told: told[0] if told[0][0] != "_" else "*" * len(told[0]), lowered)
    return (lowered,) if loud == lowered else (lowered, loud)


def from_capitals(text: str) -> str:
    """What a text in lower case has become if it was in capitals before: ``yılmaz`` ``yilmaz``."""
    return text.translate(_IN_CAPITALS)


def plain(text: str) -> str:
    """A text without codes and escapes, its letters in one piece."""
    for _ in range(_MOST_LAYERS):
        if _HINTS.isdisjoint(text):
            break
        before, text = text, _CODED.sub(lambda match: _decoded(match[0]), text)
        if text == before:
            break
    return text if is_normalized("NFC", text) else normalize("NFC", text)


def word_of(text: str) -> str:
    """A name as it is searched for: plain, and without capitals but for ``İ``."""
    return "".join(each if each == "İ" else each.lower() for each in plain(text))


def places(text: str) -> tuple[str, list[int], list[int]]:
    """As ``plain``, and where each of its characters begins and ends in ``text``."""
    begins, ends = list(range(len(text))), list(range(1, len(text) + 1))
    for _ in range(_MOST_LAYERS):
        text, begins, ends = _replaced(text, begins, ends, _CODED, _decoded)
    return _replaced(text, begins, ends, _CLUSTER, lambda told: normalize("NFC", told))


def without(text: str, spans: Iterable[tuple[int, int]], instead: str) -> str:
    """A text with something else in place of its spans, which come from left to right."""
    parts, done = [], 0
    for begin, end in spans:
        if begin >= done:
            parts += [text[done:begin], instead]
        done = max(done, end)
    return "".join([*parts, text[done:]])


def with_plain_letters(content: bytes) -> bytes:
    """Bytes in which letters and digits of ASCII stand as such, and not as their codes.

    Nobody needs to code them, so that few ever are; all other bytes are as they were.
    """
    for sign in (b"%", rb"\u00"):
        if sign in content:
            first, *rest = content.split(sign)
            content = first + b"".join(_uncoded(sign, rest))
    return content


def anchors(word: str) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Parts that every way of writing a word has, or where there are none, how it may begin.

    For bytes of ``with_plain_letters`` without their capitals; the word is one of ``word_of``.
    """
    parts = re.findall(r"[a-z0-9]+", word)
    if parts:
        return tuple(part.encode() for part in parts), ()
    first = word[:1]
    cases = {first, first.upper()[:1]}
    forms = cases | {normalize("NFD", each)[:1] for each in cases}
    return (), tuple(sorted({code for form in forms for code in _begins(form)}))


def longest_way(word: str) -> int:
    """Bytes that a word may take: an accent may stand apart, and all be coded twice over."""
    return sum(24 if character.isascii() else 100 for character in word)


def _begins(character: str) -> Iterator[bytes]:
    """The first bytes of a character, as it stands and coded."""
    content = character.encode("utf-8", "surrogatepass")
    yield content.lower()
    yield from (f"%{again}{content[0]:02x}".encode() for again in ("", "25", "2525"))
    yield rb"\u" + character.encode("utf-16-be", "surrogatepass").hex()[:4].encode()
    code = ord(character)
    yield from (f"{told};".encode() for told in (f"#{code}", f"#x{code:x}"))
    if code in codepoint2name:
        yield f"{codepoint2name[code].lower()};".encode()


def _uncoded(sign: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        letter = _LETTERS.get(piece[:2])
        yield sign + piece if letter is None else letter + piece[2:]


def _replaced(
    text: str,
    begins: list[int],
    ends: list[int],
    pattern: re.Pattern[str],
    instead: Callable[[str], str],
) -> tuple[str, list[int], list[int]]:
    told: list[str] = []
    first: list[int] = []
    last: list[int] = []
    done = 0
    for match in pattern.finditer(text):
        start, end = match.span()
        new = instead(match[0])
        told += [text[done:start], new]
        first += begins[done:start] + [begins[start]] * len(new)
        last += ends[done:start] + [ends[end - 1]] * len(new)
        done = end
    return "".join([*told, text[done:]]), first + begins[done:], last + ends[done:]


def _decoded(coded: str) -> str:
    """What one run of codes of one kind stands for."""
    if coded[0] == "&":
        return unescape(coded)
    if coded[0] == "%":
        content = unquote_to_bytes(coded)
        try:
            return content.decode()
        except UnicodeDecodeError:
            return content.decode("latin-1")
    if "u" not in coded.lower():
        return " "
    halves = "".join(chr(int(each, 16)) for each in re.findall(r"(?i)u([0-9a-f]{4})", coded))
    # a sign beyond the basic plane is escaped as two halves; half of one is no text
    return halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
