"""What a platform writes where it does not tell something is unknown, never a fact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.meant import AHEAD, EARLIEST, as_meant, as_meant_columns
from pipeline.post import Post, Rejected, to_arrow
from pipeline.reading import read_item
from pipeline.source import Item
from tests.pipeline.landed import NOW, post

NAMES = ("author_id", "author_handle", "author_name", "parent_id", "root_id", "title", "language")
COUNTS = ("replies_count", "reposts_count", "views_count", "author_followers_count")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("blank", ["", "  ", "\n\t"])
def test_a_blank_name_is_nobodys(name: str, blank: str) -> None:
    assert getattr(as_meant(post(**{name: blank})), name) is None


@pytest.mark.parametrize("name", COUNTS)
def test_a_count_below_nothing_is_hidden(name: str) -> None:
    assert getattr(as_meant(post(**{name: -1})), name) is None
    assert getattr(as_meant(post(**{name: 0})), name) == 0


def test_a_score_may_be_below_nothing() -> None:
    assert as_meant(post(likes_count=-3)).likes_count == -3


def test_what_can_be_meant_stays_as_it_was() -> None:
    told = post(title="Zon", created_at=datetime(1970, 1, 1, tzinfo=UTC))

    assert as_meant(told) is told


@pytest.mark.parametrize("name", ["created_at", "edited_at", "author_created_at"])
@pytest.mark.parametrize("hours", [0, 5_000])
def test_a_time_that_cannot_be_lands_as_unknown(name: str, hours: int) -> None:
    now = NOW + timedelta(hours=hours)
    first, last, tick = EARLIEST, now + AHEAD, timedelta(microseconds=1)
    never = (datetime.min.replace(tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), first - tick)
    moments = (*never, first, last, last + tick, datetime.max.replace(tzinfo=UTC), None)
    told = to_arrow([post(f"p{n}", **{name: moment}) for n, moment in enumerate(moments)])

    found = as_meant_columns(told, now)[name].to_pylist()

    assert found == [None, None, None, first, last, None, None, None]


def read(raw: bytes, found: Post | None) -> Any:
    connector = SimpleNamespace(to_post=lambda _: found)
    return read_item(connector, Item(raw=raw, path="$.posts[3]", observed_at=NOW))


@pytest.mark.parametrize("raw", [b"{}", b"null", b"[]", b'""', b" "])
def test_an_item_with_nothing_in_it_is_told(raw: bytes) -> None:
    assert read(raw, None) == Rejected(
        reason="nothing in it", path="$.posts[3]", payload=raw.decode()
    )


def test_an_item_that_is_no_post_is_passed_over() -> None:
    assert read(b'{"like": 1}', None) is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"post_id": "  "}, "a post without its name"),
        ({"created_at": NOW.replace(tzinfo=None)}, "a time without a zone"),
    ],
)
def test_what_no_post_can_be_without_is_told(fields: dict[str, Any], reason: str) -> None:
    told = Post(**{"platform": "fake", "post_id": "p", "kind": "post", "observed_at": NOW} | fields)

    assert read(b"{...}", told).reason == reason
