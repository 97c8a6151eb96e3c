"""The terms of one night: before when each kind of data has had its time."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """The moments before which each kind of data has had its time.

    Posts written after ``began`` age from when they were written, older ones from when they were
    first read.
    """

    now: datetime
    began: datetime
    payload: datetime
    text: datetime
    pseudonym: datetime

    def values(self, name: str) -> dict[str, datetime]:
        """Parameters of a question for what has had its time, of one kind."""
        return {"began": self.began, "before": getattr(self, name)}
