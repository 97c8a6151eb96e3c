"""Reviews with the answer of who was reviewed inside them: two posts in one thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.source import Item, Reply


def halves(
    raw: bytes, path: str, reply: Reply, mark: bytes, context: Mapping[str, str] | None = None
) -> Iterator[Item]:
    """A review as two items where it may hold an answer: ``part`` of the context says which.

    Args:
        raw: the review as sent.
        path: where it stood.
        reply: in which it came.
        mark: without these bytes it holds no answer.
        context: what else the reply tells of it.
    """
    for part in ("review", "answer") if mark in raw else ("review",):
        yield Item(
            raw=raw,
            path=path,
            observed_at=reply.observed_at,
            context={**(context or {}), "part": part},
        )
