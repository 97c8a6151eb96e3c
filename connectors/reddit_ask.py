"""Ask Reddit: log in, lists from new to old, and threads whose answers are folded away."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from connectors.paging import decode, follow, is_older, times_of, understand
from connectors.reddit_reply import after, cut
from connectors.reddit_thing import thing_post
from pipeline.errors import SecretError
from pipeline.post import Gap, Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

SECRETS: Final = ("REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET")
OWN: Final = (*SECRETS, "REDDIT_REFRESH_TOKEN")
API: Final = "https://oauth.reddit.com"
LOGIN: Final = "https://www.reddit.com"
PAGE: Final = 100
MAX_FOLDS: Final = 100
"""Requests for one thread: as many as a minute and a half allows."""
Query = Mapping[str, str | int]
THIS: Final[Any] = SimpleNamespace(read=cut, to_post=thing_post)


class _Token(msgspec.Struct):
    access_token: str


class _More(msgspec.Struct):
    """Answers that are folded away; without names those below what is shown deepest."""

    children: list[str]
    parent_id: str = ""


def log_in(source: Source, client: Client, *, own: bool = False) -> str:
    """A token for an hour or more.

    Raises:
        SecretError: the secrets are not given.
    """
    names = OWN if own else SECRETS
    found = [client.secret(name) or "" for name in names]
    if not all(found):
        raise SecretError(f"Reddit needs {source.variables(names)}", where=source.name)
    pair = base64.b64encode(f"{found[0]}:{found[1]}".encode()).decode()
    form = {"grant_type": "client_credentials"}
    if own:
        form = {"grant_type": "refresh_token", "refresh_token": found[2]}
    address = f"{source.server or LOGIN}/api/v1/access_token"
    reply = client.post(address, form=form, headers={"Authorization": f"Basic {pair}"})
    token = decode(reply.body, _Token).access_token
    client.learn(token)
    return token


def get(source: Source, client: Client, token: str, path: str, query: Query) -> Reply:
    """One answer, its words without the marks of HTML."""
    asked = {**query, "raw_json": 1}
    return client.get(f"{source.server or API}/{path}", params=asked, bearer=token)


def new(
    source: Source, client: Client, token: str, path: str, query: Query, since: datetime
) -> Iterator[Read]:
    """Newest first, until a whole page is old; a gap where the list ends before."""
    oldest: datetime | None = None
    count = 0

    def fetch(name: str) -> Reply:
        return get(source, client, token, path, {**query, "limit": PAGE, "after": name})

    def following(reply: Reply, _: str) -> str | None:
        is_old = is_older(times_of(understand(THIS, [reply])), since)
        return None if is_old else after(reply)

    for each in understand(THIS, follow("", fetch, following)):
        yield each
        count += 1
        if isinstance(each, Post) and each.created_at is not None:
            oldest = min(oldest or each.created_at, each.created_at)
    if count >= 9 * PAGE and oldest is not None and oldest > since:
        yield Gap(gap_from=since, gap_to=oldest, reason="a list ends after about 1,000 things")


def unfolded(source: Source, client: Client, token: str, root: str) -> Iterator[Read]:
    """Answers that were folded away may hold others: asked for until none or a gap is left."""
    address = f"comments/{root.removeprefix('t3_')}"
    waiting: list[tuple[str, Query]] = [(address, {"limit": 500, "sort": "new"})]
    asked: set[str] = set()
    times: list[datetime] = []
    while waiting and len(asked) < MAX_FOLDS:
        path, query = waiting.pop(0)
        if repr(query) in asked:
            continue
        asked.add(repr(query))
        reply = get(source, client, token, path, query)
        reads = list(understand(THIS, [reply]))
        yield from reads
        times += filter(None, times_of(reads))
        waiting += _folded(reply, root, address)
    if any(repr(query) not in asked for _, query in waiting):
        oldest, now = min(times, default=reply.observed_at), reply.observed_at
        reason = f"more of a thread is folded away than {MAX_FOLDS} requests open"
        yield Gap(gap_from=oldest, gap_to=now, reason=reason)


def _folded(reply: Reply, root: str, address: str) -> Iterator[tuple[str, Query]]:
    """What to ask for: names by the hundred, and what lies too deep to be named from above it."""
    folds = [
        decode(item.raw, _More, where=item.path)
        for item in cut(reply)
        if item.context["kind"] == "more"
    ]
    names = [name for fold in folds for name in fold.children]
    for start in range(0, len(names), PAGE):
        some = ",".join(names[start : start + PAGE])
        yield "api/morechildren", {"link_id": root, "children": some, "api_type": "json"}
    for fold in folds:
        if not fold.children and fold.parent_id.startswith("t1_"):
            above = fold.parent_id.removeprefix("t1_")
            yield address, {"comment": above, "limit": 500, "sort": "new"}
