"""Ask X for posts by their ids: what a conversation hangs below, and known posts as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from connectors import x_ask as ask
from connectors.paging import tombstone, understand
from connectors.x_post import born_at
from connectors.x_problem import absence, missing
from connectors.x_reply import counted
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client


def conversation(
    source: Source, client: Client, above: Sequence[str], roots: Sequence[str | None]
) -> Iterator[Read]:
    """What stands above, then all that was said below the roots.

    What is gone comes as its tombstone: else it would be asked for, and paid, every night.
    """
    if above:
        reply = ask.lookup(source, client, above, ask.AUTHOR)
        if absence(reply) is None or counted(reply):
            yield from understand(ask.THIS, [reply])
        gone = missing(reply)
        yield from (_without_words(number, reply) for number in above if number in gone)
    wanted = [f"conversation_id:{each}" for each in dict.fromkeys(roots) if each]
    yield from ask.search(source, client, wanted, ask.BEGINNING)


def _without_words(number: str, reply: Reply) -> Post:
    """A post of which nothing is known but that it was there."""
    bare = Post(
        platform="x",
        post_id=number,
        native_id=number,
        kind="post",
        observed_at=reply.observed_at,
        created_at=born_at(number),
    )
    return tombstone(bare, reply)


def as_they_are(source: Source, client: Client, asked: Mapping[str, Post]) -> Iterator[Read]:
    """The posts of one batch; of one that was edited, the latest version is asked for."""
    has_repost = any(each.kind == "repost" for each in asked.values())
    reply = ask.lookup(source, client, list(asked), ask.ORIGINAL if has_repost else ask.AUTHOR)
    known = {each.post_id: each for each in asked.values()}
    gone, newer = missing(reply), dict[str, Post]()
    for each in understand(ask.THIS, [reply] if counted(reply) or not gone else []):
        if not isinstance(each, Post):
            yield each
            continue
        latest = max((each.post_id, *each.aliases), key=int)
        before = known.get(each.post_id, each)
        if latest != each.native_id and latest not in asked:
            newer[latest] = before
        else:
            yield each if each.is_keepable else tombstone(before, reply)
    yield from (tombstone(post, reply) for number, post in asked.items() if number in gone)
    if newer:
        yield from as_they_are(source, client, newer)
