"""Conversations: with which posts to ask for them, and which were read to their end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pipeline.deadline import OutOfTime
from pipeline.errors import (
    BudgetSpent,
    ConfigError,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
)
from pipeline.manifest import CutThread
from pipeline.odd import oddness
from pipeline.post import Gap, Post, Read, Rejected
from pipeline.privacy import blind_name

if TYPE_CHECKING:
    from pipeline.http import Client

_log = logging.getLogger(__name__)

_END_ALL: Final = (BudgetSpent, OutOfTime, RateLimited, ConfigError)
"""Errors that the next thread would meet as well."""


class Conversations:
    """Which threads were read to their end in a night, and which were cut off, and why.

    What is missing of a thread is missing of that thread alone: its source has listened.
    """

    def __init__(self, watch: Callable[[], None]) -> None:
        """``watch`` is called before each thread, and ends them all when time is over."""
        self._watch = watch
        self.whole: list[str] = []
        self.cut: list[CutThread] = []
        self.seen: set[str] = set()
        """Posts that stood in a thread which was read: they need not be asked for."""

    def read(
        self,
        starts: Sequence[Post],
        ask: Callable[[Post], Iterable[Read]],
        take: Take,
        client: Client,
    ) -> None:
        """Read the thread of each post.

        An error in one thread ends that thread. In two that follow each other, or in all there are,
        it is one of the platform, and those that were not read yet are cut off by it.

        Args:
            starts: one post a thread.
            ask: the thread of a post, as it is read.
            take: what to do with what was read, its gaps left out.
            client: tells whether anything was asked, and holds what makes the next asking
                conditional.

        Raises:
            LuisterError: one of the platform.
        """
        failure: LuisterError | None = None
        is_any_read = False
        for at, post in enumerate(starts):
            if post.post_id in self.seen:
                continue
            try:
                with self._forgetting_what_is_cut(client):
                    is_asked = self._read(post, ask(post), take, client)
            except LuisterError as error:
                if failure is not None or isinstance(error, _END_ALL):
                    for other in starts[at + 1 :]:
                        if other.post_id not in self.seen:
                            self._cut(other, error.code, is_asked_again=True)
                    raise
                failure = error
                _log.warning("a thread was not read to its end: %s", error.what)
                continue
            if is_asked:
                failure, is_any_read = None, True
        if failure is not None and not is_any_read:
            raise failure

    def _read(self, post: Post, reads: Iterable[Read], take: Take, client: Client) -> bool:
        """Read one thread; returns whether anything was asked.

        A connector that does not know where the answers to a post stand asks nothing: what is
        missing of that thread stays so.
        """
        asked_before = client.usage.requests
        told = _Told()
        try:
            self._watch()
            take(_apart(reads, told))
        except SourceGone:
            told.is_gone = True
        except LuisterError as error:
            self._cut(post, error.code, is_asked_again=True)
            raise
        is_told = bool(told.gaps) or told.count > 0 or told.is_gone
        is_asked = is_told or client.usage.requests > asked_before
        if is_asked:
            self._judge(post, told)
        return is_asked

    @contextmanager
    def _forgetting_what_is_cut(self, client: Client) -> Iterator[None]:
        """What was read of a thread that is cut off is asked for in full again, changed or not."""
        before, count = dict(client.validators), len(self.cut)
        try:
            yield
        finally:
            if len(self.cut) > count:
                client.validators = before

    def _judge(self, post: Post, told: _Told) -> None:
        """Note whether what was read of a thread is all of it.

        A thread whose first post is gone is all gone, and ``refresh`` tells of it; one that was
        asked with a later post is not, of which nothing is known then.
        """
        if told.gaps:
            self._cut(post, told.gaps[0].reason, is_asked_again=False)
        elif told.is_gone and told.count:
            self._cut(post, SourceGone.__name__, is_asked_again=True)
        elif oddness(told.rejected, told.count):
            self._cut(post, PayloadError.__name__, is_asked_again=True)
        elif not told.is_gone or post.parent_id is None:
            self.whole.append(blind_name(post.platform, post.post_id))

    def _cut(self, post: Post, reason: str, *, is_asked_again: bool) -> None:
        name = blind_name(post.platform, post.post_id)
        self.cut.append(CutThread(name=name, reason=reason, is_asked_again=is_asked_again))


Take = Callable[[Iterable[Read]], None]


def thread_starts(
    fresh: Sequence[Post], known: Sequence[Post], cut_off: Sequence[Post], limit: int
) -> list[Post]:
    """One post a conversation, the newest conversations first.

    Args:
        fresh: posts of tonight.
        known: posts whose threads are not complete and concern an organisation.
        cut_off: posts whose threads broke off and concern nobody; they displace no other.
        limit: at most so many.
    """
    starts: dict[str, Post] = {}
    talked = filter(_has_conversation, fresh)
    for post in [*_newest_first([*talked, *known]), *_newest_first(cut_off)]:
        starts.setdefault(post.root_id or post.parent_id or post.post_id, post)
    return list(starts.values())[:limit]


def _newest_first(posts: Sequence[Post]) -> list[Post]:
    return sorted(posts, key=lambda post: post.created_at or post.observed_at, reverse=True)


def _has_conversation(post: Post) -> bool:
    """A post nobody answered and that answers nobody is its whole thread already.

    An article has a conversation only where its feed tells of comments.
    """
    if post.kind in {"repost", "review"}:
        return False
    if post.parent_id is not None or (post.replies_count or 0) > 0:
        return True
    return post.replies_count is None and post.kind != "article"


class _Told:
    """What came of one thread: its gaps, what was not understood, and how much without gaps."""

    def __init__(self) -> None:
        self.gaps: list[Gap] = []
        self.rejected: list[Rejected] = []
        self.count = 0
        self.is_gone = False


def _apart(reads: Iterable[Read], told: _Told) -> Iterator[Read]:
    """What was read, without what could not be, which is set apart."""
    for each in reads:
        if isinstance(each, Gap):
            told.gaps.append(each)
            continue
        told.count += 1
        if isinstance(each, Rejected):
            told.rejected.append(each)
        yield each
