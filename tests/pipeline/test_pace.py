"""A host is asked no faster than it likes, whoever asks."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pace import Pace


class Time:
    """A clock that goes forward only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def pace(self) -> Pace:
        return Pace(clock=lambda: self.now, sleep=self.sleep)


def test_the_first_requests_go_at_once_and_the_next_one_waits() -> None:
    pace = Time().pace()
    waits = [pace.wait("shop.example", requests=3, seconds=60) for _ in range(7)]
    assert waits == [0, 0, 0, 60, 0, 0, 60]


def test_a_slow_asker_never_waits() -> None:
    time = Time()
    pace = time.pace()
    for _ in range(5):
        assert pace.wait("shop.example", requests=1, seconds=2) == 0
        time.now += 2


def test_every_host_has_its_own_pace() -> None:
    pace = Time().pace()
    assert pace.wait("one.example", requests=1, seconds=60) == 0
    assert pace.wait("two.example", requests=1, seconds=60) == 0


def test_sources_with_different_paces_share_the_log_of_a_host() -> None:
    pace = Time().pace()
    for _ in range(5):
        pace.wait("shop.example", requests=10, seconds=60)
    assert pace.wait("shop.example", requests=2, seconds=60) == 60


@given(
    requests=st.integers(1, 5),
    seconds=st.floats(0.1, 100),
    thinking=st.lists(st.floats(0, 50), min_size=1, max_size=40),
)
def test_no_stretch_of_time_holds_too_many(
    requests: int, seconds: float, thinking: list[float]
) -> None:
    time = Time()
    pace = time.pace()
    moments = []
    for pause in thinking:
        time.now += pause
        pace.wait("shop.example", requests=requests, seconds=seconds)
        moments.append(time.now)
    for early, late in zip(moments, moments[requests:], strict=False):
        assert late - early >= seconds * (1 - 1e-9)


def test_threads_share_a_pace() -> None:
    moments: list[float] = []
    lock = threading.Lock()
    pace = Pace(clock=lambda: 0.0, sleep=lambda _: None)

    def ask() -> None:
        for _ in range(50):
            waited = pace.wait("shop.example", requests=1, seconds=1)
            with lock:
                moments.append(waited)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(moments) == [float(number) for number in range(200)]


def test_a_closed_host_is_left_alone_until_its_time() -> None:
    time = Time()
    pace = time.pace()
    pace.close("shop.example", 100)
    assert pace.closed_for("shop.example") == 100
    assert pace.closed_for("other.example") == 0
    assert pace.wait("shop.example", requests=9, seconds=1) == 100
    assert pace.closed_for("shop.example") == 0


def test_a_shorter_closing_does_not_end_a_longer_one() -> None:
    pace = Time().pace()
    pace.close("shop.example", 100)
    until = pace.close("shop.example", 10)
    pace.reopen("shop.example", until)
    assert pace.closed_for("shop.example") == 100


def test_the_next_machine_counts_what_the_one_before_asked() -> None:
    here, there = Time(), Time()
    one, other = here.pace(), there.pace()
    here.now, there.now = 500.0, 7_000.0
    for _ in range(3):
        one.wait("shop.example", requests=3, seconds=60)
    here.now += 20

    other.recall(one.tell(1_000_020.0), 1_000_030.0)

    assert [other.wait("shop.example", requests=3, seconds=60) for _ in range(4)] == [30, 0, 0, 60]


def test_the_next_machine_leaves_alone_who_wants_it() -> None:
    one, other = Time().pace(), Time().pace()
    one.close("shop.example", 100)

    other.recall(one.tell(1_000_000.0), 1_000_040.0)

    assert other.closed_for("shop.example") == 60


def test_a_clock_that_runs_ahead_holds_nobody_up() -> None:
    one, other = Time().pace(), Time().pace()
    one.wait("shop.example", requests=1, seconds=60)

    other.recall(one.tell(1_009_000.0), 1_000_000.0)

    assert other.wait("shop.example", requests=1, seconds=60) == 60


def test_who_has_waited_goes_in() -> None:
    pace = Time().pace()
    pace.reopen("shop.example", pace.close("shop.example", 100))
    assert pace.closed_for("shop.example") == 0


def test_a_host_is_down_until_it_answers() -> None:
    pace = Pace()
    assert not pace.is_down("shop.example")
    pace.failed("shop.example")
    assert pace.is_down("shop.example")
    assert not pace.is_down("other.example")
    pace.answered("shop.example")
    assert not pace.is_down("shop.example")


@pytest.mark.parametrize("requests", [0, -1])
def test_nobody_is_asked_never(requests: int) -> None:
    pace = Time().pace()
    assert [pace.wait("shop.example", requests=requests, seconds=5) for _ in range(2)] == [0, 5]
