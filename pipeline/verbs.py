"""Verbs: which of them listen, and which a source wants and can be asked by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pipeline.source import VERBS, Source, Verb

LISTENING: Final[tuple[Verb, ...]] = ("inbox", "timeline", "mentions")
"""What matters most comes first: when time or quota runs out, the rest is what waits."""

NOTHING_TO_ASK: Final = "nothing to ask: no names, accounts or addresses, or no access"


def can(source: Source, connector: Any, verb: Verb, secret: Callable[[str], object]) -> bool:
    """Whether the platform has the verb, the source wants it and ``secret`` knows what it needs."""
    needs = connector.ACCESS.needs.get(verb, ())
    wanted = verb in source.verbs and hasattr(connector, verb)
    return wanted and all(secret(name) for name in needs)


def without_access(source: Source, connector: Any, secret: Callable[[str], object]) -> list[str]:
    """The verbs that the platform has and the source wants, but whose secrets are not there."""
    wanted = [verb for verb in VERBS if can(source, connector, verb, lambda _: True)]
    return [verb for verb in wanted if not can(source, connector, verb, secret)]
