"""Processes that work beside this one: begun afresh, and gone when the one that began them is."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import chain, islice
from multiprocessing.connection import wait
from typing import Final, TypeVar

from pipeline.cycles import SELDOM

MOST: Final = 8
"""Processes for large items: more would hold more of them than they save time."""

Item = TypeVar("Item")
Result = TypeVar("Result")

_log: Final = logging.getLogger(__name__)


def cores() -> int:
    """Processors this process may use; all there are where the system does not say.

    One where it may start no processes, as a daemon of ``multiprocessing``, or could not share
    anything with them (``/dev/shm`` that may not be written to).
    """
    if multiprocessing.current_process().daemon or not _can_share():
        return 1
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@cache
def _can_share() -> bool:
    try:
        multiprocessing.get_context("spawn").Lock()
    except (OSError, ImportError):
        return False
    return True


def pool(count: int) -> ProcessPoolExecutor:
    """Processes that are begun afresh: a fork of a process with threads may hang."""
    return ProcessPoolExecutor(
        count, mp_context=multiprocessing.get_context("spawn"), initializer=_begin
    )


def each_with(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    alone: int,
    workers: int | None = None,
    here: Callable[[Item], Result] | None = None,
) -> Iterator[tuple[Item, Result]]:
    """Each item with what ``work`` makes of it, in order: on all cores where there are many.

    Args:
        work: a function that can be sent to another process, as its items and results can.
        items: taken as they are needed, a few ahead of those given back.
        alone: items that are worked on here, for starting processes takes as long as they save.
        workers: processes; by default one for each core, ``MOST`` at most.
        here: what is done in this process in place of ``work``, until the others have begun.
    """
    remaining = iter(items)
    count = workers or min(cores(), MOST)
    at_hand = here or work
    for item in remaining if count == 1 else islice(remaining, alone):
        yield item, at_hand(item)
    for first in remaining:
        yield from _each_beside(work, at_hand, chain((first,), remaining), count)


def _each_beside(
    work: Callable[[Item], Result],
    here: Callable[[Item], Result],
    items: Iterable[Item],
    count: int,
) -> Iterator[tuple[Item, Result]]:
    processes = pool(count)
    begun: deque[tuple[Item, Future[Result] | None]] = deque()
    try:
        started = [_begun(processes, _answers, None) for _ in range(count)]
        for item in items:
            if _is_starting(started):
                yield item, here(item)
                continue
            begun.append((item, _begun(processes, work, item)))
            if len(begun) > count:
                yield _ended(work, *begun.popleft())
        while begun:
            yield _ended(work, *begun.popleft())
    finally:
        processes.shutdown(cancel_futures=True)


def _is_starting(started: Iterable[Future[None] | None]) -> bool:
    """Whether all processes are still being begun: that takes a second."""
    return not any(each is None or each.done() for each in started)


def _answers(_: None) -> None:
    """What a process does first: it can work then."""


def _begun(
    processes: ProcessPoolExecutor, work: Callable[[Item], Result], item: Item
) -> Future[Result] | None:
    try:
        return processes.submit(work, item)
    except (BrokenProcessPool, OSError):
        return None


def _ended(
    work: Callable[[Item], Result], item: Item, future: Future[Result] | None
) -> tuple[Item, Result]:
    """The item with its result; worked on here where the processes are gone."""
    if future is not None:
        try:
            return item, future.result()
        except BrokenProcessPool:
            _log.warning("a process died (memory?): going on in one process")
    return item, work(item)


def _begin() -> None:
    """Make a process that does nothing but its work, and ends with the one that started it.

    When that one is killed, it would wait for ever. Rings of garbage are looked for seldom: every
    look walks over word lists, which are large and stay.
    """
    gc.set_threshold(SELDOM)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_await_end, args=(parent.sentinel,), daemon=True).start()


def _await_end(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
