"""Replies of Reddit: the things of a list or a thread, what is folded away, and refusals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from connectors.paging import decode
from connectors.told_status import refused
from pipeline.errors import LuisterError, PayloadError, RateLimited, SourceGone
from pipeline.source import Item, Reply


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


ODD: Final = "odd"
"""The kind of what is neither a thing nor a list: it is rejected, and costs no other."""


class _Things(msgspec.Struct):
    things: list[msgspec.Raw] = []


class _Sent(msgspec.Struct):
    data: _Things = msgspec.field(default_factory=_Things)
    errors: list[list[Any]] = []


class _Answer(msgspec.Struct):
    json: _Sent


def cut(reply: Reply) -> Iterator[Item]:
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
            yield from _things(bytes(raw), f"$[{index}]", reply)
        return
    told = decode(body, dict[str, msgspec.Raw])
    if "kind" in told:
        yield from _things(body, "$", reply)
    elif "json" in told:
        sent = decode(body, _Answer).json
        if sent.errors:
            raise _refusal(sent.errors, reply)
        for index, raw in enumerate(sent.data.things):
            yield from _things(bytes(raw), f"$.json.data.things[{index}]", reply, is_whole=False)
    elif "access_token" not in told:
        raise refused(reply, "neither a list nor a thing")


def _refusal(told: Sequence[Sequence[Any]], reply: Reply) -> LuisterError:
    """What an answer in ``json`` refuses: a code, and why."""
    code, *why = [str(each) for each in told[0] if each] or ["no reason told"]
    said = f"Reddit refuses: {code} {' '.join(why)}".strip()[:300]
    return (
        RateLimited(said, where=reply.url) if code == "RATELIMIT" else PayloadError(said, where="$")
    )


def _things(body: bytes, path: str, reply: Reply, *, is_whole: bool = True) -> Iterator[Item]:
    """The things at a place, parents before their answers.

    Raises:
        PayloadError: what stands there is none, and it ``is_whole``.
    """
    is_raw = parse_qs(urlsplit(reply.url).query).get("raw_json") == ["1"]
    more = {"raw": "yes"} if is_raw else {}
    waiting = [(body, path)]
    while waiting:
        raw, here = waiting.pop()
        try:
            thing = decode(raw, _Thing, where=here)
            data = bytes(thing.data)
            is_list = thing.kind == "Listing"
            children = decode(data, _Children, where=here).children if is_list else []
        except PayloadError:
            if is_whole and here == path:
                raise
            odd = {"kind": ODD, **more}
            yield Item(raw=raw, path=here, observed_at=reply.observed_at, context=odd)
            continue
        if is_list:
            below = [
                (bytes(each), f"{here}.data.children[{at}]") for at, each in enumerate(children)
            ]
            waiting.extend(reversed(below))
            continue
        yield Item(
            raw=data,
            path=f"{here}.data",
            observed_at=reply.observed_at,
            context={"kind": thing.kind, **more},
        )
        if thing.kind == "t1" and isinstance(_nested(data), dict):
            waiting.append((bytes(decode(data, _Raw).replies), f"{here}.data.replies"))


def _nested(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data, type=_Nest).replies
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def after(reply: Reply) -> str | None:
    """The name after which a list goes on, or None at its end."""
    return decode(bytes(decode(reply.body, _Thing).data), _Children).after
