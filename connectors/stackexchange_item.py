"""Understand one item of Stack Exchange: a question, an answer, a comment or an excerpt of one."""

from __future__ import annotations

import html
import re
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from connectors.markup import comment_text, links_of, plain_text
from pipeline.errors import PayloadError
from pipeline.post import Post, utc_from_epoch
from pipeline.source import Item

_LANGUAGES: Final = {
    "stackoverflow": "en",
    "superuser": "en",
    "serverfault": "en",
    "askubuntu": "en",
    "es.stackoverflow": "es",
    "ja.stackoverflow": "ja",
    "pt.stackoverflow": "pt",
    "ru.stackoverflow": "ru",
}
_QUESTION: Final = re.compile(r"/questions/(?P<number>\d+)/")
_ALONE: Final = frozenset({"stackoverflow", "superuser", "serverfault", "askubuntu", "stackapps"})


class _User(msgspec.Struct):
    user_id: int | None = None
    display_name: str | None = None
    link: str | None = None


class _Kind(msgspec.Struct):
    question_id: int | None = None
    answer_id: int | msgspec.UnsetType | None = msgspec.UNSET
    comment_id: int | msgspec.UnsetType | None = msgspec.UNSET
    post_id: int | None = None
    post_type: str | None = None
    link: str | None = None
    item_type: str | None = None
    answer_count: int | None = None
    is_answered: bool | None = None
    owner: _User | None = None
    suggested_edit_id: int | None = None
    revision_guid: str | None = None
    timeline_type: str | None = None
    event_type: str | None = None
    notification_type: str | None = None
    reputation_history_type: str | None = None

    @property
    def is_note(self) -> bool:
        """What is told about a post, and is none: a proposal, a version, an event, points."""
        notes = (self.suggested_edit_id, self.revision_guid, self.timeline_type, self.event_type)
        others = (self.notification_type, self.reputation_history_type)
        return any(each is not None for each in (*notes, *others))

    @property
    def is_question(self) -> bool:
        """What tells that it is one, beside its number; an excerpt of an answer has its counts."""
        if self.item_type is not None:
            return self.item_type == "question"
        return self.answer_count is not None or self.is_answered is not None


class _Thing(msgspec.Struct):
    creation_date: int
    last_edit_date: int | None = None
    owner: _User | None = None
    reply_to_user: _User | None = None
    title: str | None = None
    body: str | None = None
    body_markdown: str | None = None
    excerpt: str | None = None
    tags: list[str] = []
    link: str | None = None
    score: int | None = None
    up_vote_count: int | None = None
    view_count: int | None = None
    answer_count: int | None = None
    comment_count: int | None = None


class _Linked(msgspec.Struct):
    link: str | None = None
    owner: _User | None = None


def site_of(raw: bytes) -> str:
    """The site that an item links to, where the address it came from tells none."""
    try:
        told = msgspec.json.decode(raw, type=_Linked)
        link = told.link or (told.owner.link if told.owner else None)
        host = urlsplit(link or "").hostname or ""
    except (msgspec.MsgspecError, ValueError, RecursionError):
        host = ""
    return host.removesuffix(".com").removesuffix(".stackexchange") or "stackoverflow"


def thing_post(item: Item) -> Post | None:
    """A question, an answer or a comment; None for what is none.

    Raises:
        PayloadError: a post without its number.
    """
    named = msgspec.json.decode(item.raw, type=_Kind)
    if named.is_note:
        return None
    kind, number = _name(named)
    if kind == "q" and "question" in item.context:
        raise PayloadError("an answer or a comment without its number", where="$.answer_id")
    if number is None:
        if named.owner is not None:
            raise PayloadError("a post without its number", where="$.question_id")
        return None
    thing = msgspec.json.decode(item.raw, type=_Thing)
    site = item.context.get("site", "stackoverflow")
    host = _host(site)
    markup = thing.body or ""
    return Post(
        platform="stackexchange",
        post_id=f"{site}:{kind}:{number}",
        native_id=str(number),
        observed_at=item.observed_at,
        created_at=utc_from_epoch(thing.creation_date),
        edited_at=None if thing.last_edit_date is None else utc_from_epoch(thing.last_edit_date),
        url=thing.link or f"https://{host}/{_PATHS[kind]}/{number}",
        title=html.unescape(thing.title) if kind == "q" and thing.title else None,
        text=_text(thing),
        language=_LANGUAGES.get(site),
        tags=tuple(thing.tags),
        links=links_of(markup, f"https://{host}/"),
        likes_count=_likes(thing),
        views_count=thing.view_count,
        replies_count=thing.answer_count if kind == "q" else thing.comment_count,
        payload=item.raw.decode("utf-8", "replace"),
        **_author(site, thing.owner),
        **_place(site, kind, number, named, item.context.get("question")),
        **_answered(site, thing.reply_to_user),
    )


_PATHS: Final = {"q": "q", "a": "a", "c": "posts/comments"}


def _host(site: str) -> str:
    """Where a site is: ``es.stackoverflow`` and ``codereview.meta`` end in something else.

    The API takes whole hosts as well.
    """
    if site.endswith((".net", ".com")):
        return site
    return f"{site}.com" if site.rpartition(".")[2] in _ALONE else f"{site}.stackexchange.com"


def _name(named: _Kind) -> tuple[str, int | None]:
    """Numbers that are told to be none leave a question a question, and an answer without its own.

    Answers and comments name their question too.
    """
    if named.comment_id is None and isinstance(named.answer_id, int):
        return "a", named.answer_id
    is_numbered = any(isinstance(each, int) for each in (named.comment_id, named.answer_id))
    if named.question_id is not None and named.is_question and not is_numbered:
        return "q", named.question_id
    if named.comment_id is not msgspec.UNSET:
        return "c", named.comment_id
    if named.answer_id is not msgspec.UNSET:
        return "a", named.answer_id
    if named.question_id is not None:
        return "q", named.question_id
    return ("a" if named.post_type == "answer" else "q"), named.post_id


def _place(site: str, kind: str, number: int, named: _Kind, question: str | None) -> dict[str, Any]:
    """Questions and answers share their numbers: a comment names its parent by that alone."""
    root = None if question is None else f"{site}:q:{question}"
    if kind == "c":
        exact = {"question": ":q", "answer": ":a"}.get(named.post_type or "", "")
        parent = None if named.post_id is None else f"{site}{exact}:{named.post_id}"
        if root is None:
            told = _QUESTION.search(named.link or "")
            root = f"{site}:q:{told['number']}" if told else parent if exact == ":q" else None
        return {"kind": "comment", "parent_id": parent, "root_id": root}
    aliases = (f"{site}:{number}",)
    if kind == "q":
        own = f"{site}:q:{number}"
        return {"kind": "post", "root_id": own, "aliases": aliases}
    above = root if named.question_id is None else f"{site}:q:{named.question_id}"
    return {"kind": "reply", "parent_id": above, "root_id": above, "aliases": aliases}


def _text(thing: _Thing) -> str:
    if thing.body is not None:
        return comment_text(thing.body)
    if thing.body_markdown is not None:
        return html.unescape(thing.body_markdown)
    return plain_text(thing.excerpt or "")


def _likes(thing: _Thing) -> int | None:
    if thing.up_vote_count is not None:
        return thing.up_vote_count
    return thing.score if thing.score is not None and thing.score >= 0 else None


def _author(site: str, owner: _User | None) -> dict[str, Any]:
    """An author who left has a name at most."""
    if owner is None:
        return {}
    account = None if owner.user_id is None else f"{site}/{owner.user_id}"
    name = html.unescape(owner.display_name) if owner.display_name else None
    return {
        "author_id": account,
        "author_handle": account,
        "author_name": name,
        "author_url": owner.link,
    }


def _answered(site: str, user: _User | None) -> dict[str, Any]:
    if user is None or user.user_id is None:
        return {}
    account = f"{site}/{user.user_id}"
    return {"parent_author_id": account, "mentions": (account,)}
