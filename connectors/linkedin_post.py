"""Understand one thing of LinkedIn: a post of a page, a comment, or the notice of an action."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import msgspec

from connectors.linkedin_content import Content, article_in, shown_words
from connectors.linkedin_words import (
    address,
    author,
    comment_aliases,
    comment_urn,
    named_by,
    named_in,
    place_of,
    plain,
    tags_in,
)
from connectors.markdown import links_in
from connectors.markup import clean
from pipeline.errors import PayloadError
from pipeline.post import Post, Visibility, utc_from_epoch
from pipeline.source import Item

_VISIBILITY: Final[dict[str, Visibility]] = {"PUBLIC": "public", "CONNECTIONS": "followers"}
"""Any other word (members who are logged in, a group) is not everybody."""

Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Urn = Annotated[str, msgspec.Meta(pattern="^urn:li:")]
_PUBLISHED: Final = frozenset({"PUBLISHED", "PUBLISHED_EDITED"})
_REMOVED: Final = frozenset({"DELETED", "ARCHIVED"})
_DELETION: Final = "COMMENT_DELETE"
_EDIT: Final = "COMMENT_EDIT"
_MENTION: Final = "SHARE_MENTION"


class _Stamp(msgspec.Struct):
    time: int


class _Reshare(msgspec.Struct):
    parent: str | None = None
    root: str | None = None


class _Distribution(msgspec.Struct, rename="camel"):
    feed_distribution: str | None = None


class _State(msgspec.Struct, rename="camel"):
    is_edited_by_author: bool | None = None


class _Post(msgspec.Struct, rename="camel"):
    """``commentary`` is absent when there are no words; drafts have no ``publishedAt``."""

    id: Urn
    author: Urn
    lifecycle_state: str
    visibility: str
    created_at: int
    published_at: int | None = None
    last_modified_at: int | None = None
    commentary: str | None = None
    distribution: _Distribution | None = None
    lifecycle_state_info: _State | None = None
    reshare_context: _Reshare | None = None
    content: Content | None = None


class _Message(msgspec.Struct):
    text: str
    attributes: list[Any] = []


class _Likes(msgspec.Struct, rename="camel"):
    total_likes: Count | None = None
    aggregated_total_likes: Count | None = None


class _Replies(msgspec.Struct, rename="camel"):
    total_first_level_comments: Count | None = None


class _Comment(msgspec.Struct, rename="camel"):
    """Older versions give no ``commentUrn``: ``object`` and ``id`` make it."""

    actor: Urn
    created: _Stamp
    message: _Message
    object: Urn
    id: str
    comment_urn: Urn | None = None
    parent_comment: Urn | None = None
    last_modified: _Stamp | None = None
    likes_summary: _Likes | None = None
    comments_summary: _Replies | None = None


class _Said(msgspec.Struct, rename="camel"):
    """A post or a comment as notices show it; ``object`` is what a comment stands under."""

    entity: Urn
    owner: Urn
    text: str = ""
    object: Urn | None = None
    parent_comment: Urn | None = None


class _Generated(msgspec.Struct):
    comment: _Said | None = None
    share: _Said | None = None


class _Notice(msgspec.Struct, rename="camel"):
    """What there is of decoration depends on the action; a like has none of what was made."""

    action: str
    last_modified_at: int
    organizational_entity: Urn
    source_post: Urn | None = None
    generated_activity: Urn | None = None
    decorated_source_post: _Said | None = None
    decorated_generated_activity: _Generated | None = None


class _Kind(msgspec.Struct, rename="camel"):
    action: Any = None
    notification_id: Any = None
    message: Any = None
    comment_urn: Any = None
    commentary: Any = None
    lifecycle_state: Any = None


def understand_thing(item: Item) -> Post | None:
    """A post, a comment or what a notice tells of; None for likes, counts and pages.

    Raises:
        PayloadError: a notice of something said that does not tell what.
    """
    kind = msgspec.json.decode(item.raw, type=_Kind)
    if kind.action is not None or kind.notification_id is not None:
        return _noticed(item)
    if kind.message is not None or kind.comment_urn is not None:
        return _comment(item)
    if kind.lifecycle_state is not None or kind.commentary is not None:
        return _post(item)
    return None


def named_only(item: Item) -> tuple[str | None, bool]:
    """The urn of what a notice names without showing it, and whether that mentions the page.

    No urn for what is shown, deleted or not understood.
    """
    try:
        notice = msgspec.json.decode(item.raw, type=_Notice)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None, False
    made = notice.decorated_generated_activity or _Generated()
    is_mention = notice.action.endswith("_MENTION")
    is_said = "COMMENT" in notice.action or "SHARE" in notice.action
    is_shown = (
        made.comment or made.share or (notice.action == _MENTION and notice.decorated_source_post)
    )
    if is_shown or not is_said or notice.action == _DELETION:
        return None, is_mention
    source = notice.source_post if notice.action == _MENTION else None
    urn = notice.generated_activity or source
    return (comment_urn(urn) if urn else None), is_mention


def _post(item: Item) -> Post:
    post = msgspec.json.decode(item.raw, type=_Post)
    is_gone = post.lifecycle_state in _REMOVED
    words = "" if is_gone else post.commentary or ""
    said = plain(words)
    shown = [] if is_gone else shown_words(post.content, said.strip())
    text = "\n".join(part for part in (said, *shown) if part)
    return Post(
        platform="linkedin",
        post_id=post.id,
        native_id=post.id,
        observed_at=item.observed_at,
        created_at=_time(post.published_at or post.created_at),
        edited_at=_edited(post),
        deleted_at=item.observed_at if is_gone else None,
        url=address(post.id),
        text=text,
        mentions=named_in(words),
        tags=tags_in(words),
        links=() if is_gone else tuple(dict.fromkeys([*links_in(text), *article_in(post.content)])),
        visibility=_visibility(post),
        payload=item.raw.decode(),
        **_shared(post, words),
        **author(post.author),
    )


def _shared(post: _Post, words: str) -> dict[str, Any]:
    """A post that passes another on says whose; with words of its own it quotes it."""
    context = post.reshare_context
    original = (context.parent or context.root) if context else None
    if original is None:
        return {"kind": "post"}
    if words:
        return {"kind": "quote", "quoted_id": original}
    return {"kind": "repost", "reposted_id": original}


def _edited(post: _Post) -> datetime | None:
    """Publishing and counting touch ``lastModifiedAt`` too: only the author's edits count."""
    is_edited = post.lifecycle_state_info and post.lifecycle_state_info.is_edited_by_author
    return _time(post.last_modified_at) if is_edited and post.last_modified_at else None


def _visibility(post: _Post) -> Visibility:
    """What is not yet published is private, what only an advertisement shows is unlisted."""
    if post.lifecycle_state not in _PUBLISHED | _REMOVED:
        return "private"
    told = _VISIBILITY.get(post.visibility, "private")
    shown = post.distribution and post.distribution.feed_distribution
    return "unlisted" if told == "public" and shown == "NONE" else told


def _comment(item: Item) -> Post:
    comment = msgspec.json.decode(item.raw, type=_Comment)
    urn = comment_urn(comment.comment_urn or f"urn:li:comment:({comment.object},{comment.id})")
    root = item.context.get("under") or place_of(urn) or comment.object
    above = comment_urn(comment.parent_comment) if comment.parent_comment else None
    text = clean(comment.message.text)
    likes = comment.likes_summary or _Likes()
    replies = comment.comments_summary or _Replies()
    changed = comment.last_modified.time if comment.last_modified else comment.created.time
    return Post(
        platform="linkedin",
        post_id=urn,
        native_id=urn,
        aliases=comment_aliases(urn),
        kind="reply" if above else "comment",
        observed_at=item.observed_at,
        created_at=_time(comment.created.time),
        edited_at=_time(changed) if changed > comment.created.time else None,
        url=address(urn),
        parent_id=above or root,
        root_id=root,
        text=text,
        mentions=named_by(comment.message.attributes),
        tags=tags_in(text),
        links=links_in(text),
        likes_count=_first(likes.total_likes, likes.aggregated_total_likes),
        replies_count=replies.total_first_level_comments,
        payload=item.raw.decode(),
        **author(comment.actor),
    )


def _first(*counts: int | None) -> int | None:
    return next((count for count in counts if count is not None), None)


def _noticed(item: Item) -> Post | None:
    notice = msgspec.json.decode(item.raw, type=_Notice)
    made = notice.decorated_generated_activity or _Generated()
    if "COMMENT" in notice.action:
        return _noticed_comment(item, notice, made.comment)
    if "SHARE" in notice.action:
        return _noticed_share(item, notice, made.share)
    return None


def _noticed_comment(item: Item, notice: _Notice, said: _Said | None) -> Post:
    entity = said.entity if said else notice.generated_activity
    if entity is None or (said is None and notice.action != _DELETION):
        raise PayloadError("a notice of a comment that is not shown", where="$")
    urn, is_gone, is_edit = comment_urn(entity), notice.action == _DELETION, notice.action == _EDIT
    moment = _time(notice.last_modified_at)
    text = clean(said.text) if said and not is_gone else ""
    return Post(
        platform="linkedin",
        post_id=urn,
        native_id=urn,
        aliases=comment_aliases(urn),
        observed_at=item.observed_at,
        created_at=None if is_gone or is_edit else moment,
        edited_at=moment if is_edit else None,
        deleted_at=moment if is_gone else None,
        url=address(urn),
        text=text,
        tags=tags_in(text),
        links=links_in(text),
        payload=item.raw.decode(),
        **_under(notice, said, urn),
        **author(said.owner if said and not is_gone else None),
    )


def _under(notice: _Notice, said: _Said | None, urn: str) -> dict[str, Any]:
    """The post a comment stands under, by its lasting name where the notice tells that too."""
    post = notice.decorated_source_post
    root = (post.entity if post else notice.source_post) or place_of(urn)
    above = said and (said.parent_comment or said.object)
    if above and place_of(comment_urn(above)):
        return {"kind": "reply", "parent_id": comment_urn(above), "root_id": root}
    owner = post.owner if post else None
    return {"kind": "comment", "parent_id": root, "root_id": root, "parent_author_id": owner}


def _noticed_share(item: Item, notice: _Notice, said: _Said | None) -> Post:
    """A share of the page's post, or a post that mentions the page."""
    is_mention = notice.action == _MENTION
    shown = said or (notice.decorated_source_post if is_mention else None)
    if shown is None:
        raise PayloadError("a notice of a post that is not shown", where="$")
    text = clean(shown.text)
    moment = _time(notice.last_modified_at)
    other = notice.generated_activity if said else notice.source_post
    return Post(
        platform="linkedin",
        post_id=shown.entity,
        native_id=shown.entity,
        aliases=(other,) if other and other != shown.entity else (),
        observed_at=item.observed_at,
        created_at=moment,
        url=address(shown.entity),
        text=text,
        mentions=(notice.organizational_entity,) if is_mention else (),
        tags=tags_in(text),
        links=links_in(text),
        payload=item.raw.decode(),
        **({"kind": "post"} if is_mention else _passed_on(notice, text)),
        **author(shown.owner),
    )


def _passed_on(notice: _Notice, text: str) -> dict[str, Any]:
    post = notice.decorated_source_post
    original = post.entity if post else notice.source_post
    owner = post.owner if post else None
    if text:
        return {"kind": "quote", "quoted_id": original, "parent_author_id": owner}
    return {"kind": "repost", "reposted_id": original, "parent_author_id": owner}


def _time(milliseconds: int) -> datetime:
    """A time in epoch milliseconds.

    Raises:
        PayloadError: no time that can be.
    """
    try:
        return utc_from_epoch(milliseconds / 1000)
    except (ValueError, OverflowError, OSError) as error:
        raise PayloadError(f"no time: {milliseconds}", where="$") from error
