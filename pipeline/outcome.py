"""How a night goes and how it went: for people, exit codes and ``--json``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, Protocol

import msgspec

Status = Literal["completed", "completed with failures", "failed"]
EXIT_CODES: Final[Mapping[str, int]] = {"completed": 0, "completed with failures": 3, "failed": 1}


class Watcher(Protocol):
    """Who wants to see the night go by: a progress bar, a log."""

    def step(self, name: str) -> None:
        """A step begins."""
        ...

    def source(self, name: str, posts: int, status: str) -> None:
        """A source has so many posts; status is ``running`` until it ends."""
        ...


class Silent:
    """Nobody watches."""

    def step(self, name: str) -> None:
        """Nothing."""

    def source(self, name: str, posts: int, status: str) -> None:
        """Nothing."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How the night went: for people, exit codes and ``--json``."""

    run_id: str
    status: Status
    failures: tuple[str, ...]
    posts: int
    new_posts: int
    report: str | None
    headlines: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 done, 3 completed with failures, 1 failed."""
        return EXIT_CODES[self.status]


def status_of(failures: tuple[str, ...]) -> Status:
    """A night in which a source failed has still done its work."""
    return "completed with failures" if failures else "completed"
