"""Reviews that Google keeps, of apps and of places, asked for again one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from connectors.google_refusal import refused
from connectors.paging import Reader, settled, understand
from pipeline.errors import PayloadError, SourceGone
from pipeline.post import Post, Read
from pipeline.source import Reply

if TYPE_CHECKING:
    from pipeline.http import Client

_GONE: Final = (404,)


def by_review(posts: Iterable[Post]) -> Mapping[str, Sequence[Post]]:
    """Reviews and the answers to them, by the name of the review."""
    found: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        found[post.root_id or post.post_id].append(post)
    return found


def as_they_are(
    client: Client,
    token: str,
    reader: Reader,
    reviews: Iterable[tuple[str, Sequence[Post]]],
    few: Mapping[str, int],
) -> Iterator[Read]:
    """Each review as it is now, with the answer to it, by its address.

    One that is not there is gone, as long as the list it stood in is there: that is asked once,
    for a ``few``.

    Raises:
        PayloadError: what is not there is the address itself.
    """
    there: set[str] = set()
    for address, posts in reviews:
        reply = client.get(address, bearer=token, expect=_GONE)
        reads: list[Read] = []
        if reply.status in _GONE:
            check_words(reply)
            listed = address.rpartition("/")[0]
            if listed not in there:
                client.get(listed, params=few, bearer=token)
                there.add(listed)
        else:
            reads = list(understand(reader, [reply]))
        yield from settled(posts, reads, reply)


def check_words(reply: Reply) -> None:
    """Nothing is gone because an address of the API is.

    Raises:
        PayloadError: these are not Google's words for what is not there.
    """
    if not isinstance(refused(reply), SourceGone):
        raise PayloadError("404, but no word of a review", where=reply.url)
