"""Pages are understood in order, here or in other processes, and nothing shows where."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import load
from pipeline import reading_pages
from pipeline.errors import PayloadError, SourceUnavailable
from pipeline.post import Post, Read, Rejected
from pipeline.reading_pages import understand
from pipeline.source import Item, Reply
from pipeline.world import simulate
from pipeline.world.mastodon_shapes import status
from pipeline.world.view import View

NOW: Final = datetime(2026, 11, 24, 4, tzinfo=UTC)


def _cut(reply: Reply) -> Iterator[Item]:
    """One item a word; nothing of a page that breaks off is left out before it does."""
    for word in reply.body.split():
        if word == b"broken":
            raise PayloadError("a page that breaks off", where=reply.url)
        yield Item(raw=word, path="$", observed_at=reply.observed_at)


def _to_post(item: Item) -> Post | None:
    word = item.raw.decode()
    if word == "odd":
        raise PayloadError("an odd word", where="$.word")
    if word == "nothing":
        return None
    said = {"process": str(os.getpid()), "half": "half \ud83d"}.get(word, word)
    if word == "deadly" and multiprocessing.parent_process() is not None:
        os._exit(1)
    return Post(platform="test", post_id=word, kind="post", observed_at=NOW, text=said)


READER: Final[Any] = SimpleNamespace(read=_cut, to_post=_to_post)


def _pages(*bodies: str) -> Iterator[Reply]:
    for number, body in enumerate(bodies):
        yield Reply(url=f"https://a.example/{number}", body=body.encode(), observed_at=NOW)


def _told(reads: list[Read]) -> list[str]:
    return [each.text if isinstance(each, Post) else each.reason for each in map(_known, reads)]


def _known(read: Read) -> Post | Rejected:
    assert isinstance(read, Post | Rejected)
    return read


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pages are understood here, all others elsewhere, two at a time."""
    monkeypatch.setattr(reading_pages, "ALONE", 2)
    monkeypatch.setattr(reading_pages, "TOGETHER", 2)
    monkeypatch.setattr("pipeline.processes.cores", lambda: 2)
    monkeypatch.setattr("pipeline.processes._is_starting", lambda _: False)
    monkeypatch.setattr(reading_pages._Pages, "come_quickly", True)


def test_few_pages_are_understood_here() -> None:
    reads = list(understand(READER, _pages("process", "process")))

    assert _told(reads) == [str(os.getpid())] * 2


@pytest.mark.usefixtures("beside")
def test_more_are_understood_elsewhere() -> None:
    reads = list(understand(READER, _pages(*["process"] * 6)))

    assert [told == str(os.getpid()) for told in _told(reads)] == [True, True, *[False] * 4]


@pytest.mark.usefixtures("beside")
def test_reads_come_in_order_with_those_that_were_not_understood() -> None:
    pages = ["a b", "c", "odd d nothing odd", "e", "", "f odd"]

    told = _told(list(understand(READER, _pages(*pages))))

    odd = "an odd word"
    assert told == ["a", "b", "c", odd, "d", odd, "e", "f", odd]


@pytest.mark.usefixtures("beside")
def test_what_was_read_before_a_server_fails_is_given_before_it_is_told() -> None:
    def pages() -> Iterator[Reply]:
        yield from _pages("a", "b", "c", "d", "e")
        raise SourceUnavailable("is away")

    reads = understand(READER, pages())

    assert _told([next(reads) for _ in range(5)]) == list("abcde")
    with pytest.raises(SourceUnavailable, match="is away"):
        next(reads)


@pytest.mark.usefixtures("beside")
def test_what_stands_before_the_break_of_a_page_is_given() -> None:
    reads = understand(READER, _pages("a", "b", "c", "d broken", "e", "f"))

    assert _told([next(reads) for _ in range(4)]) == list("abcd")
    with pytest.raises(PayloadError, match="breaks off"):
        next(reads)


@pytest.mark.usefixtures("beside")
def test_halves_of_characters_come_back_as_they_were() -> None:
    reads = list(understand(READER, _pages("a", "b", "half c", "d")))

    assert _told(reads) == ["a", "b", "half \ud83d", "c", "d"]


@pytest.mark.usefixtures("beside")
def test_a_connector_that_cannot_be_sent_understands_here() -> None:
    local = SimpleNamespace(read=lambda reply: _cut(reply), to_post=_to_post)

    reads = list(understand(local, _pages(*["process"] * 6)))

    assert _told(reads) == [str(os.getpid())] * 6


@pytest.mark.usefixtures("beside")
def test_one_source_at_a_time_has_the_other_cores() -> None:
    first = understand(READER, _pages(*["process"] * 9))
    for _ in range(4):
        next(first)

    meanwhile = _told(list(understand(READER, _pages(*["process"] * 6))))
    first.close()  # type: ignore[attr-defined]
    afterwards = _told(list(understand(READER, _pages(*["process"] * 6))))

    assert meanwhile == [str(os.getpid())] * 6
    assert afterwards[2:] != [str(os.getpid())] * 4


@pytest.mark.usefixtures("beside")
def test_no_more_pages_are_taken_ahead_than_are_worked_on() -> None:
    taken: list[int] = []

    def pages() -> Iterator[Reply]:
        for number, page in enumerate(_pages(*["a"] * 100)):
            taken.append(number)
            yield page

    reads = understand(READER, pages())
    for _ in range(3):
        next(reads)
    reads.close()  # type: ignore[attr-defined]

    assert len(taken) <= 2 + 3 * 2


@pytest.mark.usefixtures("beside")
def test_pages_of_a_process_that_dies_are_understood_here() -> None:
    reads = list(understand(READER, _pages("a", "b", "c", "deadly", "d", "e")))

    assert _told(reads) == ["a", "b", "c", "deadly", "d", "e"]


@pytest.mark.usefixtures("beside")
def test_what_is_no_error_of_ours_is_raised_behind_what_came_before() -> None:
    def pages() -> Iterator[Reply]:
        yield from _pages("a", "b", "c")
        raise KeyError("of a connector")

    reads = understand(READER, pages())

    assert _told([next(reads) for _ in range(3)]) == list("abc")
    with pytest.raises(KeyError, match="of a connector"):
        next(reads)


def _slow(item: Item) -> Post | None:
    time.sleep(0.002)
    return _to_post(item)


def test_pages_that_take_time_to_understand_go_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_pages, "ALONE", 2)
    monkeypatch.setattr("pipeline.processes.cores", lambda: 2)
    monkeypatch.setattr("pipeline.processes._is_starting", lambda _: False)
    reader = SimpleNamespace(read=_cut, to_post=_slow)

    told = _told(list(understand(reader, _pages(*["process"] * 6))))

    assert [each == str(os.getpid()) for each in told] == [True, True, *[False] * 4]


class _Clock:
    """What the time is, for whoever reads the clock; pages come a second after each other."""

    def __init__(self) -> None:
        self.now = 0.0

    def pages(self) -> Iterator[Reply]:
        for page in _pages(*["process"] * 6):
            self.now += 1.0
            yield page


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    made = _Clock()
    monkeypatch.setattr(reading_pages, "ALONE", 2)
    monkeypatch.setattr("pipeline.reading_pages.time.perf_counter", lambda: made.now)
    return made


def test_what_is_done_with_reads_is_no_time_that_understanding_takes(clock: _Clock) -> None:
    told: list[Read] = []
    for read in understand(READER, clock.pages()):
        clock.now += 9.0
        told.append(read)

    assert set(_told(told)) == {str(os.getpid())}


def test_pages_that_are_waited_for_are_understood_here(clock: _Clock) -> None:
    assert set(_told(list(understand(READER, clock.pages())))) == {str(os.getpid())}


@pytest.mark.usefixtures("beside")
def test_no_page_that_is_long_in_coming_keeps_others_waiting(clock: _Clock) -> None:
    """A source that becomes slow would have had its time long ago when that is found out."""
    taken: list[int] = []

    def pages() -> Iterator[Reply]:
        for number, page in enumerate(_pages(*["process"] * 100)):
            clock.now += 60.0 if number >= 4 else 0.0
            taken.append(number)
            yield page

    reads = understand(READER, pages())
    ahead = []
    for place, _ in zip(range(8), reads, strict=False):
        ahead.append(len(taken) - place - 1)
    reads.close()  # type: ignore[attr-defined]

    assert ahead == [0, 0, 2, 1, 0, 0, 0, 0]


@pytest.mark.usefixtures("beside")
def test_statuses_are_the_same_wherever_they_are_understood(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = list(_statuses(12))
    elsewhere = list(understand(load("mastodon"), pages))
    monkeypatch.setattr(reading_pages, "ALONE", 100)

    assert elsewhere == list(understand(load("mastodon"), pages))
    assert len(elsewhere) >= 12 * 10


def _statuses(count: int) -> Iterator[Reply]:
    """Pages of ten statuses of the world."""
    world = simulate(7, NOW, days=6, persons=60)
    said = [each for each in world.said if each.platform == "mastodon"][: count * 10]
    made = [status(View(world, NOW), each) for each in said]
    for start in range(0, len(made), 10):
        body = msgspec.json.encode(made[start : start + 10])
        yield Reply(url="https://social.example/api/v1/x", body=body, observed_at=NOW)


_TEXTS: Final = st.text() | st.none()
_TIMES: Final = st.datetimes(timezones=st.just(UTC)) | st.none()
_COUNTS: Final = st.integers(-(2**63), 2**63 - 1) | st.none()


@given(
    st.lists(
        st.builds(
            Post,
            platform=st.text(),
            post_id=st.text(),
            kind=st.sampled_from(["post", "review"]),
            observed_at=st.datetimes(timezones=st.just(UTC)),
            created_at=_TIMES,
            edited_at=_TIMES,
            title=_TEXTS,
            language=_TEXTS,
            tags=st.lists(st.text()).map(tuple),
            likes_count=_COUNTS,
            views_count=_COUNTS,
            rating=st.floats(allow_nan=False) | st.none(),
            author_is_bot=st.booleans() | st.none(),
        )
    )
)
def test_any_post_is_read_as_it_was_written(posts: list[Post]) -> None:
    told = reading_pages._Told(posts=posts, rejected=[], places=[])

    assert reading_pages._reads(reading_pages._encoder.encode(told)) == posts
