"""How urgent an answer is: points for what was asked, how late it is, its mood and its audience.

Of a hundred points:

* up to 40 for the need: a fault 40, a complaint 30, a low review 25, a question 20, a request 15;
* up to 40 for the age: age in opening hours against the target, 40 from the target on;
* 10 for a negative tone;
* up to 10 for the audience: 10 from ten thousand followers, 6 from a thousand, 3 from a hundred.

Equal ones stand by how long they wait. The age stops counting at the target, so that what has
waited for months does not hide the fault of this morning.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import msgspec

NEED_POINTS: Final[Mapping[str, int]] = {
    "fault": 40,
    "complaint": 30,
    "review": 25,
    "question": 20,
    "request": 15,
}
AGE_POINTS: Final = 40
NEGATIVE_POINTS: Final = 10
AUDIENCE_POINTS: Final[Mapping[str, int]] = {"10000+": 10, "1000-9999": 6, "100-999": 3}
_SOON: Final = frozenset({"fault", "complaint"})


class Urgency(msgspec.Struct, frozen=True, kw_only=True):
    """Points out of a hundred, and where they come from."""

    points: int
    need_points: int
    age_points: int
    tone_points: int
    audience_points: int
    need: str
    target_hours: float
    is_late: bool


def urgency(
    *,
    need: str,
    intents: Collection[str],
    sentiment: str | None,
    hours: float,
    target_hours: float,
    complaint_target_hours: float,
    audience_band: str,
) -> Urgency:
    """How urgent one message is; ``hours`` are opening hours, or clock hours where none are known.

    A complaint or a question that reports a fault counts as a fault.
    """
    what = "fault" if "fault_report" in intents else need
    target = complaint_target_hours if what in _SOON else target_hours
    parts = {
        "need_points": NEED_POINTS[what],
        "age_points": int(AGE_POINTS * min(1.0, max(0.0, hours) / target)),
        "tone_points": NEGATIVE_POINTS if sentiment == "negative" else 0,
        "audience_points": AUDIENCE_POINTS.get(audience_band, 0),
    }
    return Urgency(
        points=sum(parts.values()),
        need=what,
        target_hours=target,
        is_late=hours > target,
        **parts,
    )
