"""What a post of LinkedIn shows besides its words: an article, a poll, pictures, a document."""

from __future__ import annotations

import msgspec

from connectors.markup import clean


class _Article(msgspec.Struct):
    source: str | None = None


class _Option(msgspec.Struct):
    text: str = ""


class _Poll(msgspec.Struct):
    question: str = ""
    options: list[_Option] = []


class _Media(msgspec.Struct, rename="camel"):
    """A picture, a video or a document; the last two have a title."""

    title: str = ""
    alt_text: str = ""


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


def shown_words(content: Content | None) -> list[str]:
    """The question of a poll and what could be chosen, titles, descriptions of pictures."""
    if content is None:
        return []
    poll, several = content.poll or _Poll(), content.multi_image or _Several()
    media = [*([content.media] if content.media else []), *several.images]
    told = [poll.question, *(each.text for each in poll.options)]
    told += [words for each in media for words in (each.title, each.alt_text)]
    return [clean(each) for each in told if each]
