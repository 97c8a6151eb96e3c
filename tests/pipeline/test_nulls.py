"""What is null where only absence is known reads as absent; the payload stays as it was sent."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from pipeline.post import Post, Rejected
from pipeline.reading import read_item
from pipeline.source import Item

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class _Thing(msgspec.Struct):
    id: str
    words: str = ""
    tags: tuple[str, ...] = ()
    status: str = "approved"


def to_post(item: Item) -> Post | None:
    thing = msgspec.json.decode(item.raw, type=_Thing)
    return Post(
        platform="x",
        post_id=thing.id,
        kind="post",
        observed_at=NOW,
        text=thing.words,
        tags=thing.tags,
        payload=item.raw.decode(),
    )


READER = SimpleNamespace(to_post=to_post)


def read(told: Any) -> Post | Rejected:
    item = Item(raw=json.dumps(told).encode(), path="$[0]", observed_at=NOW)
    found = read_item(READER, item)
    assert isinstance(found, Post | Rejected)
    return found


def test_null_is_read_as_absent_and_kept_as_sent() -> None:
    told = {"id": "1", "words": None, "tags": None}
    found = read(told)
    assert isinstance(found, Post)
    assert (found.text, found.tags) == ("", ())
    assert json.loads(found.payload) == told


@pytest.mark.parametrize(
    "wrong", [{"id": None}, {"id": "1", "words": 5, "tags": None}, {"id": "1", "status": None}]
)
def test_what_is_promised_or_wrong_is_still_set_apart(wrong: dict[str, Any]) -> None:
    assert isinstance(read(wrong), Rejected)


def test_a_null_within_a_list_is_no_absence() -> None:
    assert isinstance(read({"id": "1", "tags": [None]}), Rejected)
