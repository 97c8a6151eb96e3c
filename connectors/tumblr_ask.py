"""Ask Tumblr with the key: posts with a tag, posts of a blog, and the notes under one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from connectors.paging import follow, understand
from connectors.tumblr_post import to_post
from connectors.tumblr_reply import cut, next_notes
from pipeline.errors import ConfigError, SecretError
from pipeline.post import Gap, Post, Read, utc_from_epoch
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

KEY: Final = "TUMBLR_CONSUMER_KEY"
API: Final = "https://api.tumblr.com"
PAGE: Final = 20
MOST_CALLS: Final = 500
STEP: Final = 6 * 3600
_BLOG: Final = re.compile(r"@?(?P<name>t:[\w-]+|[\w-]+(?:\.[\w-]+)*)", re.ASCII)
Params = Mapping[str, str | int]
THIS: Final[Any] = SimpleNamespace(read=cut, to_post=to_post)


def tagged(source: Source, client: Client, tag: str, since: datetime) -> Iterator[Read]:
    """Posts with a tag, from ever earlier moments down to ``since``; each moment is earlier."""
    before, step = int(datetime.now(UTC).timestamp()), STEP
    for _ in range(MOST_CALLS):
        if before <= since.timestamp():
            return
        asked: Params = {"tag": tag, "before": before, "limit": PAGE}
        reads = list(understand(THIS, [get(source, client, "tagged", asked)]))
        yield from reads
        oldest = min(_seconds(reads), default=before)
        if oldest < before:
            before, step = oldest, STEP
        else:
            before, step = before - step, step * 2
    reason = f"a tag with more posts than {MOST_CALLS} calls give"
    yield Gap(gap_from=since, gap_to=utc_from_epoch(before), reason=reason)


def posts_of(source: Source, client: Client, blog: str, since: datetime) -> Iterator[Read]:
    """Posts of a blog, newest first, until a page holds nothing but what is old."""

    def fetch(before: int) -> Reply:
        place = {"before": before} if before else {}
        return get(source, client, f"blog/{blog}/posts", {"limit": PAGE, **place})

    def following(reply: Reply, before: int) -> int | None:
        times = _seconds(understand(THIS, [reply]))
        if not times or max(times) < since.timestamp():
            return None
        # The last, not the oldest: a post that is pinned stands first, whatever its age.
        oldest = times[-1] + 1
        return oldest if not before or oldest < before else before - 1

    return understand(THIS, follow(0, fetch, following))


def notes(
    source: Source, client: Client, blog: str, number: str, since: datetime | None
) -> Iterator[Read]:
    """What was said under a post, newest first, until a page holds nothing but what is old."""

    def fetch(before: str) -> Reply:
        asked: Params = {"id": number, "mode": "conversation"}
        place = {"before_timestamp": before} if before else {}
        return get(source, client, f"blog/{blog}/notes", {**asked, **place})

    def following(reply: Reply, _: str) -> str | None:
        times = _seconds(understand(THIS, [reply]))
        is_old = since is not None and bool(times) and max(times) < since.timestamp()
        return None if is_old else next_notes(reply)

    return understand(THIS, follow("", fetch, following))


def get(
    source: Source, client: Client, path: str, params: Params, expect: tuple[int, ...] = ()
) -> Reply:
    """One answer, in the newer of the two shapes that posts have.

    Raises:
        SecretError: there is no key.
    """
    key = client.secret(KEY)
    if key is None:
        raise SecretError(f"Tumblr needs {source.variable(KEY)}", where=source.name)
    shape = {} if path.endswith("/notes") else {"npf": "true", "reblog_info": "true"}
    address = f"{(source.server or API).rstrip('/')}/v2/{path}"
    return client.get(address, params={**params, **shape, "api_key": key}, expect=expect)


def blogs(source: Source) -> Iterator[str]:
    """Blogs by name, address or lasting id.

    Raises:
        ConfigError: no blog can have that name.
    """
    for account in source.accounts:
        found = _BLOG.fullmatch(account.strip())
        if found is None:
            raise ConfigError(f"{account!r} is no name of a blog", where=source.name)
        yield found["name"]


def _seconds(reads: Iterable[Read]) -> list[int]:
    return [
        int(each.created_at.timestamp())
        for each in reads
        if isinstance(each, Post) and each.created_at is not None
    ]
