"""The words of what is attached to a post of X: an article, choices of a poll, pictures told.

What is not as X writes it is left out: the post itself stands without it.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import msgspec

from pipeline.source import Item


def title_in(article: msgspec.Raw) -> str:
    """The title of an article."""
    return next((_words(each.get("title")) for each in _objects(_value(article))), "")


def attached_words(article: msgspec.Raw, inside: msgspec.Raw, item: Item) -> Iterator[str]:
    """An article, what could be chosen in a poll, and what is to be seen on pictures.

    A post names its polls and pictures by id; archives may put them inside the post as well.
    """
    for each in _objects(_value(article)):
        yield _words(each.get("plain_text")) or _words(each.get("preview_text"))
    given = item.context.get("attached")
    things = _objects(msgspec.json.decode(given)) if given else []
    for each in _objects(_value(inside)):
        things += [*_objects(each.get("poll")), *_objects(each.get("media"))]
    for words in dict.fromkeys(map(_shown, things)):
        yield from words


def _shown(thing: dict[str, Any]) -> tuple[str, ...]:
    """What could be chosen in a poll, or what is to be seen on a picture."""
    choices = (_words(each.get("label")) for each in _objects(thing.get("options")))
    return (*map(html.unescape, choices), _words(thing.get("alt_text")))


def _value(raw: msgspec.Raw) -> Any:
    return msgspec.json.decode(raw) if raw else None


def _objects(told: Any) -> list[dict[str, Any]]:
    """The objects of a list, or the one object that stands in its place."""
    listed = told if isinstance(told, list) else [told]
    return [each for each in listed if isinstance(each, dict)]


def _words(told: Any) -> str:
    return told if isinstance(told, str) else ""
