"""Intake: what has landed is loaded while other sources are still being collected."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from pipeline.errors import WarehouseBusy

MUCH_POSTS: Final = 200_000
"""So many waiting posts are worth opening the database for before all sources have ended."""
_log = logging.getLogger(__name__)


class Landed(msgspec.Struct, frozen=True, kw_only=True):
    """How a source ended (``complete``, ``partial`` or ``failed``), and how many posts it gave."""

    status: str
    posts: int


def load_meanwhile(ended: Iterable[Landed], load: Callable[[], object]) -> None:
    """Load what has landed each time much is waiting, until all sources have ended.

    Collecting waits for platforms and the database works: side by side they take the time of the
    longer. Somebody else's hold on the database is no reason to stop collecting: what has landed
    is loaded after the last source.

    Args:
        ended: each source, as soon as it has ended.
        load: loads all that has landed and was not loaded.
    """
    waiting = 0
    for landed in ended:
        waiting += landed.posts
        if waiting < MUCH_POSTS:
            continue
        try:
            load()
        except WarehouseBusy as error:
            _log.warning("%s; what has landed is loaded when all sources have ended", error)
        waiting = 0
