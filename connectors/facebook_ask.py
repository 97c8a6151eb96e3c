"""Ask for what hangs at the edges of a page on Facebook, in the fields that the app may see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from connectors import graph
from connectors.facebook_post import COMMENT, POST, REVIEW
from connectors.facebook_reply import THIS
from connectors.paging import understand
from pipeline.errors import ConfigError
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

TOKEN: Final = "FB_PAGE_ACCESS_TOKEN"  # noqa: S105 the name of a variable
BASE: Final = "https://graph.facebook.com/v25.0"
PAGE: Final = 50


def addressed(source: Source, client: Client, page: str, since: datetime) -> Iterator[Read]:
    """Posts of visitors, posts that tag the page, comments on its own posts, and reviews."""
    said = published(source, client, page, since - graph.OWNED)
    own = [each for each in said if isinstance(each, Post)]
    names = {each.post_id for each in own}
    for edge in _wanted(source, ("feed", "tagged")):
        for each in _edge(source, client, f"{page}/{edge}", POST, since):
            if not isinstance(each, Post) or each.post_id not in names:
                yield each
    for post in own:
        if post.replies_count != 0:
            below = graph.since_then(comments(source, client, post.post_id, since), since)
            yield from graph.answering(below, post)
    for edge in _wanted(source, ("ratings",)):
        yield from _edge(source, client, f"{page}/{edge}", REVIEW, since)


def published(source: Source, client: Client, page: str, since: datetime) -> Iterator[Read]:
    """What a page itself published."""
    return _edge(source, client, f"{page}/published_posts", POST, since)


def comments(source: Source, client: Client, root: str, since: datetime | None) -> Iterator[Read]:
    """All comments, answers to comments too, newest first."""
    order = {"filter": "stream", "order": "reverse_chronological"}
    return _edge(source, client, f"{root}/comments", COMMENT, since, order)


def _edge(
    source: Source,
    client: Client,
    path: str,
    fields: Sequence[str],
    since: datetime | None,
    more: Mapping[str, str] | None = None,
) -> Iterator[Read]:
    """What hangs at one edge, page by page; where an edge knows no ``since`` its order tells."""
    query: dict[str, str | int] = {"fields": allowed(source, fields), "limit": _limit(source)}
    if since is not None and path.endswith(("feed", "published_posts")):
        query["since"] = int(since.timestamp())
    replies = graph.pages(
        THIS, lambda asked: get(source, client, path, asked), {**query, **(more or {})}, since
    )
    return understand(THIS, replies)


def get(source: Source, client: Client, path: str, query: graph.Query) -> Reply:
    """Ask the API for just this."""
    return graph.get(client, f"{BASE}/{path}", query, graph.token_of(source, client, TOKEN))


def fields_of(source: Source, post: Post) -> str:
    """What is asked of a post that is known."""
    return allowed(source, COMMENT if post.kind in {"comment", "reply"} else POST)


def allowed(source: Source, names: Sequence[str]) -> str:
    """The fields this app may ask for, as they are written in a request."""
    return ",".join(_wanted(source, names))


def _wanted(source: Source, names: Sequence[str]) -> list[str]:
    """All but those this app may not ask for."""
    without = source.options.get("without", ())
    return [name for name in names if re.split(r"[.{]", name)[0] not in without]


def _limit(source: Source) -> int:
    return int(source.options.get("page", PAGE))


def pages_of(source: Source) -> tuple[str, ...]:
    """The pages of a source, each named by its number.

    Raises:
        ConfigError: one is named otherwise.
    """
    odd = [page for page in source.accounts if not page.isdecimal()]
    if odd:
        raise ConfigError(f"a page is named by its number, not {odd[0]!r}", where=source.name)
    return source.accounts
