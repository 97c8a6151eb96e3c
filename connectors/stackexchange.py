"""Stack Exchange: questions, answers and comments on Stack Overflow and its sister sites.

Reads: the API 2.3 (https://api.stackexchange.com/docs). ``options.sites`` are the sites, by the
    name the API gives them (default ``stackoverflow``); ``tags`` and ``terms`` are asked on each.
    An account is ``site/number``, such as ``stackoverflow/22656``, because names are not unique.
Access: open, 300 requests a day; 10,000 with STACKEXCHANGE_KEY (free, https://stackapps.com).
Cannot tell: audience sizes; up votes apart from down votes unless the reply says so (a score below
    zero is left unknown); deletions, but for what is no longer listed; whom a comment names.
Quirks: errors have their own numbers, whatever the status; ``backoff`` in the body asks to wait;
    search finds excerpts without authors, so the posts found are asked for again; without a key no
    page beyond the 25th is given, so time is cut into slices; comments do not say under which
    question they stand, so the answers above them are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from connectors import stackexchange_ask as ask
from connectors.paging import once, settled, understand
from connectors.stackexchange_item import thing_post
from connectors.stackexchange_reply import cut
from connectors.stackexchange_reply import pause as pause
from connectors.stackexchange_reply import refusal as refusal
from pipeline.post import Post, Read
from pipeline.relevance import push
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

SYNTAX: Final = push.Syntax()
ACCESS: Final = Access(
    kind="open",
    requests=60,
    seconds=60.0,
    secrets=("STACKEXCHANGE_KEY",),
    lists=("sites",),
)
_KINDS: Final = {"q": "questions", "a": "answers", "c": "comments"}


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Questions with one of the tags, questions and answers that hold one of the terms."""
    yield from once(_mentioning(source, client, since))


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts asked, answered and commented."""
    for site, number in _accounts(source):
        for what in _KINDS.values():
            pages = ask.pages(source, client, site, f"users/{number}/{what}", since)
            yield from once(ask.rooted(source, client, site, pages))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Comments that name the accounts, answers and comments to their posts of 30 days."""
    for site, number in _accounts(source):
        yield from once(ask.addressed(source, client, site, number, since))


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The question with its answers and the comments under all of them."""
    site, question = ask.question_of(source, client, post)
    numbers = [question]
    for path in (f"questions/{question}", f"questions/{question}/answers"):
        for each in understand(ask.THIS, ask.pages(source, client, site, path)):
            if isinstance(each, Post) and each.kind == "reply" and each.native_id:
                numbers.append(each.native_id)
            yield each
    yield from ask.comments(source, client, site, question, numbers)


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now; one that is no longer listed is gone."""
    groups: dict[tuple[str, str], list[Post]] = {}
    for post in posts:
        site, kind, _ = post.post_id.split(":")
        groups.setdefault((site, kind), []).append(post)
    for (site, kind), some in groups.items():
        numbers = [post.post_id.rpartition(":")[2] for post in some]
        replies = list(ask.many(source, client, site, _KINDS[kind] + "/{}", numbers))
        known = {post.post_id: post for post in some}
        reads = [_with_root(each, known) for each in understand(ask.THIS, replies)]
        yield from settled(some, reads, replies[-1])


def read(reply: Reply) -> Iterator[Item]:
    """The items of a reply, the answers and comments inside questions among them."""
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A question, an answer or a comment; None for users, tags, badges and the like."""
    return thing_post(item)


def _mentioning(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    for site in source.options.get("sites", ("stackoverflow",)):
        for tag in source.tags:
            pages = ask.pages(source, client, site, "questions", since, {"tagged": tag})
            yield from understand(ask.THIS, pages)
        for query in _searched(source):
            for page in ask.pages(source, client, site, "search/excerpts", since, {"q": query}):
                yield from ask.whole(source, client, site, page)


def _searched(source: Source) -> Sequence[str]:
    if source.query is not None:
        return push.searches(source.query, SYNTAX, source.platform).texts
    return [f'"{term}"' if " " in term else term for term in source.terms]


def _accounts(source: Source) -> Iterator[tuple[str, str]]:
    """The site and the number of each account."""
    for account in source.accounts:
        site, _, number = account.rpartition("/")
        yield site or "stackoverflow", number


def _with_root(each: Read, known: Mapping[str, Post]) -> Read:
    """A comment asked for by itself does not say its question: what was known stays."""
    if isinstance(each, Post) and each.root_id is None and each.post_id in known:
        return msgspec.structs.replace(each, root_id=known[each.post_id].root_id)
    return each
