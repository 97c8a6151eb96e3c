"""Cut the replies of X into posts, each with what stands about it elsewhere in the reply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, Final

import msgspec

from connectors import x_problem, x_status
from connectors.frames import cut_each, kept
from connectors.paging import decode
from pipeline.errors import PayloadError
from pipeline.source import Item, Reply

_NOTHING: Final = msgspec.Raw()
_BY_NAME: Final = dict[str, msgspec.Raw]
_REPEATED: Final = frozenset({"retweeted", "reposted"})
_COMPLIANCE: Final = frozenset({"id", "action", "reason"})
_KEEPING: Final = frozenset({"scrub_geo"})
_OTHERS: Final = frozenset({"meta", "access_token"})
_DELETED: Final = "post.delete"


class _Page(msgspec.Struct):
    """What lists have in common: no ``data`` when empty, no ``next_token`` at the end."""

    meta: dict[str, Any] = {}


class _Marks(msgspec.Struct, gc=False):
    """What tells a post from anything else, and where what belongs to it stands, all as sent."""

    id: msgspec.Raw = _NOTHING
    author_id: msgspec.Raw = _NOTHING
    referenced_tweets: msgspec.Raw = _NOTHING
    referenced_posts: msgspec.Raw = _NOTHING
    attachments: msgspec.Raw = _NOTHING
    text: msgspec.Raw = _NOTHING
    conversation_id: msgspec.Raw = _NOTHING
    community_id: msgspec.Raw = _NOTHING
    edit_history_tweet_ids: msgspec.Raw = _NOTHING
    edit_history_post_ids: msgspec.Raw = _NOTHING
    username: msgspec.Raw = _NOTHING
    name: msgspec.Raw = _NOTHING
    event_type: msgspec.Raw = _NOTHING
    dm_conversation_id: msgspec.Raw = _NOTHING
    dm_event_id: msgspec.Raw = _NOTHING
    state: msgspec.Raw = _NOTHING
    value: msgspec.Raw = _NOTHING
    url: msgspec.Raw = _NOTHING
    status: msgspec.Raw = _NOTHING
    media_key: msgspec.Raw = _NOTHING
    upload_url: msgspec.Raw = _NOTHING
    trend_name: msgspec.Raw = _NOTHING
    tweet_count: msgspec.Raw = _NOTHING
    post_count: msgspec.Raw = _NOTHING
    payload: msgspec.Raw = _NOTHING
    id_str: msgspec.Raw = _NOTHING
    user: msgspec.Raw = _NOTHING

    @property
    def is_post(self) -> bool:
        """A post by any of its marks, so that one that lacks its words is not overlooked."""
        return any(_of_posts(self)) and not any(_of_others(self))

    @property
    def number(self) -> str:
        return str(_value(self.id))


_of_posts: Final = attrgetter(
    *("id", "text", "author_id", "conversation_id", "community_id"),
    *("edit_history_tweet_ids", "edit_history_post_ids"),
)
_of_others: Final = attrgetter(
    *("username", "name", "event_type", "dm_conversation_id", "dm_event_id", "state", "value"),
    *("url", "status", "media_key", "upload_url", "trend_name", "tweet_count", "post_count"),
)
"""Marks of people, lists, messages, spaces, rules, webhooks, jobs, pictures and trends."""
_UNMARKED: Final = _Marks()


class _Named(msgspec.Struct, gc=False):
    id: msgspec.Raw = _NOTHING
    media_key: msgspec.Raw = _NOTHING
    data: msgspec.Raw = _NOTHING


class _Reference(msgspec.Struct, gc=False):
    type: Any = None
    id: Any = None


class _Attachments(msgspec.Struct, gc=False):
    poll_ids: msgspec.Raw = _NOTHING
    media_keys: msgspec.Raw = _NOTHING


class _Includes(msgspec.Struct, gc=False):
    users: msgspec.Raw = _NOTHING
    tweets: msgspec.Raw = _NOTHING
    posts: msgspec.Raw = _NOTHING
    polls: msgspec.Raw = _NOTHING
    media: msgspec.Raw = _NOTHING


class _Event(msgspec.Struct):
    event_type: str
    payload: msgspec.Raw = msgspec.Raw(b"null")
    includes: msgspec.Raw = msgspec.Raw(b"{}")


class _Beside(msgspec.Struct, frozen=True):
    """What stands beside the posts asked for, by id: users, posts, polls and pictures."""

    users: Mapping[str, str] = {}
    posts: Mapping[str, str] = {}
    attached: Mapping[str, str] = {}

    def about(self, marks: _Marks) -> dict[str, str]:
        """The author of a post, the post it repeats and what is attached, as they were sent."""
        found = {}
        author = self.users.get(str(_value(marks.author_id)))
        if author:
            found["author"] = author
        original = self.posts.get(_repeated(marks)) if self.posts else None
        if original:
            found["original"] = original
        told = [self.attached.get(name, "") for name in _attached(marks)] if self.attached else []
        if any(told):
            found["attached"] = f"[{','.join(filter(None, told))}]"
        return found


def cut(reply: Reply) -> Iterator[Item]:
    """The posts of any reply; people, lists, numbers and what was done give none.

    Raises:
        LuisterError: a refusal, or nothing but what is missing.
        PayloadError: nothing that X sends.
    """
    messages = kept(reply.body)
    return cut_each(reply, messages, _whole, {}) if messages else _whole(reply)


def next_token(reply: Reply) -> str | None:
    """Where the list goes on, or None at its end."""
    token = decode(reply.body, _Page).meta.get("next_token")
    return str(token) if token else None


def people(reply: Reply) -> Mapping[str, str]:
    """Ids of the accounts in a list of users, by name in lower case."""
    users = decode(reply.body, dict[str, msgspec.Raw]).get("data", msgspec.Raw(b"[]"))
    found = [_marks(each) for each in _list(users)]
    return {str(_value(each.username)).lower(): each.number for each in found}


def counted(reply: Reply) -> Mapping[str, int]:
    """Posts and users in a reply, each once, with those that stand beside."""
    try:
        body = decode(reply.body, dict[str, msgspec.Raw])
    except PayloadError:
        return {}
    elements = [_marks(each) for each in _elements(body.get("data", _NOTHING))]
    beside = _beside(body.get("includes", _NOTHING))
    posts = {*beside.posts, *(each.number for each in elements if each.is_post)}
    users = {*beside.users, *(each.number for each in elements if each.username)}
    found = {"posts": len(posts), "users": len(users)}
    return {name: count for name, count in found.items() if count}


def _whole(reply: Reply) -> Iterator[Item]:
    if reply.body.lstrip()[:1] == b"[":
        yield from _data(msgspec.Raw(reply.body.strip()), _NOTHING, "$", reply)
        return
    fields = decode(reply.body, dict[str, msgspec.Raw])
    told = None if "data" in fields else x_problem.refusal(reply)
    if told is not None:
        raise told
    if "data" in fields:
        beside = fields.get("includes", _NOTHING)
        yield from _data(fields["data"], beside, "$.data", reply)
    elif fields.keys() >= _COMPLIANCE:
        if str(_value(fields["reason"])) not in _KEEPING:
            yield _item(reply.body, "$", reply, {"shape": "gone"})
    elif x_status.is_status(fields) or x_status.is_notice(fields):
        context = x_status.STATUS if x_status.is_status(fields) else x_status.NOTICE
        yield _item(reply.body, "$", reply, context)
    elif (listed := x_status.list_in(fields)) is not None:
        yield from _data(fields[listed], _NOTHING, f"$.{listed}", reply)
    elif decode(reply.body, _Marks).is_post:
        yield _item(reply.body, "$", reply, {})
    elif "meta" not in fields and (absence := x_problem.absence(reply)):
        raise absence
    elif not _OTHERS & fields.keys() or decode(reply.body, _Page).meta.get("result_count"):
        raise PayloadError("neither posts nor anything else that X sends", where="$")


def _data(data: msgspec.Raw, includes: msgspec.Raw, path: str, reply: Reply) -> Iterator[Item]:
    """The one post, event or list of posts that stands at ``path``."""
    one = _marks(data)
    if one.event_type and one.payload:
        yield from _event(data, path, reply)
        return
    beside = _beside(includes)
    if _has_fields(data):
        if one.is_post:
            yield _item(bytes(data), path, reply, beside.about(one))
        elif any(
            _marks(each).is_post
            for told in decode(bytes(data), _BY_NAME).values()
            for each in _elements(told)
        ):
            raise PayloadError("posts, but not in a list", where=path)
        return
    for index, element in enumerate(_list(data)):
        marks = _marks(element)
        if marks.id_str and marks.user:
            yield _item(bytes(element), f"{path}[{index}]", reply, x_status.STATUS)
        elif marks.is_post or not any(_of_others(marks)):
            yield _item(bytes(element), f"{path}[{index}]", reply, beside.about(marks))


def _event(data: msgspec.Raw, place: str, reply: Reply) -> Iterator[Item]:
    """What the Activity API tells of: a post that was made, or deleted."""
    event = decode(bytes(data), _Event, where=place)
    marks, path = _marks(event.payload), f"{place}.payload"
    if event.event_type == _DELETED:
        yield _item(bytes(event.payload), path, reply, {"shape": "gone"})
    elif event.event_type.startswith("post.") and marks.is_post:
        about = _beside(event.includes).about(marks)
        yield _item(bytes(event.payload), path, reply, about)


def _beside(includes: msgspec.Raw) -> _Beside:
    if bytes(includes)[:1] != b"{":
        return _Beside()
    told = decode(bytes(includes), _Includes)
    posts = _by_id(told.tweets) | _by_id(told.posts)
    return _Beside(_by_id(told.users), posts, _by_id(told.polls) | _by_id(told.media))


def _item(raw: bytes, path: str, reply: Reply, context: Mapping[str, str]) -> Item:
    return Item(raw=raw, path=path, observed_at=reply.observed_at, context=context)


def _repeated(marks: _Marks) -> str:
    """The id of the post that a repost repeats."""
    for listed in (marks.referenced_tweets, marks.referenced_posts):
        for each in _elements(listed):
            if bytes(each)[:1] == b"{":
                reference = decode(bytes(each), _Reference)
                if str(reference.type) in _REPEATED:
                    return str(reference.id)
    return ""


def _attached(marks: _Marks) -> Iterator[str]:
    """The ids of the poll and the keys of the pictures of a post."""
    if bytes(marks.attachments)[:1] == b"{":
        told = decode(bytes(marks.attachments), _Attachments)
        for listed in (told.poll_ids, told.media_keys):
            yield from (str(_value(each)) for each in _elements(listed))


def _by_id(listed: msgspec.Raw) -> dict[str, str]:
    """Elements of a list by id; in events one may be wrapped once more."""
    found = {}
    for element in _elements(listed):
        inner, named = bytes(element), _named(element)
        if named.data:
            inner, named = bytes(named.data), _named(named.data)
        found[str(_value(named.id or named.media_key))] = inner.decode(errors="replace")
    return found


def _elements(raw: msgspec.Raw) -> Iterable[msgspec.Raw]:
    """The elements of a list, or the one thing that stands in its place."""
    if not raw:
        return ()
    return _list(raw) if bytes(raw)[:1] == b"[" else (raw,)


def _list(raw: msgspec.Raw) -> list[msgspec.Raw]:
    return decode(bytes(raw), list[msgspec.Raw], where="$.data")


def _marks(raw: msgspec.Raw) -> _Marks:
    """The marks of an object; none for anything else."""
    body = bytes(raw)
    return decode(body, _Marks) if body[:1] == b"{" else _UNMARKED


def _named(raw: msgspec.Raw) -> _Named:
    body = bytes(raw)
    return decode(body, _Named) if body[:1] == b"{" else _Named()


def _has_fields(raw: msgspec.Raw) -> bool:
    body = bytes(raw)
    return body[:1] == b"{" and bool(body[1:-1].strip())


def _value(raw: msgspec.Raw) -> Any:
    return decode(bytes(raw), Any) if raw else None
