"""The terms of one night: before when each kind of data has had its time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """The moments before which each kind of data has had its time.

    Posts written after ``began`` age from when they were written, older ones from when they were
    first read. Of platforms in ``confirmed`` no words may stay of a post that was not seen since
    the moment given there.
    """

    now: datetime
    began: datetime
    payload: datetime
    text: datetime
    pseudonym: datetime
    confirmed: Mapping[str, datetime] = msgspec.field(default_factory=dict)

    def values(self, name: str) -> dict[str, datetime]:
        """Parameters of a question for what has had its time, of one kind."""
        return {"began": self.began, "before": getattr(self, name)}

    def unconfirmed(self) -> dict[str, Any]:
        """Parameters of a question for posts that were not seen within their platform's term."""
        return {"platforms": list(self.confirmed), "moments": list(self.confirmed.values())}
