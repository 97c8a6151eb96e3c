"""Google Play: reviews of one's own apps, and what was answered to them.

Reads: the Play Developer API (https://developers.google.com/android-publisher, ``reviews``) for
    ``accounts``, the names of packages such as ``nl.acme.app``.
Access: GOOGLEPLAY_SERVICE_ACCOUNT, the JSON key of a service account that may see the app in the
    Play Console and reply to reviews; or GOOGLEPLAY_SERVICE_ACCOUNT_FILE, where that lies. Only
    one's own apps: the package of another company is refused.
Cannot tell: who wrote (a name at most), the first time of a review that was changed (only the last
    is given), the language (that of the device is told, not that of the words), stars given
    without words.
Quirks: only what was written or changed in the last week is listed, so ask every night; a gap is
    told when more is asked for than two weeks, one being what a night reads anew. Title and words
    stand in one text, a tab between; an answer stands inside its review. 200 requests an hour are
    said to be granted (unverified, 2026-11), so a night refreshes no more than sixty reviews.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from connectors import googleplay_ask as ask
from connectors.google_refusal import refused
from connectors.google_reviews import as_they_are, by_review
from connectors.googleplay_reply import THIS, cut, post_in
from connectors.googleplay_token import SECRETS, log_in
from connectors.paging import of_accounts, once, understand
from pipeline.errors import LuisterError
from pipeline.post import Gap, Post, Read
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

ACCESS: Final = Access(
    kind="key",
    requests=10,
    seconds=180.0,
    secrets=SECRETS,
    needs={"inbox": SECRETS, "refresh": SECRETS},
)
REFRESHES: Final = 60
WEEK: Final = timedelta(days=7)


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """The reviews of the last week and the answers to them."""
    token = log_in(source, client)

    def reviews(package: str) -> Iterator[Read]:
        replies = list(ask.pages(source, client, token, package, since))
        yield from once(understand(THIS, replies))
        first = replies[0].observed_at - WEEK
        if since < first - WEEK:
            yield Gap(
                gap_from=since, gap_to=first, reason="Google Play lists the reviews of a week"
            )

    yield from of_accounts(source.accounts, reviews)


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Reviews and answers as they are now, one review at a time.

    One that is not there is gone, as long as its app is there.
    """
    token = log_in(source, client)
    by_package: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        by_package[(post.native_id or "").partition("/")[0]].append(post)
    reviews = [
        (f"{ask.address(source, package)}/{quote(name, safe='')}", some)
        for package, own in by_package.items()
        if package in source.accounts
        for name, some in by_review(own).items()
    ]
    yield from as_they_are(client, token, THIS, reviews[:REFRESHES], {"maxResults": 1})


def refusal(reply: Reply) -> LuisterError | None:
    """Google's own words for what is wrong: limits are told with 403 as well as 429."""
    return refused(reply)


def read(reply: Reply) -> Iterator[Item]:
    """The reviews of a list, or the one asked for, each followed by the answer to it.

    Raises:
        PayloadError: none of these.
    """
    return cut(reply)


def to_post(item: Item) -> Post | None:
    """A review, or the answer that stands in it; None where nothing was answered."""
    return post_in(item)
