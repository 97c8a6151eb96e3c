"""What the three platforms of Meta share: error codes, usage headers, cursors, batches and times.

A token goes in a header and never in an address; the address of a next page, which carries one, is
never followed: its cursor is put into the request we made ourselves. That the API takes the header
is known from the issues of two client libraries (restfb 1107, huandu/facebook 205; seen 2026-11),
not from Meta's pages. Codes 18, 341, 368, 613, 803 and 80000-80099 are unverified.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

import msgspec

from connectors.paging import decode, follow, tombstone, understand
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SecretError,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Gap, Post, Read
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

HOUR: Final = 3_600.0
BREATH: Final = 30.0
OWNED: Final = timedelta(days=30)
FULL: Final = 95.0
BUSY: Final = 75.0
BATCH: Final = 50
MAYBE_GONE: Final = (400, 404)
APP_SECRET: Final = "FB_APP_SECRET"  # noqa: S105 the name of a variable
_WAIT: Final = frozenset({4, 17, 18, 32, 341, 613, *range(80_000, 80_100)})
_TOKEN: Final = frozenset({102, 190, 463, 467})
_DENIED: Final = frozenset({3, 10, 368, *range(200, 300)})
_GONE: Final = frozenset({24, 803})
_LOCKED: Final = re.compile(r"permission|reviewable feature|requires? |capability", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"\(#(?P<code>[0-9]{1,6})\)")
_RENEW: Final = "renew the token named for this source, then `luister check`"
_SMALLER: Final = "ask for fewer posts at once: make options.page of this source smaller"
_USAGES: Final = ("x-app-usage", "x-page-usage", "x-business-use-case-usage")
_CURSORS: Final = ("after", "until", "offset", "__paging_token")
_FAULTY: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
Query = Mapping[str, str | int]


class _Error(msgspec.Struct):
    """Old answers leave out the code, and only some have more than a message."""

    message: str = ""
    type: str = ""
    code: int = 0
    error_subcode: int = 0
    is_transient: bool = False


class _Refused(msgspec.Struct):
    error: _Error | str


class _RefusedAtLogin(msgspec.Struct):
    """Two older shapes, each with its own two names."""

    error_type: str = ""
    code: int = 0
    error_code: int = 0
    error_message: str = ""
    error_msg: str = ""


class _Usage(msgspec.Struct):
    call_count: float = 0.0
    total_time: float = 0.0
    total_cputime: float = 0.0
    estimated_time_to_regain_access: float = 0.0


class _Cursors(msgspec.Struct):
    after: str | None = None


class _Paging(msgspec.Struct):
    cursors: _Cursors | None = None
    next: str | None = None


class _Page(msgspec.Struct):
    paging: _Paging | None = None


class _Part(msgspec.Struct):
    code: int
    body: str | None = None


# What a reply says besides its posts


def refusal(reply: Reply) -> LuisterError | None:
    """The error a body stands for, by Meta's own codes, whatever the status."""
    error = _error(reply.body)
    if error is None:
        return None
    error.code = error.code or _number_in(error.message)
    said = f"{error.message or error.type or 'no reason given'} (code {error.code})"
    if error.code in _WAIT:
        return RateLimited(f"asks us to wait: {said}", seconds=_told(reply) or HOUR)
    if error.code in _TOKEN or (not error.code and error.type == "OAuthException"):
        return SourceRefused(f"the token is not accepted: {said}", todo=_RENEW)
    if error.code in _DENIED or (error.code == 2500 and "token" in error.message):
        return SourceRefused(f"a permission is missing: {said}")
    if error.code in _GONE or (error.code == 100 and error.error_subcode == 33):
        return SourceGone(f"is gone or out of sight: {said}")
    if error.code == 100 and _LOCKED.search(error.message):
        return SourceRefused(f"a permission is missing: {said}")
    if error.code in {1, 2} or error.is_transient or reply.status >= 500:
        todo = _SMALLER if "reduce the amount" in error.message else ""
        return SourceUnavailable(f"the platform has trouble: {said}", todo=todo)
    return PayloadError(f"the platform does not take the request: {said}")


def pause(reply: Reply) -> float | None:
    """Seconds to leave the platform alone: as it tells, or as its quota is nearly used up."""
    used = max((_highest(usage) for usage in _usages(reply)), default=0.0)
    told = _told(reply)
    if told is not None or used >= FULL:
        return told or HOUR
    return BREATH if used >= BUSY else None


def _error(body: bytes) -> _Error | None:
    if b'"error' not in body[:400]:
        return None
    try:
        found = msgspec.json.decode(body, type=_Refused, strict=False).error
    except _FAULTY:
        return _error_at_login(body)
    return _Error(message=found) if isinstance(found, str) else found


def _number_in(message: str) -> int:
    """The code that old answers give in words: ``(#341) Feed action request limit reached``."""
    found = _NUMBERED.match(message)
    return int(found["code"]) if found else 0


def _error_at_login(body: bytes) -> _Error | None:
    try:
        old = msgspec.json.decode(body, type=_RefusedAtLogin, strict=False)
    except _FAULTY:
        return None
    message = old.error_message or old.error_msg
    if not message:
        return None
    return _Error(message=message, type=old.error_type, code=old.code or old.error_code)


def _told(reply: Reply) -> float | None:
    """The longest wait told in the headers, which give minutes."""
    minutes = max((each.estimated_time_to_regain_access for each in _usages(reply)), default=0.0)
    return minutes * 60 if minutes > 0 else None


def _highest(usage: _Usage) -> float:
    return max(usage.call_count, usage.total_time, usage.total_cputime)


def _usages(reply: Reply) -> Iterator[_Usage]:
    """What each header tells of a quota, in percent; what cannot be read tells nothing."""
    for name in _USAGES:
        text = reply.headers.get(name, "")
        try:
            if name == "x-business-use-case-usage" and text:
                told = msgspec.json.decode(text, type=dict[str, list[_Usage]])
                yield from (usage for usages in told.values() for usage in usages)
            elif text:
                yield msgspec.json.decode(text, type=_Usage)
        except _FAULTY:
            continue


# Asking


def token_of(source: Source, client: Client, name: str) -> str:
    """The token that everything needs.

    Raises:
        SecretError: there is none.
    """
    token = client.secret(name)
    if not token:
        own = source.variable(name)
        raise SecretError(f"nothing can be asked without the token {own}", where=source.name)
    return token


def get(
    client: Client, address: str, query: Query, token: str, expect: tuple[int, ...] = ()
) -> Reply:
    """Ask with the token in a header, and with the proof of the app's secret if there is one."""
    params = {**query, **_proof(client, token)}
    return client.get(address, params=params, bearer=token, expect=expect)


def _proof(client: Client, token: str) -> dict[str, str]:
    """What shows that a token is in the hands of its own app."""
    secret = client.secret(APP_SECRET)
    if not secret:
        return {}
    proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    client.learn(proof)
    return {"appsecret_proof": proof}


def pages(
    this: Any,
    ask: Callable[[Query], Reply],
    query: Query,
    since: datetime | None = None,
    *,
    has_next: bool = True,
) -> Iterator[Reply]:
    """Pages until there is no next, or a page sorted newest first is older than ``since``.

    The last page of Facebook and Instagram still has cursors and only lacks ``next``; Threads
    never gives it (``has_next=False``): its pages end with an empty one.
    """
    seen: set[str] = set()

    def following(reply: Reply, _: Query) -> Query | None:
        found = [each for each in understand(this, [reply]) if isinstance(each, Post)]
        place = _place(reply, has_next=has_next)
        if place is None or is_past(found, since) or not (found or has_next):
            return None
        if found and seen.issuperset(each.post_id for each in found):
            raise PayloadError("paging does not advance: a page brings nothing new")
        seen.update(each.post_id for each in found)
        return {**query, **place}

    return follow(query, ask, following)


def is_past(found: Sequence[Post], since: datetime | None) -> bool:
    """Whether all are older than ``since`` and in an order that promises no newer ones."""
    times = [each.created_at for each in found if each.created_at is not None]
    if since is None or not times or len(times) < len(found):
        return False
    return times[0] >= times[-1] and max(times) < since


def _place(reply: Reply, *, has_next: bool) -> dict[str, str] | None:
    """Where the next page begins; of its address only that is used, for it carries the token.

    Raises:
        PayloadError: there is a next page but nothing to ask for it with.
    """
    paging = decode(reply.body, _Page).paging
    if paging is None or (has_next and not paging.next):
        return None
    if paging.cursors is not None and paging.cursors.after:
        return {"after": paging.cursors.after}
    if not paging.next:
        return None
    try:
        asked = parse_qs(urlsplit(paging.next).query)
    except ValueError:
        asked = {}
    place = {name: asked[name][0] for name in _CURSORS if name in asked}
    if not place:
        raise PayloadError("a next page without a cursor", where="$.paging")
    return place


def batch(client: Client, base: str, token: str, asked: Sequence[str]) -> list[Reply]:
    """Ask for up to fifty things at once, each with an answer of its own.

    Raises:
        SourceUnavailable: the platform ran out of time and left some unanswered.
    """
    parts = [{"method": "GET", "relative_url": each} for each in asked]
    form = {"batch": msgspec.json.encode(parts).decode(), "include_headers": "false"}
    reply = client.post(f"{base}/", form={**form, **_proof(client, token)}, bearer=token)
    answers = replies_in(reply, [f"{base}/{each}" for each in asked])
    if len(answers) != len(asked):
        raise SourceUnavailable("a batch was not answered to its end", where=reply.url)
    return answers


def replies_in(reply: Reply, addresses: Sequence[str] = ()) -> list[Reply]:
    """The answers inside the answer to a batch; those the platform left out are missing."""
    parts = decode(reply.body, list[_Part | None])
    urls = [*addresses, *[reply.url] * (len(parts) - len(addresses))]
    return [
        msgspec.structs.replace(
            reply, url=url, status=part.code, headers={}, body=(part.body or "").encode()
        )
        for part, url in zip(parts, urls, strict=False)
        if part is not None
    ]


def one_by_one(ask: Callable[[str, Query], Reply], asked: Sequence[str]) -> Iterator[Reply]:
    """Ask for things where no batch is known; ``ask`` gives back what is refused too."""
    for each in asked:
        name, _, fields = each.partition("?fields=")
        yield ask(name, {"fields": unquote(fields)})


def refreshed(
    this: Any,
    ask: Callable[[Sequence[str]], Iterable[Reply]],
    own: str,
    asked: Sequence[tuple[Post, str]],
    size: int = BATCH,
) -> Iterator[Read]:
    """Posts as they are now, each with its address, ``size`` less one at a time.

    The account itself comes first each time: the code for what is gone is also that for what this
    token may not see, and a token that does not see its own account proves nothing. A limit ends
    it at once; what is refused for one post is told after the others.
    """
    for start in range(0, len(asked), size - 1):
        chosen = asked[start : start + size - 1]
        answers = iter(ask([f"{own}?fields=id", *(address for _, address in chosen)]))
        refused = refusal(next(answers))
        if refused is not None:
            raise refused
        for (post, _), reply in zip(chosen, answers, strict=True):
            told = refusal(reply)
            if told is None:
                yield from itself(this, post, reply)
            elif isinstance(told, SourceGone):
                yield tombstone(post, reply)
            elif isinstance(told, SourceUnavailable):
                raise told
            else:
                refused = refused or told
        if refused is not None:
            raise refused


def node(name: str | None, fields: str) -> str:
    """The address of one thing inside a batch."""
    return f"{name}?fields={quote(fields, safe=',')}"


def itself(this: Any, post: Post, reply: Reply) -> Iterator[Read]:
    """The post asked for, without what hangs below it; alone it does not tell where it stands."""
    for each in understand(this, [reply]):
        if not isinstance(each, Post):
            yield each
        elif each.post_id == post.post_id:
            above, root = post.parent_id or each.parent_id, post.root_id or each.root_id
            yield msgspec.structs.replace(each, parent_id=above, root_id=root)


def answering(reads: Iterable[Read], post: Post) -> Iterator[Read]:
    """Comments with whom they answer, where that came before them: they name only what."""
    writers = {post.post_id: post.author_id}
    for each in reads:
        if isinstance(each, Post):
            writers[each.post_id] = each.author_id
            whom = writers.get(each.parent_id or "")
            if whom is not None and each.parent_author_id is None:
                yield msgspec.structs.replace(each, parent_author_id=whom)
                continue
        yield each


def since_then(reads: Iterator[Read], since: datetime) -> Iterator[Read]:
    """Without posts that are surely older."""
    for each in reads:
        if not isinstance(each, Post) or each.created_at is None or each.created_at >= since:
            yield each


def gap(since: datetime, until: datetime, reason: str) -> Iterator[Gap]:
    """The stretch a platform does not give, if there is one."""
    if since < until:
        yield Gap(gap_from=since, gap_to=until, reason=reason)
