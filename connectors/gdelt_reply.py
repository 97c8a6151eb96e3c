"""Cut an answer of GDELT into articles, and tell the sentence that comes instead of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from connectors.gdelt_article import mended
from connectors.paging import decode, items, unless_refused
from pipeline.errors import LuisterError, PayloadError, RateLimited, SourceUnavailable
from pipeline.source import Item, Reply

QUIET: Final = 3_600.0
"""Seconds to leave GDELT alone when it refuses: it counts by the hour, not by the second."""
_MARKUP: Final = re.compile(r"<[^<>]*>")
_LIMITS: Final = ("limit requests", "5 seconds", "rate limit", "too many requests")
_TROUBLES: Final = ("unavailable", "overloaded", "timed out", "try again later")
_OTHERS: Final = frozenset({"timeline", "tonechart", "wordcloud", "query_details"})


def refusal(reply: Reply) -> LuisterError | None:
    """The sentence that comes instead of articles, mostly with status 200."""
    if reply.status == 429 and "retry-after" not in reply.headers:
        return RateLimited("GDELT asks us to wait (429)", seconds=QUIET, where=reply.url)
    if reply.status != 200 or reply.body[:1] in {b"{", b"["}:
        return None
    text = " ".join(_MARKUP.sub(" ", reply.body[:2_000].decode("utf-8", "replace")).split())
    words = text.lower()
    if any(each in words for each in _LIMITS):
        return RateLimited(f"GDELT asks us to wait: {text[:160]}", seconds=QUIET, where=reply.url)
    if any(each in words for each in _TROUBLES):
        return SourceUnavailable(f"GDELT has trouble: {text[:160]}", where=reply.url)
    is_sentence = " " in text and text[:1].isalpha() and not reply.body.lstrip().startswith(b"<")
    if not is_sentence:
        return None
    return PayloadError(
        f"GDELT does not take the question: {text[:160]}",
        where=reply.url,
        todo="mend the terms or options.filter of this source in luister.toml",
    )


def cut(reply: Reply) -> Iterator[Item]:
    """The articles of a list; no articles at all is an empty object, other modes hold none.

    Raises:
        PayloadError: not an answer of GDELT, or a question it does not take.
        RateLimited: it asks us to wait.
    """
    unless_refused(refusal(reply))
    answer = decode(mended(reply.body), dict[str, msgspec.Raw])
    if "articles" in answer:
        articles = decode(bytes(answer["articles"]), list[msgspec.Raw], where="$.articles")
        yield from items(articles, reply, "$.articles")
    elif answer and not _OTHERS & answer.keys():
        raise PayloadError("neither articles nor another mode of GDELT", where="$")
