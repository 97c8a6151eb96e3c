"""What has landed is loaded while others still collect: once it is much, and never at any price."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from pipeline.errors import WarehouseBusy
from pipeline.intake import MUCH_POSTS, Landed, load_meanwhile


def _ended(*posts: int) -> Iterator[Landed]:
    return (Landed(status="complete", posts=count) for count in posts)


def test_little_waits_for_the_last_source() -> None:
    loads: list[str] = []

    load_meanwhile(_ended(10, 20, MUCH_POSTS - 31), lambda: loads.append("load"))

    assert loads == []


def test_what_is_much_together_is_loaded_before_the_others_have_ended() -> None:
    happened: list[str] = []

    def ending() -> Iterator[Landed]:
        for landed in _ended(MUCH_POSTS - 1, 1, 5, MUCH_POSTS):
            happened.append(f"ended {landed.posts}")
            yield landed

    load_meanwhile(ending(), lambda: happened.append("load"))

    assert happened == [
        *(f"ended {MUCH_POSTS - 1}", "ended 1", "load"),
        *("ended 5", f"ended {MUCH_POSTS}", "load"),
    ]


def test_a_database_held_by_somebody_else_does_not_stop_the_collecting(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ended = _ended(MUCH_POSTS, 7)

    def held() -> None:
        raise WarehouseBusy("another program holds the database", where="luister.duckdb")

    with caplog.at_level(logging.WARNING):
        load_meanwhile(ended, held)

    assert next(ended, None) is None
    assert "is loaded when all sources have ended" in caplog.text
