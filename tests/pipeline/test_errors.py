"""What an error says where a whole address would be too much."""

from __future__ import annotations

import time

import pytest

from pipeline.errors import without_queries


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("https://a.example/s?q=kpn&page=3: wait", "https://a.example/s?…: wait"),
        ("see https://a.example/s?q=a:b,c. Then", "see https://a.example/s?…. Then"),
        (
            "(https://a.example/s#part) and wss://b.example?x=1",
            "(https://a.example/s?…) and wss://b.example?…",
        ),
        ("HTTPS://A.example/?a=https://b.example/c?d → wait", "HTTPS://A.example/?… → wait"),
        ("https://a.example/feed.xml: is gone", "https://a.example/feed.xml: is gone"),
        ("why? because a#b is not one", "why? because a#b is not one"),
    ],
)
def test_addresses_are_told_as_far_as_their_path(told: str, shown: str) -> None:
    assert without_queries(told) == shown


@pytest.mark.parametrize(
    "told", ["https://a?" * 10_000, "https://a?" + ":" * 100_000 + "x", "?" * 100_000]
)
def test_long_ones_take_no_time(told: str) -> None:
    began = time.process_time()

    without_queries(told)

    assert time.process_time() - began < 2
