"""Cut an answer of Google Play into reviews and the answers inside them."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import msgspec

from connectors.google_refusal import refused
from connectors.googleplay_review import answer_post, review_post
from connectors.paging import decode, unless_refused
from connectors.reviews import halves
from pipeline.errors import PayloadError
from pipeline.post import Post
from pipeline.source import Item, Reply

_LIST: Final = frozenset({"reviews", "tokenPagination", "pageInfo"})
_NO_POSTS: Final = frozenset({"access_token", "result", "message"})


class _Paging(msgspec.Struct, rename="camel"):
    next_page_token: str | None = None


class Listed(msgspec.Struct, rename="camel"):
    """A list without reviews is an empty object, and the last page names no next one."""

    reviews: list[msgspec.Raw] = []
    token_pagination: _Paging = msgspec.field(default_factory=_Paging)


def cut(reply: Reply) -> Iterator[Item]:
    """The reviews of a list, or the one asked for, each followed by the answer to it.

    Raises:
        PayloadError: none of these.
    """
    unless_refused(refused(reply))
    answer = decode(reply.body, dict[str, msgspec.Raw])
    if "reviewId" in answer:
        yield from _both(reply.body.strip(), "$", reply)
    elif answer.keys() <= _LIST:
        for index, raw in enumerate(decode(reply.body, Listed).reviews):
            yield from _both(bytes(raw), f"$.reviews[{index}]", reply)
    elif not _NO_POSTS & answer.keys():
        raise PayloadError("neither reviews nor a review", where="$")


def post_in(item: Item) -> Post | None:
    """A review, or the answer that stands in it; None where nothing was answered."""
    return answer_post(item) if item.context["part"] == "answer" else review_post(item)


def _both(raw: bytes, path: str, reply: Reply) -> Iterator[Item]:
    yield from halves(raw, path, reply, b'"developerComment"', {"package": _package(reply.url)})


def _package(address: str) -> str:
    """The package is told by the address only: ``…/applications/nl.acme.app/reviews``."""
    _, _, rest = urlsplit(address).path.partition("/applications/")
    return unquote(rest.partition("/")[0])


THIS: Final[Any] = SimpleNamespace(read=cut, to_post=post_in)
