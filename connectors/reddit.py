"""Reddit: posts and comments, searched, by account, under one's own posts.

Reads: the OAuth API (https://www.reddit.com/dev/api) with ``raw_json=1``. There is no search for
    comments: those of ``options.subreddits`` are read and matched on our side.
Access: by approval since November 2025: REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET; the inbox
    needs REDDIT_REFRESH_TOKEN of one's own account as well.
Cannot tell: language, audience sizes, views, whether an author is a program; scores are blurred,
    and hidden while a comment is young.
Quirks: a list ends after about 1,000 things, and a thread is unfolded by a hundred requests at
    most (a gap is told); ``created`` is hours off, only ``created_utc`` counts; what users deleted
    stays in place with ``[deleted]`` as its words; comments of an inbox name their post only in
    ``context``; ``replies`` is empty text when none; a subreddit that does not exist is answered
    with a search for its name.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec

from connectors.paging import (
    decode,
    follow,
    is_older,
    once,
    settled,
    times_of,
    understand,
)
from connectors.reddit_thing import thing_post
from connectors.told_status import refused
from pipeline.errors import LuisterError, PayloadError, RateLimited, SecretError, SourceGone
from pipeline.post import Gap, Post, Read
from pipeline.relevance import push
from pipeline.source import Access, Item, Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

_SECRETS: Final = ("REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET")
_OWN: Final = (*_SECRETS, "REDDIT_REFRESH_TOKEN")
ACCESS: Final = Access(
    kind="approval",
    requests=60,
    seconds=60.0,
    secrets=_OWN,
    needs={
        "mentions": _SECRETS,
        "timeline": _SECRETS,
        "inbox": _OWN,
        "thread": _SECRETS,
        "refresh": _SECRETS,
    },
    lists=("subreddits",),
)
SYNTAX: Final = push.Syntax(
    either="anywhere", longest=500, word='"{}"', fields={"author": "author:{}"}
)
API: Final = "https://oauth.reddit.com"
LOGIN: Final = "https://www.reddit.com"
PAGE: Final = 100
MAX_FOLDS: Final = 100
"""Requests for one thread: as many as a minute and a half allows."""
Query = Mapping[str, str | int]


class _Thing(msgspec.Struct):
    kind: str
    data: msgspec.Raw


class _Children(msgspec.Struct):
    children: list[msgspec.Raw]
    after: str | None = None


class _Nest(msgspec.Struct):
    replies: Any = None


class _Raw(msgspec.Struct):
    replies: msgspec.Raw


class _More(msgspec.Struct):
    """Answers that are folded away; without names those below what is shown deepest."""

    children: list[str]
    parent_id: str = ""


class _Token(msgspec.Struct):
    access_token: str


class _Things(msgspec.Struct):
    things: list[msgspec.Raw] = []


class _Sent(msgspec.Struct):
    data: _Things = msgspec.field(default_factory=_Things)
    errors: list[list[Any]] = []


class _Answer(msgspec.Struct):
    json: _Sent


def mentions(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """Posts that a search finds, and all new comments in the subreddits chosen."""
    token = _log_in(source, client)
    asked = {"sort": "new", "t": "all", "type": "link"}
    queries = [f'"{term}"' for term in source.terms]
    if source.query is not None:
        found = push.searches(source.query, SYNTAX, source.platform)
        queries = list(push.together(found.texts, SYNTAX))
    paths: list[tuple[str, Query]] = [("search", {"q": each, **asked}) for each in queries]
    paths += [(f"r/{name}/comments", {}) for name in source.options.get("subreddits", ())]
    yield from once(
        each for path, query in paths for each in _new(source, client, token, path, query, since)
    )


def timeline(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What the accounts posted and commented."""
    token = _log_in(source, client)
    for account in source.accounts:
        path = f"user/{account}/overview"
        yield from once(_new(source, client, token, path, {"sort": "new"}, since))


def inbox(source: Source, client: Client, since: datetime) -> Iterator[Read]:
    """What names the account of the token or answers it; no private messages."""
    token = _log_in(source, client, own=True)
    yield from once(
        each
        for name in ("mentions", "comments", "selfreply")
        for each in _new(source, client, token, f"message/{name}", {}, since)
    )


def thread(source: Source, client: Client, post: Post) -> Iterator[Read]:
    """The post with its comments, those folded away too."""
    token = _log_in(source, client)
    yield from once(_unfolded(source, client, token, post.root_id or post.post_id))


def _unfolded(source: Source, client: Client, token: str, root: str) -> Iterator[Read]:
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
        reply = _get(source, client, token, path, query)
        reads = list(understand(_THIS, [reply]))
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
        for item in read(reply)
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


def refresh(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read]:
    """Each post as it is now, a hundred at a time; one no longer listed is gone."""
    token = _log_in(source, client)
    for start in range(0, len(posts), PAGE):
        some = posts[start : start + PAGE]
        query = {"id": ",".join(post.post_id for post in some)}
        reply = _get(source, client, token, "api/info", query)
        reads = list(understand(_THIS, [reply]))
        yield from settled(some, reads, reply)


def read(reply: Reply) -> Iterator[Item]:
    """The things of a list, a thread with all its comments, or what was folded away.

    Raises:
        LuisterError: a refusal that says so in its body.
        PayloadError: none of these.
    """
    body = reply.body
    if urlsplit(reply.url).path.startswith("/subreddits/search"):
        raise SourceGone("no such subreddit: Reddit searches for its name", where=reply.url)
    if body.lstrip().startswith(b"["):
        for index, raw in enumerate(decode(body, list[msgspec.Raw])):
            yield from _cut(bytes(raw), f"$[{index}]", reply)
        return
    told = decode(body, dict[str, msgspec.Raw])
    if "kind" in told:
        yield from _cut(body, "$", reply)
    elif "json" in told:
        sent = decode(body, _Answer).json
        if sent.errors:
            raise _errors(sent.errors, reply)
        for index, raw in enumerate(sent.data.things):
            yield from _cut(bytes(raw), f"$.json.data.things[{index}]", reply)
    elif "access_token" not in told:
        raise refused(reply, "neither a list nor a thing")


def _errors(told: Sequence[Sequence[Any]], reply: Reply) -> LuisterError:
    """What an answer in ``json`` refuses: a code, and why."""
    code, *why = [str(each) for each in told[0] if each] or ["no reason told"]
    said = f"Reddit refuses: {code} {' '.join(why)}".strip()[:300]
    return (
        RateLimited(said, where=reply.url) if code == "RATELIMIT" else PayloadError(said, where="$")
    )


def to_post(item: Item) -> Post | None:
    """A post or a comment; None for people, subreddits, messages and what is folded away."""
    return thing_post(item)


def _cut(body: bytes, path: str, reply: Reply) -> Iterator[Item]:
    """The things at a place, parents before their answers."""
    waiting = [(body, path)]
    while waiting:
        raw, here = waiting.pop()
        thing = decode(raw, _Thing, where=here)
        data = bytes(thing.data)
        if thing.kind == "Listing":
            children = decode(data, _Children, where=here).children
            below = [
                (bytes(each), f"{here}.data.children[{at}]") for at, each in enumerate(children)
            ]
            waiting.extend(reversed(below))
            continue
        yield Item(
            raw=data,
            path=f"{here}.data",
            observed_at=reply.observed_at,
            context={"kind": thing.kind},
        )
        if thing.kind == "t1" and isinstance(_nested(data), dict):
            waiting.append((bytes(decode(data, _Raw).replies), f"{here}.data.replies"))


def _nested(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data, type=_Nest).replies
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _new(
    source: Source, client: Client, token: str, path: str, query: Query, since: datetime
) -> Iterator[Read]:
    """Newest first, until a whole page is old; a gap where the list ends before."""
    oldest: datetime | None = None
    count = 0

    def fetch(after: str) -> Reply:
        return _get(source, client, token, path, {**query, "limit": PAGE, "after": after})

    def following(reply: Reply, _: str) -> str | None:
        after = decode(bytes(decode(reply.body, _Thing).data), _Children).after
        return None if is_older(times_of(understand(_THIS, [reply])), since) else after

    for each in understand(_THIS, follow("", fetch, following)):
        yield each
        count += 1
        if isinstance(each, Post) and each.created_at is not None:
            oldest = min(oldest or each.created_at, each.created_at)
    if count >= 9 * PAGE and oldest is not None and oldest > since:
        yield Gap(gap_from=since, gap_to=oldest, reason="a list ends after about 1,000 things")


def _log_in(source: Source, client: Client, *, own: bool = False) -> str:
    """A token for an hour or more.

    Raises:
        SecretError: the secrets are not given.
    """
    names = _OWN if own else _SECRETS
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


def _get(source: Source, client: Client, token: str, path: str, query: Query) -> Reply:
    asked = {**query, "raw_json": 1}
    return client.get(f"{source.server or API}/{path}", params=asked, bearer=token)


_THIS: Final[Any] = SimpleNamespace(read=read, to_post=to_post)
