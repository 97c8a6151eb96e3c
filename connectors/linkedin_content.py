"""What a post of LinkedIn shows besides its words: an article, a poll, pictures, a document."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from connectors.markup import clean

_FILE: Final = re.compile(
    r"[^\n]*\w\.(?:avi|docx?|gif|heic|jpe?g|m4v|mkv|mov|mp4|odp|odt|pdf|png|pptx?|webm|webp|wmv)",
    re.IGNORECASE,
)
"""The name of a file, which is a title where its writer gave none."""


class _Article(msgspec.Struct):
    source: str | None = None


class _Option(msgspec.Struct):
    text: str = ""


class _Poll(msgspec.Struct):
    question: str = ""
    options: list[_Option] = []


class _Media(msgspec.Struct, rename="camel"):
    """A picture, a video or a document; the last two have a title, which may be a number."""

    title: Any = None
    alt_text: Any = None


class _Several(msgspec.Struct):
    images: list[_Media] = []


class Content(msgspec.Struct, rename="camel"):
    """One of these, or something else that has no words of its own."""

    article: _Article | None = None
    poll: _Poll | None = None
    media: _Media | None = None
    multi_image: _Several | None = None


def article_in(content: Content | None) -> list[str]:
    """The address of the article that is shared."""
    source = content.article.source if content and content.article else None
    return [source] if source else []


def shown_words(content: Content | None, said: str) -> list[str]:
    """The question of a poll and what could be chosen, titles, descriptions of pictures.

    Not what the post itself says, nor anything twice.
    """
    if content is None:
        return []
    poll, several = content.poll or _Poll(), content.multi_image or _Several()
    media = [*([content.media] if content.media else []), *several.images]
    told = [poll.question, *(each.text for each in poll.options)]
    for each in media:
        title = _words(each.title)
        told += ["" if _FILE.fullmatch(title) else title, _words(each.alt_text)]
    return [words for words in dict.fromkeys(map(clean, told)) if words and words != said]


def _words(told: Any) -> str:
    return str(told).strip() if isinstance(told, str | int | float) else ""
