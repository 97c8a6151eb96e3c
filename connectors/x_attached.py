"""The words of what is attached to a post of X: an article, choices of a poll, pictures told."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from pipeline.source import Item


class _Option(msgspec.Struct, gc=False):
    label: str = ""


class _Thing(msgspec.Struct, gc=False):
    """A poll with what could be chosen, or a picture with what is to be seen on it."""

    options: tuple[_Option, ...] = ()
    alt_text: str | None = None


class Attachments(msgspec.Struct, gc=False):
    """Ids, and in archives that put everything inside the post what these stand for."""

    poll: _Thing | None = None
    media: tuple[_Thing, ...] = ()


class Article(msgspec.Struct, gc=False):
    """A long text of its own; the post that carries it has nothing but its address."""

    title: str | None = None
    plain_text: str | None = None
    preview_text: str | None = None


def attached_words(
    article: Article | None, inside: Attachments | None, item: Item
) -> Iterator[str]:
    """An article, what could be chosen in a poll, and what is to be seen on pictures."""
    if article is not None:
        yield article.plain_text or article.preview_text or ""
    given = item.context.get("attached")
    things = msgspec.json.decode(given, type=list[_Thing]) if given else []
    if inside is not None:
        things += [*([inside.poll] if inside.poll else []), *inside.media]
    for each in things:
        yield from (option.label for option in each.options)
        yield each.alt_text or ""
