"""Work on all cores: in order, no further ahead than needed, and to the end if a process dies."""

from __future__ import annotations

import errno
import logging
import multiprocessing
import operator
import os
from collections.abc import Iterator

import pytest

from pipeline import processes
from pipeline.processes import each_with


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes work from the first item on that is not done here by itself."""
    monkeypatch.setattr(processes, "_is_starting", lambda _: False)


@pytest.mark.usefixtures("begun")
def test_every_item_comes_back_in_order_with_its_result() -> None:
    found = list(each_with(operator.neg, range(20), alone=2, workers=2))

    assert found == [(number, -number) for number in range(20)]


def test_few_items_start_no_process() -> None:
    found = list(each_with(_process, range(3), alone=3, workers=2))

    assert {process for _, process in found} == {os.getpid()}


@pytest.mark.usefixtures("begun")
def test_more_items_are_worked_on_elsewhere() -> None:
    found = dict(each_with(_process, range(6), alone=2, workers=2))

    assert [found[number] == os.getpid() for number in range(6)] == [True, True, *[False] * 4]


def test_processes_that_begin_are_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    begins = iter([True, True, False])
    monkeypatch.setattr(processes, "_is_starting", lambda _: next(begins, False))

    found = [process for _, process in each_with(_process, range(8), alone=2, workers=2)]

    assert [process == os.getpid() for process in found] == [True] * 4 + [False] * 4


@pytest.mark.usefixtures("begun")
def test_what_is_done_here_may_be_done_in_another_way() -> None:
    found = [what for _, what in each_with(_process, range(4), alone=2, workers=2, here=_nothing)]

    assert found[:2] == [0, 0]
    assert 0 not in found[2:]


def test_one_core_works_alone() -> None:
    found = list(each_with(_process, range(4), alone=1, workers=1))

    assert {process for _, process in found} == {os.getpid()}


def test_where_nothing_can_be_shared_with_processes_one_works_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", "/dev/shm")

    monkeypatch.setattr("multiprocessing.synchronize.SemLock.__init__", refuse)
    processes._can_share.cache_clear()
    try:
        found = list(each_with(_process, range(4), alone=1))
    finally:
        processes._can_share.cache_clear()

    assert {process for _, process in found} == {os.getpid()}


@pytest.mark.usefixtures("begun")
def test_items_are_taken_a_few_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    results = each_with(operator.neg, items(), alone=1, workers=2)
    for _ in range(5):
        next(results)
    results.close()  # type: ignore[attr-defined]

    assert len(taken) <= 5 + 2


@pytest.mark.usefixtures("begun")
def test_what_a_dead_process_leaves_is_done_here(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = list(each_with(_dies_elsewhere, range(8), alone=1, workers=2))

    assert found == [(number, number + 1) for number in range(8)]
    assert "going on in one process" in caplog.text


def test_where_no_process_can_be_begun_one_works_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor.submit", refuse)

    found = list(each_with(_process, range(6), alone=1, workers=2))

    assert {process for _, process in found} == {os.getpid()}


@pytest.mark.usefixtures("begun")
def test_an_error_in_the_work_is_the_callers() -> None:
    with pytest.raises(ZeroDivisionError):
        list(each_with(_one_by, [1, 1, 0, 1], alone=1, workers=2))


def _process(_: int) -> int:
    return os.getpid()


def _nothing(_: int) -> int:
    return 0


def _dies_elsewhere(number: int) -> int:
    if multiprocessing.parent_process() is not None:
        os._exit(9)
    return number + 1


def _one_by(number: int) -> float:
    return 1 / number
