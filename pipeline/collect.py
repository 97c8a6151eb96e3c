"""One source, one night: ask every verb in order of weight, and hand over what came.

Nothing here touches the database: what is known already comes in with ``Known``, what was collected
goes out as ``Collected`` and lands on disk.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import msgspec

from pipeline.asked import names_of, new_names
from pipeline.basket import Basket, is_of_verb
from pipeline.budget import Spending
from pipeline.conversations import thread_starts
from pipeline.deadline import Deadline, OutOfTime
from pipeline.errors import (
    BudgetSpent,
    LuisterError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
    without_queries,
)
from pipeline.http import Client, Usage, Validator
from pipeline.landing import Collected
from pipeline.manifest import Status
from pipeline.post import Gap, Post, Read, StillThere
from pipeline.reading_pages import closed_behind
from pipeline.source import Connector, Source, Verb
from pipeline.verbs import LISTENING, can, without_access

_log = logging.getLogger(__name__)

Take = Callable[[Verb, Iterable[Read | StillThere]], None]

LONGEST_REST: Final = timedelta(days=7)
"""A wish to be left alone for longer is taken for a mistake after that time."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the warehouse knows about a source before the night."""

    since: datetime
    since_by_verb: Mapping[str, datetime] = msgspec.field(default_factory=dict)
    """Of the verbs of listening that have not looked as far as the source."""
    first_since: datetime | None = None
    """From when a first night would read it, and what is asked for the first time."""
    asked_names: Mapping[str, frozenset[str]] = msgspec.field(default_factory=dict)
    """The digests by verb of what was asked for before."""
    was_asked: bool = False
    """A verb of listening has asked something before."""
    posts_to_thread: Sequence[Post] = ()
    """Their threads concern an organisation."""
    posts_cut_off: Sequence[Post] = ()
    """Their threads broke off and concern nobody: they come last."""
    posts_to_refresh: Sequence[Post] = ()
    validators: Mapping[str, Validator] = msgspec.field(default_factory=dict)
    spending: Spending = Spending()
    sources: int = 1
    """On the same platform, this one included: they share its budget."""
    place: int = 0
    """Which of them this one is."""
    rest: Rest | None = None
    """Why it is not asked tonight."""


class Rest(msgspec.Struct, frozen=True, kw_only=True):
    """A source that is left alone tonight: it wants that for so many seconds, or it is gone."""

    what: str
    todo: str
    seconds: float | None = None

    def error(self) -> LuisterError:
        """What lands for the source."""
        if self.seconds is None:
            return SourceGone(self.what, todo=self.todo)
        return RateLimited(self.what, seconds=self.seconds, todo=self.todo)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much one source may take in one night."""

    deadline_seconds: float
    threads: int
    refreshes: int
    honour_opt_out: bool


def collect(
    source: Source,
    connector: Connector,
    client: Client,
    known: Known,
    limits: Limits,
    *,
    run_id: str,
    now: datetime,
    on_post: Callable[[int], None] | None = None,
) -> Collected:
    """Everything ``source`` has since ``known.since``; an error ends the source, not the night.

    What was read before an error is kept: the status is then ``partial`` (or ``failed`` when
    nothing came), progress does not move, and the stretch is a gap until a later run covers it.
    Where the error came after all verbs of listening were asked to their end, nothing is missing of
    the time: what some conversation lacks is told of that conversation. A source of which there was
    nothing to ask is ``unasked``; one that was asked before and is not any more has failed.
    """
    deadline = Deadline(limits.deadline_seconds)
    basket = Basket(deadline.watch, honour_opt_out=limits.honour_opt_out)
    failure: LuisterError | None = None
    has_listened = False
    asked_names: dict[str, list[str]] = {}

    def take(verb: Verb, reads: Iterable[Read | StillThere]) -> None:
        with closed_behind(reads):
            for read in reads:
                basket.put(verb, read)
                client.usage.reads += isinstance(read, Post)
                if on_post is not None:
                    on_post(len(basket.posts))
                deadline.watch()

    try:
        _listen(source, connector, client, known, basket, take)
        has_listened = bool(basket.asked_verbs) and basket.was_heard_out
        asked_names = _names_not_owed(source, connector, known, basket) if has_listened else {}
        fresh = [post for _, post in basket.posts]
        starts = thread_starts(fresh, known.posts_to_thread, known.posts_cut_off, limits.threads)
        _converse(source, connector, client, basket, starts, take)
        _look_again(source, connector, client, known, limits, basket, take)
        basket.judge()
        _miss_what_was_asked(source, connector, known, basket)
        asked_names = _read_back(source, connector, client, known, limits, basket, take)
        basket.tell_gone()
    except LuisterError as error:
        failure = error.at(source.name)
    is_asked = _is_asked(source, connector, basket)
    return Collected(
        run_id=run_id,
        source=source.name,
        platform=source.platform,
        asked_from=known.since,
        asked_through=now,
        status=_status(failure, basket, is_asked=is_asked, has_listened=has_listened),
        error_code=failure.code if failure else None,
        error=str(failure) if failure else None,
        posts=basket.posts,
        rejected=basket.rejected,
        gaps=basket.gaps,
        withdrawn=basket.withdrawn,
        confirmed=basket.confirmed,
        usage=client.usage,
        validators=client.validators if failure is None else {},
        seconds=deadline.passed,
        not_before=_not_before(failure, now, deadline.passed),
        asked_verbs=basket.asked_verbs,
        asked_names=asked_names,
        verbs_without_access=without_access(source, connector, client.secret),
        has_listened=has_listened,
        cut_threads=basket.conversations.cut,
        whole_threads=basket.conversations.whole,
    )


def failed(
    source: Source, error: LuisterError, known: Known, *, run_id: str, now: datetime
) -> Collected:
    """What lands for a source that could not even be opened."""
    return Collected(
        run_id=run_id,
        source=source.name,
        platform=source.platform,
        asked_from=known.since,
        asked_through=now,
        status="failed",
        error_code=error.code,
        error=str(error.at(source.name)),
        posts=[],
        rejected=[],
        gaps=[],
        usage=Usage(),
        validators={},
        seconds=0.0,
        not_before=_not_before(error, now, 0.0),
    )


def _not_before(error: LuisterError | None, begun: datetime, seconds: float) -> datetime | None:
    """Until when the source wants to be left alone, that said so after so many seconds."""
    if not isinstance(error, RateLimited) or error.seconds is None:
        return None
    wish = min(error.seconds, LONGEST_REST.total_seconds())
    return begun + timedelta(seconds=seconds + wish)


def _status(
    failure: LuisterError | None, basket: Basket, *, is_asked: bool, has_listened: bool
) -> Status:
    if failure is None:
        return "complete" if is_asked else "unasked"
    return "partial" if basket.posts or has_listened else "failed"


def _is_asked(source: Source, connector: Any, basket: Basket) -> bool:
    """False where listening is wanted and nothing was asked: no key, no accounts, no names.

    Conversations and posts that are looked at again do not make up for it.
    """
    wants_to_listen = any(verb in source.verbs and hasattr(connector, verb) for verb in LISTENING)
    return not wants_to_listen or bool(basket.asked_verbs)


def _miss_what_was_asked(source: Source, connector: Any, known: Known, basket: Basket) -> None:
    if known.was_asked and not _is_asked(source, connector, basket):
        raise SourceRefused(
            "has nothing to ask any more, though it was asked before",
            todo="`luister check` names the secrets, accounts or addresses that are not there",
        )


def _listen(
    source: Source,
    connector: Any,
    client: Client,
    known: Known,
    basket: Basket,
    take: Take,
) -> None:
    """Ask each verb of listening, the weightiest first: what fails of one costs no other."""
    for verb in LISTENING:
        if can(source, connector, verb, client.secret):
            before = client.usage.requests + basket.taken
            since = known.since_by_verb.get(verb, known.since)
            try:
                take(verb, getattr(connector, verb)(source, client, since))
            except BudgetSpent as error:
                # what takes of another quota may still be asked
                basket.failures[verb] = error
                continue
            except LuisterError as error:
                if not is_of_verb(error):
                    raise
                basket.failures[verb] = error
            if connector.ACCESS.files or client.usage.requests + basket.taken > before:
                basket.asked_verbs.append(verb)
    if basket.heard_nothing:
        # it may be the platform that knows nothing any more
        basket.judge()
        basket.tell_gone()


def _converse(
    source: Source,
    connector: Any,
    client: Client,
    basket: Basket,
    starts: Sequence[Post],
    take: Take,
) -> None:
    """Read the conversations of posts that do not stand in one which was read already."""
    if can(source, connector, "thread", client.secret):
        basket.conversations.read(
            starts,
            partial(connector.thread, source, client),
            partial(take, "thread"),
            client,
        )


def _look_again(
    source: Source,
    connector: Any,
    client: Client,
    known: Known,
    limits: Limits,
    basket: Basket,
    take: Take,
) -> None:
    """Read known posts again that nothing gave tonight."""
    if not can(source, connector, "refresh", client.secret):
        return
    seen = {post.post_id for _, post in basket.posts}
    stale = [post for post in known.posts_to_refresh if post.post_id not in seen]
    others = stale[limits.refreshes :]
    if others and hasattr(connector, "gone"):
        take("refresh", connector.gone(source, client, others))
    if stale:
        take("refresh", connector.refresh(source, client, stale[: limits.refreshes]))


def _asked_names(source: Source, connector: Any, basket: Basket) -> dict[str, list[str]]:
    return {verb: sorted(names_of(source, verb, connector)) for verb in basket.asked_verbs}


def _owed(source: Source, connector: Any, known: Known, basket: Basket) -> dict[Verb, datetime]:
    """The verbs that are asked for something new, which must be read back, and from when."""
    first_since = known.first_since
    if first_since is None:
        return {}
    added = new_names(source, connector, known.asked_names)
    return {
        verb: first_since
        for verb in LISTENING
        if verb in added
        and verb in basket.asked_verbs
        and first_since < known.since_by_verb.get(verb, known.since)
    }


def _names_not_owed(
    source: Source, connector: Any, known: Known, basket: Basket
) -> dict[str, list[str]]:
    """What each verb has been asked for, should the night end before anything is read back."""
    owed = _owed(source, connector, known, basket)
    asked = _asked_names(source, connector, basket)
    return {verb: names for verb, names in asked.items() if verb not in owed}


def _read_back(
    source: Source,
    connector: Any,
    client: Client,
    known: Known,
    limits: Limits,
    basket: Basket,
    take: Take,
) -> dict[str, list[str]]:
    """Ask what is new to a verb over the days of a first night; returns what each was asked for.

    It comes last, once, and no gap of it is one of the source, whose other names were asked for all
    along. Where it fails the night has not: only a platform that waiting cures is asked again.
    """
    asked = _asked_names(source, connector, basket)
    for verb, first_since in _owed(source, connector, known, basket).items():
        found = len(basket.posts)
        # what did not change since the last night may hold what nobody looked for then
        client.validators.clear()
        try:
            reads = getattr(connector, verb)(source, client, first_since)
            take(verb, (each for each in reads if not isinstance(each, Gap)))
            fresh = [post for _, post in basket.posts[found:]]
            starts = thread_starts(fresh, (), (), limits.threads)
            _converse(source, connector, client, basket, starts, take)
        except LuisterError as error:
            told = without_queries(str(error))
            _log.warning("%s: reading %s back ended early: %s", source.name, verb, told)
            if isinstance(error, SourceUnavailable) and not isinstance(error, OutOfTime):
                del asked[verb]
    return asked
