"""Whether a source answers: the first questions of each kind that a night asks of it.

Each way of listening ends with the first post it finds, and after ``FEW`` answers without one: a
connector that walks on until something new comes is not walked to its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from pipeline.config import Config
from pipeline.errors import (
    BudgetSpent,
    LuisterError,
    SourceGone,
    SourceRefused,
    without_queries,
)
from pipeline.finding import Finding
from pipeline.http import Client
from pipeline.night import http_settings
from pipeline.pace import Pace
from pipeline.source import Connector, Reply, Source, Verb
from pipeline.verbs import LISTENING, NOTHING_TO_ASK, can

if TYPE_CHECKING:
    from pipeline.session import Request

FEW: Final = 3
"""Answers after which a way of listening works: logging in, looking somebody up, a list."""

_A_MINUTE: Final = timedelta(minutes=1)
"""By a server whose clock is behind, now is a time to come: some refuse to search from there."""

_OF_ONE_VERB: Final = (SourceRefused, SourceGone, BudgetSpent)
"""What may hold for one way of listening only; what else is wrong ends the questions."""


class _Enough(Exception):
    """A way of listening has had its few answers; no error of ours, so that nobody forgives it."""


class _Brief(Client):
    """A client that answers each way of listening a few times and no more."""

    answered = 0

    def _patiently(self, request: Request, expect: tuple[int, ...]) -> Reply:
        if self.answered >= FEW:
            raise _Enough
        reply = super()._patiently(request, expect)
        self.answered += 1
        return reply


def reach(config: Config, source: Source, connector: Connector) -> Iterator[Finding]:
    """What a source answers to each way of listening: one that fails keeps no other back."""
    about = source.name
    if source.platform != source.name:
        about += f": {source.platform}"
    told, moved = "answers", dict[str, str]()
    answered: list[Verb] = []
    failures: dict[str, tuple[LuisterError, list[Verb]]] = {}
    try:
        with _Brief(source, connector, http_settings(config), pace=Pace()) as client:
            for verb in reversed(LISTENING):
                if answered and _costs_money(connector):
                    break
                try:
                    if _answers(source, connector, client, verb):
                        answered.append(verb)
                except _OF_ONE_VERB as error:
                    failures.setdefault(error.what, (error, []))[1].append(verb)
            told = "answers" if client.usage.requests else "can be read"
            moved = client.usage.moved
    except LuisterError as error:
        failures[error.what] = error, []
    for failure, verbs in failures.values():
        yield _failed(about, failure, verbs if answered or len(failures) > 1 else [])
    if moved:
        there = ", ".join(f"{old} has moved to {new}" for old, new in moved.items())
        mend = "name the new address in luister.toml"
        yield Finding(level="note", about=about, found=there, mend=mend)
    elif answered:
        yield Finding(level="ok", about=about, found=f"{told} ({', '.join(answered)})")
    elif not failures:
        yield _nothing_to_ask(about)


def _costs_money(connector: Connector) -> bool:
    """Whether questions are paid for: then one that is answered is enough."""
    return any(each.euro for each in connector.ACCESS.quotas.values())


def _answers(source: Source, connector: Any, client: _Brief, verb: Verb) -> bool:
    """Whether there was something to ask, and it was answered."""
    if not can(source, connector, verb, client.secret):
        return False
    client.answered = 0
    lately = datetime.now(UTC) - _A_MINUTE
    try:
        first = next(iter(getattr(connector, verb)(source, client, lately)), None)
    except _Enough:
        return True
    return first is not None or client.answered > 0


def _failed(about: str, error: LuisterError, verbs: Sequence[Verb]) -> Finding:
    about = f"{about}: {', '.join(verbs)}" if verbs else about
    where = f"{error.where}: " if error.where else ""
    found = without_queries(f"{where}{error.what}")
    return Finding(level="wrong", about=about, found=found, mend=error.todo)


def _nothing_to_ask(about: str) -> Finding:
    return Finding(
        level="note",
        about=about,
        found=NOTHING_TO_ASK,
        mend="fill in aliases, accounts, tags or urls, or set the secrets named above",
    )
