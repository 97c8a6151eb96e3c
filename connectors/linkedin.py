"""LinkedIn: the posts of a company's own page, what is said under them, and who mentions the page.

Reads: the Community Management API
    (https://learn.microsoft.com/linkedin/marketing/community-management): posts, socialActions,
    socialMetadata and organizationalEntityNotifications. An account is the name of a page,
    ``urn:li:organization:12345``. ``options.version`` is the month of the API (YYYYMM): LinkedIn
    switches each off after about a year.
Access: by approval: LINKEDIN_ACCESS_TOKEN of a member who administers the page, good for 60 days,
    with r_organization_social, rw_organization_admin for notices, and r_organization_social_feed
    for comments and counts: without that a thread has none and counts stay unknown. An app in
    development may ask a few hundred times a day. With LINKEDIN_CLIENT_ID, LINKEDIN_CLIENT_SECRET
    and LINKEDIN_REFRESH_TOKEN as well a new token is asked for each time; a refresh token that
    comes with it is kept in the file of LINKEDIN_REFRESH_TOKEN_FILE.
Cannot tell: names of people (only a number that differs for each application); language; views;
    posts of people that do not mention the page; whether a comment elsewhere mentions it; whether
    a post that mentions it was for everybody. There is no search.
Quirks: notices are kept for 60 days (a gap is told of what is older) and name a post by another
    urn than the post itself has; comments have two spellings; lists in addresses keep their
    brackets while the urns inside are escaped; daily limits end at midnight UTC. Notices that are
    asked for may only name what was said: then that is asked for too. Unverified in 2026-11, for
    want of recordings: how many posts one request may name, and whether a notice of an answer to
    a comment says what it answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import msgspec

from connectors import linkedin_ask as ask
from connectors.linkedin_notices import noticed
from connectors.linkedin_pages import CHUNK, pages, shown
from connectors.linkedin_post import understand_thing
from connectors.linkedin_reply import READER, cut
from connectors.linkedin_reply import refusal as refusal
from connectors.linkedin_token import RENEWAL, TOKEN
from connectors.linkedin_words import number_of, place_of
from connectors.paging import of_accounts, once, understand
from pipeline.errors import ConfigError
from pipeline.post import Post, Read
from pipeline.source import VERBS, Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="approval",
    requests=60,
    seconds=60.0,
    secrets=(TOKEN, *RENEWAL),
    needs={verb: (TOKEN,) for verb in VERBS if verb != "mentions"},
)
SPOKEN_TO: Final = ("COMMENT", "COMMENT_EDIT", "COMMENT_DELETE", "SHARE", "SHARE_MENTION")
SPOKEN: Final = ("ADMIN_COMMENT",)


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the pages posted, with its counts, and what they commented."""

    def said(account: str) -> Iterator[Read]:
        page = _page_urn(account, source)
        path = f"posts?q=author&author={quote(page, safe='')}&sortBy=LAST_MODIFIED"
        replies = pages(source, client, path, since=since)
        yield from once(
            each
            for reply in replies
            for each in ask.counted(source, client, list(understand(READER, [reply])))
        )
        yield from noticed(source, client, page, SPOKEN, since)

    yield from of_accounts(source.accounts, said)


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Comments on the pages' posts, posts that share them, and posts that mention a page."""

    def addressed(account: str) -> Iterator[Read]:
        page = _page_urn(account, source)
        return noticed(source, client, page, SPOKEN_TO, since)

    yield from of_accounts(source.accounts, addressed)


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The post and all comments under it; nothing where LinkedIn shows them only to members."""
    root = post.root_id or place_of(post.post_id) or post.post_id
    comments = list(ask.comments(source, client, root))
    other = next((place_of(each.post_id) for each in comments if isinstance(each, Post)), None)
    if not root.startswith("urn:li:activity:"):
        for each in shown(source, client, f"posts/{quote(root, safe='')}"):
            yield _also_named(each, other)
    yield from once(comments)


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """The posts, many at a time, and the comments of each post together."""
    plain = {each.post_id: each for each in posts if place_of(each.post_id) is None}
    for start in range(0, len(plain), CHUNK):
        some = dict(list(plain.items())[start : start + CHUNK])
        yield from ask.counted(source, client, list(ask.again(source, client, "posts", some)))
    below: dict[str, dict[str, Post]] = {}
    for each in posts:
        place = place_of(each.post_id)
        if place is not None:
            below.setdefault(each.root_id or place, {})[number_of(each.post_id)] = each
    for root, comments in below.items():
        path = f"socialActions/{quote(root, safe='')}/comments"
        for start in range(0, len(comments), CHUNK):
            some = dict(list(comments.items())[start : start + CHUNK])
            yield from ask.again(source, client, path, some)


def read(reply: Reply) -> Iterator[Item]:
    """The posts, comments and notices of a list, a batch or a webhook, or the one asked for.

    Raises:
        PayloadError: none of these.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A post, a comment or what a notice tells of; None for likes, counts and pages."""
    return understand_thing(item)


def _page_urn(account: str, source: Source) -> str:
    if account.startswith("urn:li:organization"):
        return account
    raise ConfigError(
        f"{account!r} is no page: an account is urn:li:organization and its number",
        where=source.name,
    )


def _also_named(each: Read, other: str | None) -> Read:
    """Comments name their post by its activity: an alias of the post from now on."""
    if not isinstance(each, Post) or other is None or other == each.post_id:
        return each
    return msgspec.structs.replace(each, aliases=(*each.aliases, other))
