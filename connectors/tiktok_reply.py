"""Tell what an answer of TikTok is: a refusal with a code, videos, comments, or neither."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, Final

import msgspec

from connectors.dates import until_midnight
from connectors.paging import decode, unless_refused
from connectors.tiktok_item import understand_comment, understand_video
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post
from pipeline.source import Item, Reply

_LISTS: Final = {"videos": "video", "video": "video", "comments": "comment"}
_NO_POSTS: Final = frozenset({"user", "username", "access_token", "results", "hashtag_list"})
_PARTLY: Final = 20001
_FINE: Final = frozenset({0, _PARTLY, "ok"})

_LIMITS: Final = frozenset({40100, 40133, "rate_limit_exceeded", "daily_quota_limit_exceeded"})
_REFUSED: Final = frozenset(
    {
        *("access_token_invalid", "scope_not_authorized", "scope_permission_missed"),
        *("access_denied", "invalid_client", "invalid_grant", "unauthorized_client"),
    }
)


class _Error(msgspec.Struct):
    code: str
    message: str = ""


class _Told(msgspec.Struct):
    """Business answers say ``code`` and ``message``, the others ``error``, which may be a word."""

    code: int | None = None
    message: str | None = None
    error: _Error | str | None = None


class _Answer(msgspec.Struct):
    data: dict[str, msgspec.Raw] | None = None
    event: Any = None


class _Nest(msgspec.Struct):
    reply_list: list[msgspec.Raw] | None = None


def refused(reply: Reply) -> LuisterError | None:
    """TikTok's own code for what is wrong, mostly with status 200."""
    told = _told(reply)
    code, message = told or (0, "")
    if code in _FINE or (reply.status == 429 and "retry-after" in reply.headers):
        return None
    what = f"{message or 'no reason'} ({code})"
    if code in _LIMITS or "too frequent" in message.lower() or "too many" in message.lower():
        is_daily = any(word in f"{code} {message}".lower() for word in ("day", "daily"))
        seconds = until_midnight(reply.observed_at) if is_daily else 60.0
        return RateLimited(what, seconds=seconds, where=reply.url)
    number = code if isinstance(code, int) else 0
    if code in _REFUSED or number == 40001 or 40101 <= number < 40200:
        return SourceRefused(what, where=reply.url)
    if code == "internal_error" or number >= 50000:
        return SourceUnavailable(what, where=reply.url)
    return PayloadError(what, where=reply.url)


def is_partial(reply: Reply) -> bool:
    """Whether TikTok says that it could not answer all that was asked."""
    code, _ = _told(reply) or (0, "")
    return code == _PARTLY


def cut(reply: Reply) -> Iterator[Item]:
    """The videos or comments of a list; users, tokens and webhooks hold none.

    Raises:
        PayloadError: not an answer of TikTok.
    """
    unless_refused(refused(reply))
    answer = decode(reply.body, _Answer)
    if answer.data is None:
        if answer.event is None:
            raise PayloadError("neither data nor an event", where="$")
        return
    for name, shape in _LISTS.items():
        if name in answer.data:
            where = f"$.data.{name}"
            found = decode(bytes(answer.data[name]), list[msgspec.Raw], where=where)
            for at, raw in enumerate(found):
                yield from _cut(bytes(raw), f"{where}[{at}]", reply, shape)
    if "comment" in answer.data:
        yield from _cut(bytes(answer.data["comment"]), "$.data.comment", reply, "comment")
    if not answer.data.keys() & {*_LISTS, "comment", *_NO_POSTS}:
        raise PayloadError("neither videos nor comments", where="$.data")


def understood(item: Item) -> Post | None:
    """A video or a comment."""
    is_video = item.context.get("shape") == "video"
    return understand_video(item) if is_video else understand_comment(item)


def _cut(raw: bytes, path: str, reply: Reply, shape: str) -> Iterator[Item]:
    """An element, and apart from it the answers that it may hold."""
    answers: list[msgspec.Raw] = []
    if b'"reply_list"' in raw:
        try:
            answers = msgspec.json.decode(raw, type=_Nest).reply_list or []
            told = msgspec.json.decode(raw, type=dict[str, msgspec.Raw]) if answers else {}
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            answers = []
    if answers:
        raw = msgspec.json.encode({key: told[key] for key in told if key != "reply_list"})
    context = {"shape": shape}
    yield Item(raw=raw, path=path, observed_at=reply.observed_at, context=context)
    for at, answer in enumerate(answers):
        inner = f"{path}.reply_list[{at}]"
        yield Item(raw=bytes(answer), path=inner, observed_at=reply.observed_at, context=context)


def _told(reply: Reply) -> tuple[int | str, str] | None:
    """Code and message, or None where neither is told."""
    if not reply.body.lstrip().startswith(b"{"):
        return None
    try:
        told = msgspec.json.decode(reply.body, type=_Told)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if isinstance(told.error, str):
        return told.error, told.message or ""
    if told.error is not None:
        return told.error.code, told.error.message
    return None if told.code is None else (told.code, told.message or "")


READER: Final[Any] = SimpleNamespace(read=cut, to_post=understood)
