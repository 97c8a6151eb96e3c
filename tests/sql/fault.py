"""A deliberate fault in a measure: what must never go unnoticed.

A fault is a change of text in the compiled model, as small as the slip of a hand: a filter left
out, ``<`` for ``<=``, an inner join for a left one, one column for another.
"""

from __future__ import annotations

from dataclasses import dataclass

USES = ("service", "knowledge", "image", "sales", "product", "internal")
PR_MODELS = (
    *("press_agentry", "public_information"),
    *("two_way_asymmetrical", "two_way_symmetrical"),
)


@dataclass(frozen=True)
class Fault:
    """What goes wrong in which model, and which number must show it.

    ``seen_in`` is the comparison that must fail: ``scorecard`` (the rows of ``measure``) or one of
    the others in ``tests.sql.comparisons``, named after the mart it looks at.
    """

    measure: str
    model: str
    old: str
    new: str
    slip: str
    seen_in: str = "scorecard"


def daily(measure: str, old: str, new: str, slip: str) -> Fault:
    """A fault in what is counted a day."""
    return Fault(measure, "int_counts_daily", old, new, slip)
