"""Take steps that wait for each other, some of them side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from graphlib import TopologicalSorter
from typing import Any, Final, TypeVar

GRACE_SECONDS: Final = 0.1
"""How long steps are given to end before they are told so once more."""

Result = TypeVar("Result")


def taken(
    after: Sequence[Collection[int]],
    take: Callable[[int, int], Result],
    *,
    lanes: int,
    apart: Collection[int] = (),
    crowded: type[Exception] | tuple[type[Exception], ...] = (),
    interrupt: Callable[[], None] = lambda: None,
) -> list[Result]:
    """What every step gives, in the order in which they ended.

    Of the steps that may begin the first in order does. When one fails, those under way are waited
    for and no other begins.

    Args:
        after: for each step the places of those that must have ended when it begins.
        take: takes the step at a place, in a lane from 0 on that no other step is in.
        lanes: how many go side by side.
        apart: places of steps of which only one goes at a time.
        crowded: the errors of a step that had too little room beside another: it is taken again
            when no other is under way.
        interrupt: ends the steps under way, for somebody who does not wait for them (Ctrl-C).

    Raises:
        Exception: whatever the first step to fail raised.
        graphlib.CycleError: steps wait for each other in a circle.
    """
    graph = TopologicalSorter(dict(enumerate(after)))
    graph.prepare()
    waiting: list[int] = []
    alone: list[int] = []
    running: dict[Future[Result], tuple[int, int]] = {}
    free = list(range(lanes))
    found: list[Result] = []
    with ThreadPoolExecutor(lanes) as pool, _ended_at_once(running, interrupt):
        while graph.is_active():
            waiting = sorted([*waiting, *graph.get_ready()])
            under_way = [place for place, _ in running.values()]
            for place in _beginning(alone or waiting, under_way, apart, 1 if alone else lanes):
                lane = free.pop()
                running[pool.submit(take, place, lane)] = place, lane
            begun = {place for place, _ in running.values()}
            waiting = [place for place in waiting if place not in begun]
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                place, lane = running.pop(future)
                free.append(lane)
                try:
                    found.append(future.result())
                except crowded:
                    if place in alone or lanes == 1:
                        raise
                    alone.append(place)
                    continue
                alone = [each for each in alone if each != place]
                graph.done(place)
    return found


@contextmanager
def _ended_at_once(
    running: Collection[Future[Any]], interrupt: Callable[[], None]
) -> Iterator[None]:
    """Interrupt what is under way when we are, and again: it may have been between statements."""
    try:
        yield
    except Exception:
        raise
    except BaseException:
        while wait(running, timeout=GRACE_SECONDS).not_done:
            interrupt()
        raise


def _beginning(
    ready: Sequence[int], under_way: Sequence[int], apart: Collection[int], lanes: int
) -> list[int]:
    """The first of those that are ready for which there is a lane."""
    going = list(under_way)
    for place in ready:
        has_room = len(going) < lanes
        if has_room and not (place in apart and any(each in apart for each in going)):
            going.append(place)
    return going[len(under_way) :]
