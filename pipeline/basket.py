"""What one source gave in one night so far, and what of it failed while the rest was read."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.conversations import Conversations
from pipeline.errors import LuisterError, PartGone, PayloadError, SourceGone, SourceRefused
from pipeline.landing import Confirmed, Withdrawn
from pipeline.odd import oddness
from pipeline.post import Gap, Post, Read, Rejected, StillThere
from pipeline.privacy import blind_name, keepable
from pipeline.source import Verb


def is_of_verb(error: LuisterError) -> bool:
    """Whether an error leaves another verb to be asked: it may be let in where this one is not."""
    return error.is_of_one or isinstance(error, SourceRefused | SourceGone)


class Basket:
    """What one source gave so far; ``failures`` are of a verb, a name or a quota, by verb."""

    def __init__(self, watch: Callable[[], None], *, honour_opt_out: bool) -> None:
        self.posts: list[tuple[str, Post]] = []
        self.rejected: list[Rejected] = []
        self.gaps: list[Gap] = []
        self.conversations = Conversations(watch)
        self.withdrawn: list[Withdrawn] = []
        self.confirmed: list[Confirmed] = []
        self.asked_verbs: list[str] = []
        self.failures: dict[Verb, LuisterError] = {}
        self._honour = honour_opt_out

    @property
    def taken(self) -> int:
        """How many things it holds of all kinds that listening finds."""
        return len(self.posts) + len(self.rejected) + len(self.gaps) + len(self.withdrawn)

    @property
    def was_heard_out(self) -> bool:
        """Whether all was understood and read to its end; what is gone says nothing."""
        is_whole = all(isinstance(each, PartGone) for each in self.failures.values())
        return is_whole and self._oddness() is None

    @property
    def heard_nothing(self) -> bool:
        """Whether no verb gave a post, and of each that was asked no name could be read."""
        failed = {
            verb
            for verb, error in self.failures.items()
            if is_of_verb(error) and not error.heard_others
        }
        return not self.posts and bool(failed) and failed >= set(self.asked_verbs)

    def put(self, verb: Verb, read: Read | StillThere) -> None:
        """Keep what was read, as far as it may be kept."""
        if isinstance(read, Rejected):
            self.rejected.append(read)
        elif isinstance(read, Gap):
            self.gaps.append(read)
        elif isinstance(read, StillThere):
            name = blind_name(read.platform, read.post_id)
            self.confirmed.append(Confirmed(name=name, observed_at=read.observed_at))
        elif keepable(read, honour_opt_out=self._honour):
            self.posts.append((verb, read))
            if verb == "thread":
                self.conversations.seen.add(read.post_id)
        else:
            name = blind_name(read.platform, read.post_id)
            self.withdrawn.append(Withdrawn(name=name, observed_at=read.observed_at))

    def judge(self) -> None:
        """One odd item is set apart; when many are odd the platform has changed.

        Raises:
            LuisterError: that, or what failed of a verb, a name or a quota while others were read.
        """
        told = self._oddness()
        if told is not None:
            raise PayloadError(told)
        for error in self.failures.values():
            if not isinstance(error, SourceGone):
                raise error

    def tell_gone(self) -> None:
        """Tell what is gone, when all else was read.

        Raises:
            SourceGone: nothing is there.
            PartGone: some name is not, or what one verb asks for.
        """
        for error in self.failures.values():
            if isinstance(error, PartGone) or self.heard_nothing:
                raise error
            raise PartGone(error.what, where=error.where) from error

    def _oddness(self) -> str | None:
        return oddness(self.rejected, len(self.posts) + len(self.rejected))
