"""What a server says when it refuses, in its own words, not as the document they came in."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator, Set
from typing import Any, Final

import msgspec

LENGTH: Final = 160
_READ: Final = 65_536
_DEEP: Final = 4
_TELLING: Final = frozenset(
    {
        *("error", "errors", "message", "messages", "msg", "title", "detail", "details", "reason"),
        *("description", "explanation", "error_description", "error_message", "info", "fault"),
        *("faultstring", "meta", "messagetranslations", "en", "nl"),
        *("error_msg", "errormessage", "error_summary", "error_user_msg"),
    }
)
"""Names, in lower case, under which platforms say what is wrong."""

_ERRORS: Final = frozenset({"error", "errors"})
"""Names below which any text tells what is wrong, where nothing is said under a known name."""

_BINARY: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]|\ufffd{3}")
"""What stands in no text that people write: controls, or much that is not UTF-8."""

_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_TITLE: Final = re.compile(r"(?is)<title\b[^<>]{0,300}>([^<]{0,1000})")
_XML_WORDS: Final = re.compile(r"(?is)<message(?:\s[^<>]{0,300})?>([^<]{0,1000})")
_HTML: Final = re.compile(r"(?i)<!doctype html\b|<html\b")


def own_words(body: bytes) -> str:
    """What an answer says, on one line: the message in its JSON, the title of a page, its text."""
    text = _decoded(body[:_READ]).lstrip("\ufeff").strip()
    if _BINARY.search(text):
        return "something that is no text"
    if text.startswith("<"):
        return _of_a_page(text)
    if text.startswith(("{", "[", '"')):
        told = _json_in(text)
        if told is not None:
            return _joined(_said(told, 0, is_error=False)) or "JSON without a message"
        if text.startswith("{"):
            return "JSON that cannot be read"
    return _on_one_line(text[: 20 * LENGTH])[:LENGTH] or "no text"


def without_tags(words: str) -> str:
    """A message in which a platform marks up words or links, as it is read."""
    return html.unescape(_TAG.sub("", words))


def _decoded(body: bytes) -> str:
    """The beginning of a text: UTF-8, which may be cut off, or else Latin-1 where it looks so."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        text = body.decode("latin-1")
        is_latin = 2 * sum(map(str.isascii, text)) > len(text)
        if is_latin and not _CONTROL.search(text):
            return text
        return body.decode("utf-8", "replace")


def _json_in(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return None


def _said(told: Any, depth: int, *, is_error: bool) -> Iterator[str]:
    """All texts that stand where platforms say what is wrong, in their order."""
    if isinstance(told, str):
        yield _on_one_line(without_tags(told))
    elif isinstance(told, list) and depth < _DEEP:
        for each in told:
            yield from _said(each, depth + 1, is_error=is_error)
    elif isinstance(told, dict) and depth < _DEEP:
        known = _below(told, _TELLING, depth, is_error=is_error)
        if is_error and not known:
            known = _below(told, {each.lower() for each in told}, depth, is_error=True)
        yield from known


def _below(told: dict[str, Any], names: Set[str], depth: int, *, is_error: bool) -> list[str]:
    """The texts below the ``names``, which are in lower case."""
    return [
        words
        for name, each in told.items()
        if name.lower() in names
        for words in _said(each, depth + 1, is_error=is_error or name.lower() in _ERRORS)
        if words
    ]


def _joined(words: Iterator[str]) -> str:
    """Each text once, whatever its capitals, as far as one line holds them."""
    once = {each.casefold(): each for each in words if each}
    return " – ".join(once.values())[:LENGTH]


def _of_a_page(text: str) -> str:
    is_xml = text.startswith("<?xml") or _XML_WORDS.search(text) is not None
    is_page = _HTML.search(text) is not None or not is_xml
    found = (_TITLE if is_page else _XML_WORDS).search(text)
    title = _on_one_line(html.unescape(found[1]))[:LENGTH] if found else ""
    called = "an HTML page" if is_page else "XML"
    return f"{called}: {title}" if title else called


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
