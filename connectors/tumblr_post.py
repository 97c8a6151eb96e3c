"""Understand one post of Tumblr, in blocks (NPF) or as of old in HTML, or a note under one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from connectors.markup import clean, links_of, plain_text, quoted, resolve
from connectors.paging import distinct
from pipeline.errors import PayloadError
from pipeline.post import Kind, Post, Visibility, utc_from_epoch
from pipeline.reading import text
from pipeline.source import Item

NOTE: Final = "note"
_REDIRECTS: Final = frozenset({"t.umblr.com", "href.li"})
_MICROSECONDS: Final = 1e11
_BLOCKS: Final = "blocks"
_PUBLISHED: Final = frozenset({"published", ""})
_ASK: Final = "ask"
_LEGACY: Final = ("text", "body", "caption", "description", "source", "answer")
"""Where the types of old have their words, in reading order; all HTML."""

Digits = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,20}$")]
Number = Digits | Annotated[int, msgspec.Meta(ge=1)]
Moment = Annotated[float, msgspec.Meta(ge=0, le=1e10)]
NoteMoment = Annotated[float, msgspec.Meta(ge=0, le=1e16)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**62)]


class _Blog(msgspec.Struct, frozen=True):
    """Short or long, whole or with a name alone."""

    name: str | None = None
    uuid: str | None = None
    url: str | None = None
    title: str | None = None


class _Format(msgspec.Struct):
    type: str = ""
    url: str | None = None
    blog: _Blog | None = None


class _Choice(msgspec.Struct):
    answer_text: str | None = None


class _Block(msgspec.Struct):
    """One piece of a post; which fields it has follows from its type."""

    type: str
    text: str | None = None
    formatting: tuple[_Format, ...] | None = None
    url: str | None = None
    alt_text: str | None = None
    caption: str | None = None
    question: str | None = None
    answers: tuple[_Choice, ...] | None = None


class _Attribution(msgspec.Struct):
    blog: _Blog | None = None


class _Layout(msgspec.Struct):
    """How blocks stand together; those of an ``ask`` are by whom it is attributed to."""

    type: str = ""
    blocks: tuple[Any, ...] | None = None
    attribution: _Attribution | None = None


class _Named(msgspec.Struct):
    id: Number | None = None


class _Step(msgspec.Struct):
    """One post of those a reblog carries along; a broken one has no id and no blog."""

    post: _Named | None = None
    blog: _Blog | None = None
    content_raw: str | None = None
    is_current_item: bool = False


class _Comment(msgspec.Struct):
    comment: str | None = None


class _Post(msgspec.Struct):
    """The fields of a post; those of a reblog are there only when it is one."""

    blog_name: str
    post_url: str
    timestamp: Moment
    id: Number
    type: str = ""
    id_string: Digits | None = None
    blog: _Blog = _Blog()
    state: str = ""
    title: str | None = None
    tags: tuple[str, ...] = ()
    note_count: Count | None = None
    content: tuple[_Block, ...] | None = None
    layout: tuple[_Layout, ...] = ()
    trail: tuple[_Step, ...] = ()
    reblog: _Comment | None = None
    url: str | None = None
    reblogged_from_id: Number | None = None
    reblogged_from_name: str | None = None
    reblogged_from_uuid: str | None = None
    reblogged_root_id: Number | None = None
    parent_post_id: Number | None = None
    parent_post_url: str | None = None
    question: str | None = None
    text: str | None = None
    body: str | None = None
    caption: str | None = None
    description: str | None = None
    source: str | None = None
    answer: str | None = None
    asking_name: str | None = None

    @property
    def parent(self) -> str | None:
        return _id(self.reblogged_from_id or self.parent_post_id)

    @property
    def is_reblog(self) -> bool:
        carried = any(not each.is_current_item for each in self.trail)
        return bool(self.parent or self.reblogged_root_id or self.parent_post_url or carried)


class _Note(msgspec.Struct):
    """An answer under a post, or a reblog of it with words."""

    type: str
    timestamp: NoteMoment
    blog_name: str
    blog_uuid: str | None = None
    blog_url: str | None = None
    reply_text: str | None = None
    added_text: str | None = None
    post_id: Number | None = None
    reblog_parent_post_id: Number | None = None
    reblog_parent_blog_name: str | None = None
    formatting: tuple[_Format, ...] | None = None


def to_post(item: Item) -> Post | None:
    """A post, an answer to one or a reblog with words; None for likes and bare reblogs in notes.

    Raises:
        PayloadError: a post without its blocks, or a reblog without the id of its post.
    """
    if item.context.get("shape") == NOTE:
        return _note(item)
    post = msgspec.json.decode(item.raw, type=_Post)
    if post.type == _BLOCKS and post.content is None:
        raise PayloadError("a post in blocks without its blocks", where="$.content")
    name = post.id_string or str(post.id)
    words, links, mentions = _said(post)
    nothing = 0 if post.note_count == 0 else None
    return Post(
        platform="tumblr",
        post_id=name,
        native_id=f"{post.blog.uuid or post.blog_name}/{name}",
        observed_at=item.observed_at,
        created_at=utc_from_epoch(post.timestamp),
        url=resolve(post.post_url),
        title=clean(post.title or "") or None,
        text=words,
        tags=distinct(clean(each) for each in post.tags),
        links=links,
        mentions=mentions,
        likes_count=nothing,
        reposts_count=nothing,
        replies_count=nothing,
        visibility=_visibility(post),
        payload=text(item),
        **_place(post, name, has_words=bool(words)),
        **_author(post.blog_name, post.blog),
    )


def _note(item: Item) -> Post | None:
    note = msgspec.json.decode(item.raw, type=_Note)
    words = note.reply_text if note.type == "reply" else note.added_text
    if note.type not in {"reply", "reblog"} or not words:
        return None
    under = item.context.get("under")
    if note.type == "reblog" and note.post_id is None:
        raise PayloadError("a reblog without the id of its post", where="$.post_id")
    answers = note.type == "reply"
    moment = note.timestamp / (1e6 if note.timestamp > _MICROSECONDS else 1)
    name = f"{under}/{note.blog_name}/{moment:.0f}" if answers else str(note.post_id)
    formats = note.formatting or ()
    return Post(
        platform="tumblr",
        post_id=name,
        native_id=None if answers else f"{note.blog_uuid or note.blog_name}/{note.post_id}",
        kind="reply" if answers else "quote",
        observed_at=item.observed_at,
        created_at=utc_from_epoch(moment),
        parent_id=under if answers else None,
        parent_author_id=item.context.get("whose") if answers else note.reblog_parent_blog_name,
        quoted_id=None if answers else _id(note.reblog_parent_post_id) or under,
        root_id=under,
        text=clean(words).strip(),
        links=distinct(_target(each.url) for each in formats),
        mentions=distinct(each.blog.name or "" for each in formats if each.blog),
        payload=text(item),
        **_author(note.blog_name, _Blog(uuid=note.blog_uuid, url=note.blog_url)),
    )


def _place(post: _Post, name: str, *, has_words: bool) -> dict[str, Any]:
    """A reblog repeats the last post of its trail, or comments on it when it adds words."""
    if not post.is_reblog:
        return {"kind": "post", "root_id": name}
    carried = [each for each in post.trail if each.post and not each.is_current_item]
    steps = [_id(each.post.id) for each in carried if each.post]
    said_last = steps[-1] if steps else post.parent or _id(post.reblogged_root_id)
    from_blog = _Blog(name=post.reblogged_from_name, uuid=post.reblogged_from_uuid)
    whose = (carried[-1].blog if steps else from_blog) or _Blog()
    kind: Kind = "quote" if has_words else "repost"
    return {
        "parent_author_id": whose.uuid or whose.name,
        "kind": kind,
        "quoted_id" if has_words else "reposted_id": said_last,
        "root_id": _id(post.reblogged_root_id) or (steps[0] if steps else None) or post.parent,
    }


def _said(post: _Post) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Words, links and people named in what the post itself says: not in what it carries along."""
    asking = [each.attribution.blog for each in post.layout if each.attribution]
    named = [each.name or "" for each in asking if each is not None] + [post.asking_name or ""]
    if post.content is not None:
        asked = [at for each in post.layout if each.type == _ASK for at in each.blocks or ()]
        own = [block for at, block in enumerate(post.content) if at not in asked]
        parts = [
            quoted(part) if at in asked else part
            for at, block in enumerate(post.content)
            for part in _lines(block)
        ]
        links = [link for block in own for link in _links(block)]
        named += [
            each.blog.name or "" for block in own for each in block.formatting or () if each.blog
        ]
        return "\n".join(parts), distinct(links), distinct(named)
    html = list(_html(post))
    parts = [plain_text(each) for each in html]
    if post.question and not post.is_reblog:
        parts.insert(0, quoted(plain_text(post.question)))
    links = [_target(link) for each in html for link in links_of(each)]
    page = () if post.is_reblog else (_target(post.url),)
    anonymous = {"Anonymous", "anonymous"}
    words = "\n\n".join(each for each in parts if each)
    return words, distinct((*page, *links)), distinct(set(named) - anonymous)


def _html(post: _Post) -> Iterator[str]:
    if post.is_reblog:
        current = next((each for each in post.trail if each.is_current_item), None)
        comment = post.reblog.comment if post.reblog else None
        yield (comment if comment is not None else current and current.content_raw) or ""
        return
    for name in _LEGACY:
        yield getattr(post, name) or ""


def _lines(block: _Block) -> Iterator[str]:
    """What a block says: its text, what describes a picture, or a question with its choices."""
    choices = (each.answer_text for each in block.answers or ())
    for words in (block.text, block.caption, block.alt_text, block.question, *choices):
        if words and words.strip():
            yield clean(words).strip()


def _links(block: _Block) -> Iterator[str]:
    """Addresses that were written or attached; of a video or sound its page."""
    yield from (_target(each.url) for each in block.formatting or () if each.type == "link")
    if block.type in {"link", "video", "audio"}:
        yield _target(block.url)


def _target(address: str | None) -> str:
    """Where an address leads: many go by way of a page of Tumblr's own."""
    found = resolve(address or "") or ""
    parts = urlsplit(found)
    if parts.hostname not in _REDIRECTS:
        return found
    given = parse_qs(parts.query).get("z", [parts.query])[0]
    return resolve(given) or found


def _author(name: str, blog: _Blog) -> dict[str, Any]:
    """A blog; its uuid stays when it takes another name."""
    return {
        "author_id": blog.uuid or name,
        "author_handle": name,
        "author_name": clean(blog.title or "") or None,
        "author_url": resolve(blog.url or "") or resolve(f"https://www.tumblr.com/{name}"),
    }


def _visibility(post: _Post) -> Visibility:
    """Drafts, posts that wait and private ones are for their owner."""
    return "public" if post.state in _PUBLISHED else "private"


def _id(number: str | int | None) -> str | None:
    return None if number is None else str(number)
