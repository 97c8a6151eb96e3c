"""X (Twitter): posts that name a company or address it, its own, whole conversations.

Reads: the API v2 (https://docs.x.com/x-api): recent search, or the full archive with
    ``options.archive``; posts of an account and posts that mention it; posts by id. Queries hold
    ``terms``, ``tags`` and ``urls`` (pages that people share) and, where one is given,
    ``options.narrow`` (such as ``-giveaway``). Deletions are found by asking for known posts again
    and, with ``options.compliance``, by a nightly job of batch compliance over those that are not
    asked for again: it reads no posts, so it costs nothing, and what it does not name counts as
    seen. A night hands over 100,000 of a source, those not seen for longest first; the words of
    what is beyond go when the term is over, so divide its names over more sources.
Access: X_BEARER_TOKEN of an app with credits: every post and user that is read costs money, once a
    day (UTC). Whether those that stand beside a post cost too is not told (2026-11): they are
    counted, and only authors, polls and what a repost repeats are asked for. Pictures have a
    price of their own: their descriptions are read from files alone.
Cannot tell: who reposted; without the archive, what of a conversation is older than seven days;
    whether an author is a program, unless the account bears the label of one.
Quirks: recent search knows seven days (a gap is told when it was asked for two weeks or more), an
    account's own posts end at 3,200, those that mention it at 800. Times are asked for and not
    ``since_id``: one of more than seven days ago is refused. Each edit has an id of its own: the
    first one names the post. Posts never come late, and each night that reads a day again pays for
    it again: keep ``collection.window_days`` small; so does asking for known posts again (ten
    dollars for 2,000: ``refresh_per_source`` of the source; 0 with ``options.compliance``, whose
    job is waited for ten minutes at most, else the next night reads it). A repost has the words of
    the original and no numbers. What is withheld anywhere or protected is not kept. The archive
    allows a third less: set ``requests_per_minute = 20``. That ``url:`` finds quotes, and that
    paying for use alone opens batch compliance, is not verified (2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from connectors import x_ask as ask
from connectors import x_jobs as jobs
from connectors import x_known as known
from connectors import x_post, x_status
from connectors import x_query as query
from connectors.paging import once
from connectors.x_problem import refusal as refusal
from connectors.x_reply import counted, cut
from pipeline.post import Gap, Post, Read, StillThere
from pipeline.source import Access, Item, Quota, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

SYNTAX: Final = query.SYNTAX
pause: Final = jobs.pause
MONTH: Final = 30 * 86_400.0
ACCESS: Final = Access(
    kind="key",
    requests=450,
    seconds=900.0,
    secrets=(ask.TOKEN,),
    needs=dict.fromkeys(("mentions", "timeline", "inbox", "thread", "refresh"), (ask.TOKEN,)),
    narrows={"mentions": {"language": "", "narrow": ""}},
    # Prices are in dollars: taking them for euro errs on the safe side.
    quotas={
        "posts": Quota(limit=3_000_000, seconds=MONTH, euro=0.005),
        "users": Quota(seconds=MONTH, euro=0.010),
    },
)
MOST_OWN: Final = 3_200
MOST_MENTIONS: Final = 800


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Posts with the words, tags and addresses; also with the accounts if the inbox is not read."""
    wanted = list(query.about(source))
    if "inbox" not in source.verbs:
        wanted += query.to(source)
    yield from once(ask.search(source, client, wanted, since, list(query.narrowing(source))))
    if wanted and not ask.in_archive(source) and ask.is_far(since):
        reason = "recent search knows seven days"
        yield Gap(gap_from=since, gap_to=ask.now() - ask.WEEK, reason=reason)


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts posted, answered and reposted."""
    yield from once(ask.lists(source, client, "tweets", {}, since, MOST_OWN))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What mentions, answers or quotes the accounts.

    A search: it finds answers in which the name was removed, and does not end at 800. What is older
    than it knows comes from the list of mentions.
    """
    reads = ask.search(source, client, list(query.to(source)), since)
    yield from once(_with_older(source, client, since, reads))


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The uppermost post, the one that is answered, and whatever was said below."""
    own = (post.post_id, post.native_id, *post.aliases)
    root = post.root_id or post.post_id
    above = [each for each in dict.fromkeys((root, post.parent_id)) if each and each not in own]
    yield from once(known.conversation(source, client, above, own if root in own else (root,)))


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now, a hundred at a time; one that is gone or hidden as its tombstone."""
    ordered = sorted(posts, key=lambda post: post.kind == "repost")
    for start in range(0, len(ordered), ask.PAGE):
        some = ordered[start : start + ask.PAGE]
        yield from known.as_they_are(
            source, client, {each.native_id or each.post_id: each for each in some}
        )


def gone(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read | StillThere]:
    """Which of many posts are gone, and which still there, where ``options.compliance`` is set."""
    if source.options.get("compliance") is True:
        yield from jobs.gone(source, client, posts)


def spent(reply: Reply) -> Mapping[str, int]:
    """Posts and users in the reply, each once, with those that stand beside."""
    return counted(reply) if reply.status == 200 else {}


def read(reply: Reply) -> Iterator[Item]:
    """The posts of any reply, event or list of compliance; everything else of X gives none.

    Raises:
        LuisterError: a refusal, or nothing but what is missing.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A post, or what is left of one that was deleted; also those of API v1.1, kept in files."""
    is_old = item.context.get("shape") in x_status.SHAPES
    return x_status.to_post(item) if is_old else x_post.to_post(item)


def _with_older(
    source: Source, client: Client, since: datetime, newer: Iterator[Read]
) -> Iterator[Read]:
    yield from newer
    if source.accounts and not ask.in_archive(source) and ask.is_far(since):
        until = {"end_time": ask.written(ask.now() - ask.WEEK + ask.AN_HOUR)}
        yield from ask.lists(source, client, "mentions", until, since, MOST_MENTIONS)
