"""Ask a Discourse forum: searches with whole posts, topics to their end, posts by number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from connectors.discourse_post import forum_post, host_of
from connectors.discourse_reply import Answer, cut, is_gone, numbers_of
from connectors.paging import decode, follow, settled, understand
from pipeline.post import Gap, Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

THIS: Final[Any] = SimpleNamespace(read=cut, to_post=forum_post)
CHUNK: Final = 20
LAST_PAGE: Final = 10
OWNED: Final = timedelta(days=30)
_GONE: Final = (403, 404, 410)


def search(client: Client, forum: str, query: str, since: datetime) -> Iterator[Read]:
    """Posts found, newest first and whole; a gap where the search shows no more."""
    oldest: datetime | None = None
    pages = 0
    is_more = False
    for page in _search_pages(client, forum, f"{query} order:latest after:{since:%Y-%m-%d}"):
        pages += 1
        is_more = _has_more(page)
        for each in _whole(client, forum, page):
            if not isinstance(each, Post) or each.created_at is None or each.created_at >= since:
                yield each
            if isinstance(each, Post) and each.created_at is not None:
                oldest = min(oldest or each.created_at, each.created_at)
    if is_more and pages == LAST_PAGE and oldest is not None and oldest > since:
        reason = f"the search of {host_of(forum)} shows {LAST_PAGE} pages at most"
        yield Gap(gap_from=since, gap_to=oldest, reason=reason)


def _search_pages(client: Client, forum: str, query: str) -> Iterator[Reply]:
    def fetch(page: int) -> Reply:
        return client.get(f"{forum}/search.json", params={"q": query, "page": page})

    def following(reply: Reply, page: int) -> int | None:
        return page + 1 if page < LAST_PAGE and _has_more(reply) else None

    return follow(1, fetch, following)


def _has_more(reply: Reply) -> bool:
    grouped = decode(reply.body, Answer).grouped_search_result
    return bool(grouped and grouped.more_full_page_results)


def _whole(client: Client, forum: str, page: Reply) -> Iterator[Read]:
    """The posts of a page of results; those of whom it shows a snippet are asked for by topic."""
    snippets: dict[int, list[int]] = {}
    for item in cut(page):
        told = numbers_of(item.raw)
        if told.cooked is None and told.topic_id is not None and told.id is not None:
            snippets.setdefault(told.topic_id, []).append(told.id)
        else:
            alone = SimpleNamespace(read=lambda _, item=item: [item], to_post=forum_post)
            yield from understand(alone, [page])
    for topic, numbers in snippets.items():
        for reply in _chunks(client, forum, str(topic), numbers):
            if not is_gone(reply):
                yield from understand(THIS, [reply])


def whole_topic(
    client: Client, forum: str, topic: str, since: datetime | None = None
) -> Iterator[Reply]:
    """A topic: its first posts, then the others; with ``since`` from the end, as far as needed."""
    first = client.get(f"{forum}/t/{topic}.json")
    yield first
    stream = decode(first.body, Answer).post_stream
    if stream is None:
        return
    shown = {numbers_of(bytes(raw)).id for raw in stream.posts}
    left = [each for each in stream.stream if type(each) is int and each not in shown]
    for reply in _chunks(client, forum, topic, left if since is None else left[::-1]):
        yield reply
        if since is not None and not any(_is_new(each, since) for each in _posts(reply)):
            return


def _chunks(client: Client, forum: str, topic: str, numbers: Sequence[int]) -> Iterator[Reply]:
    for start in range(0, len(numbers), CHUNK):
        some = [str(number) for number in numbers[start : start + CHUNK]]
        yield client.get(f"{forum}/t/{topic}/posts.json", params={"post_ids[]": some}, expect=_GONE)


def addressed(client: Client, forum: str, name: str, since: datetime) -> Iterator[Read]:
    """What names an account, and what answers it in the topics of its posts of 30 days."""
    account = f"{name}@{host_of(forum)}".lower()
    for each in search(client, forum, f'"{name}"', since):
        if not isinstance(each, Post) or account in [other.lower() for other in each.mentions]:
            yield each
    own = list(search(client, forum, f"@{name}", since - OWNED))
    topics = dict.fromkeys(_topic_number(each) for each in own if isinstance(each, Post))
    for topic in topics:
        posts = [
            each for reply in whole_topic(client, forum, topic, since) for each in _posts(reply)
        ]
        mine = {
            alias
            for each in [*posts, *own]
            if isinstance(each, Post) and (each.author_id or "").lower() == account
            for alias in each.aliases
        }
        for each in posts:
            is_mine = (each.author_id or "").lower() == account
            if not is_mine and each.parent_id in mine and _is_new(each, since):
                yield each


def _posts(reply: Reply) -> list[Post]:
    return [each for each in understand(THIS, [reply]) if isinstance(each, Post)]


def _is_new(post: Post, since: datetime) -> bool:
    return post.created_at is None or post.created_at >= since


def as_they_are(client: Client, forum: str, topic: str, posts: Sequence[Post]) -> Iterator[Read]:
    """Some posts of a topic as visitors see them now."""
    numbers = [int(post.native_id) for post in posts if post.native_id]
    for reply in _chunks(client, forum, topic, numbers):
        reads = [] if is_gone(reply) else list(understand(THIS, [reply]))
        yield from settled(posts, reads, reply)


def forums(source: Source) -> list[str]:
    """The addresses of the forums that are read."""
    given = source.urls or ((source.server,) if source.server else ())
    return [address.rstrip("/") for address in given]


def accounts(source: Source) -> Iterator[tuple[str, str]]:
    """The forum and the name of each account; a name without host is one on every forum."""
    for account in source.accounts:
        name, _, host = account.partition("@")
        for forum in forums(source):
            if not host or host.lower() == host_of(forum).lower():
                yield forum, name


def topic_of(source: Source, post: Post) -> tuple[str, str]:
    """The forum and the topic a post stands in."""
    host = post.post_id.rpartition(":")[0]
    forum = next((each for each in forums(source) if host_of(each) == host), None)
    return forum or f"https://{host}", _topic_number(post)


def _topic_number(post: Post) -> str:
    return (post.root_id or "").rpartition("/t/")[2].partition("/")[0]
