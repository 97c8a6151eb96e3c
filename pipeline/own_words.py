"""What a server says when it refuses, in its own words, not as the document they came in."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
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
    }
)
"""Names, in lower case, under which platforms say what is wrong."""

_BINARY: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]|\ufffd{3}")
"""What stands in no text that people write: controls, or much that is not UTF-8."""

_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_TITLE: Final = re.compile(r"(?is)<title\b[^<>]{0,300}>([^<]{0,1000})")
_XML_WORDS: Final = re.compile(r"(?is)<message>([^<]{0,1000})")


def own_words(body: bytes) -> str:
    """What an answer says, on one line: the message in its JSON, the title of a page, its text."""
    text = body[:_READ].decode("utf-8", "replace").lstrip("\ufeff").strip()
    if _BINARY.search(text):
        return "something that is no text"
    if text.startswith("<"):
        return _of_a_page(text)
    if text.startswith(("{", "[", '"')):
        told = _json_in(text)
        if told is not None:
            return _joined(_said(told, 0)) or "JSON without a message"
        if text.startswith("{"):
            return "JSON that cannot be read"
    return _on_one_line(text[: 20 * LENGTH])[:LENGTH] or "no text"


def without_tags(words: str) -> str:
    """A message in which a platform marks up words or links, as it is read."""
    return html.unescape(_TAG.sub("", words))


def _json_in(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return None


def _said(told: Any, depth: int) -> Iterator[str]:
    """All texts that stand where platforms say what is wrong, in their order."""
    if isinstance(told, str):
        yield _on_one_line(without_tags(told))
    elif isinstance(told, list) and depth < _DEEP:
        for each in told:
            yield from _said(each, depth + 1)
    elif isinstance(told, dict) and depth < _DEEP:
        for name, each in told.items():
            if name.lower() in _TELLING:
                yield from _said(each, depth + 1)


def _joined(words: Iterator[str]) -> str:
    """Each text once, whatever its capitals, as far as one line holds them."""
    once = {each.casefold(): each for each in words if each}
    return " – ".join(once.values())[:LENGTH]


def _of_a_page(text: str) -> str:
    is_page = "<html" in text.lower() or not text.startswith("<?xml")
    found = (_TITLE if is_page else _XML_WORDS).search(text)
    title = _on_one_line(html.unescape(found[1]))[:LENGTH] if found else ""
    called = "an HTML page" if is_page else "XML"
    return f"{called}: {title}" if title else called


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
