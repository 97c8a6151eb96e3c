"""Trustpilot: reviews of companies, and what the companies answered.

Reads: the public API (https://developers.trustpilot.com, business units and service reviews) for
    ``accounts``, the domains that the companies have there (``acme.nl``), one's own or not; with
    ``source.language`` only reviews in that language. Bodies of webhooks are understood too.
Access: TRUSTPILOT_API_KEY, of the paid API module: 200,000 calls a year in the smallest; a budget
    in luister.toml keeps to what is paid for.
Cannot tell: views, who found a review unhelpful, when an answer was changed; the private part
    (mail addresses, orders) is neither asked for nor read.
Quirks: newest first by their first time, so a review that was revised does not move up: it comes
    with ``refresh``, as do late answers. Reviews that were archived or are under investigation are
    not public. Some times name no zone and are UTC. Kept reviews must be read anew every day, says
    Trustpilot. No reply could be recorded: the shapes are those that tools for taking the data out
    know. How deep pages go (here 1,000 are read, then a gap is told), the words of ``status`` and
    those of webhooks are unverified (2026-11).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from connectors import trustpilot_ask as ask
from connectors.paging import of_accounts, once, settled, understand
from connectors.trustpilot_reply import cut
from connectors.trustpilot_reply import refusal as refusal
from connectors.trustpilot_review import part_post
from pipeline.post import Post, Read
from pipeline.source import Access, Item, Quota, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="key",
    requests=160,
    seconds=60.0,
    secrets=ask.SECRETS,
    needs={"inbox": ask.SECRETS, "refresh": ask.SECRETS},
    quotas={"calls": Quota(seconds=30 * 86_400.0)},
    narrows={"inbox": {"language": ""}},
)


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """The reviews of the companies, newest first, and the answers to them."""

    def reviews(domain: str) -> Iterator[Read]:
        unit = ask.unit_of(source, client, domain)
        return once(ask.reviews(source, client, unit, since))

    yield from of_accounts(source.accounts, reviews)


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Reviews and answers as they are now, one review at a time; who is not there is gone."""
    reviews: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        reviews[post.root_id or post.post_id].append(post)
    for name, some in reviews.items():
        reply = ask.one(source, client, name)
        reads = [] if reply.status in ask.GONE else list(understand(ask.THIS, [reply]))
        yield from settled(some, reads, reply)


def spent(reply: Reply) -> Mapping[str, int]:
    """Every answer counts against the calls of the year, but not those of the gate before it."""
    return {} if reply.status in {401, 429, 503} else {"calls": 1}


def read(reply: Reply) -> Iterator[Item]:
    """The reviews of a list or of webhooks, or the one asked for, each followed by its answer.

    Raises:
        PayloadError: none of these.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A review, or the answer that stands in it; None where nothing was answered."""
    return part_post(item)
