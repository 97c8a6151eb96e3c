"""Odd items: one is set apart, many are a platform that has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.post import Rejected

REJECTED_SHARE: Final = 0.2
"""Above this share of items that are not understood they cannot be relied on."""


def oddness(rejected: Sequence[Rejected], total: int) -> str | None:
    """What is wrong with items of which too many were not understood; None while few were."""
    if len(rejected) <= REJECTED_SHARE * total:
        return None
    first = rejected[0]
    return (
        f"{len(rejected)} of {total} items were not understood, "
        f"the first at {first.path}: {first.reason}"
    )
