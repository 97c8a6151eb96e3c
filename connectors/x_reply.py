"""Cut the replies of X into posts, each with what stands about it elsewhere in the reply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from connectors import x_problem
from connectors.paging import decode
from pipeline.errors import PayloadError
from pipeline.source import Item, Reply

Raws = Mapping[str, msgspec.Raw]
_POST: Final = frozenset(
    [
        *("id", "text", "author_id", "conversation_id", "community_id"),
        *("edit_history_tweet_ids", "edit_history_post_ids"),
    ]
)
_NO_POST: Final = frozenset(
    [
        *("username", "name", "event_type", "dm_conversation_id", "dm_event_id", "state", "value"),
        *("url", "status", "media_key", "upload_url", "trend_name"),
    ]
)
"""Marks of people, lists, messages, spaces, rules, webhooks, jobs, pictures and trends."""
_POSTS: Final = ("tweets", "posts")
_REPEATED: Final = frozenset({"retweeted", "reposted"})
_COMPLIANCE: Final = frozenset({"id", "action", "reason"})
_KEEPING: Final = frozenset({"scrub_geo"})
_OTHERS: Final = frozenset({"meta", "access_token"})
_DELETED: Final = "post.delete"


class _Page(msgspec.Struct):
    """What lists have in common: no ``data`` when empty, no ``next_token`` at the end."""

    meta: dict[str, Any] = {}


class _Event(msgspec.Struct):
    event_type: str
    payload: msgspec.Raw = msgspec.Raw(b"null")
    includes: msgspec.Raw = msgspec.Raw(b"{}")


class _Beside(msgspec.Struct, frozen=True):
    """Users and posts that stand beside those asked for, by id."""

    users: Mapping[str, bytes]
    posts: Mapping[str, bytes]

    def about(self, fields: Raws) -> dict[str, str]:
        """The author of a post, and the post it repeats, as they were sent."""
        found = {
            "author": self.users.get(str(_value(fields.get("author_id")))),
            "original": self.posts.get(_repeated(fields)),
        }
        return {name: raw.decode(errors="replace") for name, raw in found.items() if raw}


def cut(reply: Reply) -> Iterator[Item]:
    """The posts of any reply; people, lists, numbers and what was done give none.

    Raises:
        LuisterError: a refusal, or nothing but what is missing.
        PayloadError: nothing that X sends.
    """
    for start, line in _lines(reply.body):
        one = msgspec.structs.replace(reply, body=line)
        told = x_problem.refusal(one)
        if told is not None:
            raise told
        yield from _whole(one, start)


def next_token(reply: Reply) -> str | None:
    """Where the list goes on, or None at its end."""
    token = decode(reply.body, _Page).meta.get("next_token")
    return str(token) if token else None


def people(reply: Reply) -> Mapping[str, str]:
    """Ids of the accounts in a list of users, by name in lower case."""
    users = decode(reply.body, dict[str, msgspec.Raw]).get("data", msgspec.Raw(b"[]"))
    found = [_fields(each) for each in _list(users)]
    return {
        str(_value(each.get("username"))).lower(): str(_value(each.get("id"))) for each in found
    }


def counted(reply: Reply) -> Mapping[str, int]:
    """Posts and users in a reply, each once, with those that stand beside."""
    try:
        body = decode(reply.body, dict[str, msgspec.Raw])
    except PayloadError:
        return {}
    elements = [_fields(each) for each in _elements(body.get("data"))]
    beside = _beside(body.get("includes"))
    posts = {*beside.posts, *(_name(each) for each in elements if _is_post(each))}
    users = {*beside.users, *(_name(each) for each in elements if "username" in each)}
    found = {"posts": len(posts), "users": len(users)}
    return {name: count for name, count in found.items() if count}


def _lines(body: bytes) -> Iterator[tuple[str, bytes]]:
    """The body, or its lines where each is an object: streams and lists of compliance."""
    first = body.lstrip().partition(b"\n")[0].rstrip()
    is_many = first[:1] == b"{" and first[-1:] == b"}" and len(first) > 1
    lines = [line.strip() for line in body.splitlines() if line.strip()] if is_many else []
    if len(lines) > 1 and all(line[:1] == b"{" and line[-1:] == b"}" for line in lines):
        yield from ((f"line {number} $", line) for number, line in enumerate(lines, 1))
    else:
        yield "$", body


def _whole(reply: Reply, start: str) -> Iterator[Item]:
    if reply.body.lstrip()[:1] == b"[":
        yield from _data(msgspec.Raw(reply.body.strip()), None, start, reply)
        return
    fields = decode(reply.body, dict[str, msgspec.Raw])
    if "data" in fields:
        yield from _data(fields["data"], fields.get("includes"), f"{start}.data", reply)
    elif fields.keys() >= _COMPLIANCE:
        if str(_value(fields["reason"])) not in _KEEPING:
            yield _item(reply.body, start, reply, {"shape": "gone"})
    elif _is_post(fields):
        yield _item(reply.body, start, reply, {})
    elif "meta" not in fields and (absence := x_problem.absence(reply)):
        raise absence
    elif not _OTHERS & fields.keys() or decode(reply.body, _Page).meta.get("result_count"):
        raise PayloadError("neither posts nor anything else that X sends", where=start)


def _data(
    data: msgspec.Raw, includes: msgspec.Raw | None, path: str, reply: Reply
) -> Iterator[Item]:
    """The one post, event or list of posts that stands at ``path``."""
    fields = _fields(data)
    if "event_type" in fields and "payload" in fields:
        yield from _event(data, path, reply)
        return
    beside = _beside(includes)
    if fields:
        if _is_post(fields):
            yield _item(bytes(data), path, reply, beside.about(fields))
        return
    for index, element in enumerate(_list(data)):
        fields = _fields(element)
        if not fields or _is_post(fields):
            yield _item(bytes(element), f"{path}[{index}]", reply, beside.about(fields))


def _event(data: msgspec.Raw, place: str, reply: Reply) -> Iterator[Item]:
    """What the Activity API tells of: a post that was made, or deleted."""
    event = decode(bytes(data), _Event, where=place)
    fields, path = _fields(event.payload), f"{place}.payload"
    if event.event_type == _DELETED:
        yield _item(bytes(event.payload), path, reply, {"shape": "gone"})
    elif event.event_type.startswith("post.") and _is_post(fields):
        about = _beside(event.includes).about(fields)
        yield _item(bytes(event.payload), path, reply, about)


def _beside(includes: msgspec.Raw | None) -> _Beside:
    fields = _fields(includes)
    posts = {key: raw for name in _POSTS for key, raw in _by_id(fields.get(name)).items()}
    return _Beside(_by_id(fields.get("users")), posts)


def _item(raw: bytes, path: str, reply: Reply, context: Mapping[str, str]) -> Item:
    return Item(raw=raw, path=path, observed_at=reply.observed_at, context=context)


def _is_post(fields: Raws) -> bool:
    """A post by any of its marks, so that one that lacks its words is not overlooked."""
    return bool(_POST & fields.keys()) and not _NO_POST & fields.keys()


def _repeated(fields: Raws) -> str:
    """The id of the post that a repost repeats."""
    for name in ("referenced_tweets", "referenced_posts"):
        for each in _elements(fields.get(name)):
            reference = _fields(each)
            if str(_value(reference.get("type"))) in _REPEATED:
                return _name(reference)
    return ""


def _by_id(listed: msgspec.Raw | None) -> dict[str, bytes]:
    """Elements of a list by id; in events one may be wrapped once more."""
    found = {}
    for element in _elements(listed):
        inner = _fields(element).get("data", element)
        found[_name(_fields(inner))] = bytes(inner)
    return found


def _name(fields: Raws) -> str:
    return str(_value(fields.get("id")))


def _elements(raw: msgspec.Raw | None) -> Iterable[msgspec.Raw]:
    """The elements of a list, or the one thing that stands in its place."""
    if raw is None:
        return ()
    return _list(raw) if bytes(raw)[:1] == b"[" else (raw,)


def _list(raw: msgspec.Raw) -> list[msgspec.Raw]:
    return decode(bytes(raw), list[msgspec.Raw], where="$.data")


def _fields(raw: msgspec.Raw | None) -> Raws:
    """The fields of an object; none for anything else."""
    if raw is None or bytes(raw)[:1] != b"{":
        return {}
    return decode(bytes(raw), dict[str, msgspec.Raw])


def _value(raw: msgspec.Raw | None) -> Any:
    return None if raw is None else decode(bytes(raw), Any)
