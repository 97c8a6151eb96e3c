"""The kit for recordings bites: what is careless does not pass."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from connectors.paging import decode, items
from connectors.testing.mutations import (
    KINDS,
    Change,
    Recording,
    check_change,
    check_right,
    files_of,
    kind_of,
    outcome_of,
    recording,
)
from pipeline.errors import RateLimited
from pipeline.post import Post, Rejected
from pipeline.source import Access, Item, Reply

BODY = {
    "posts": [
        {"id": "1", "text": "een", "likes": 3, "tags": ["a"]},
        {"id": "2", "text": "twee", "likes": 0, "note": None, "tags": []},
    ]
}


class _Said(msgspec.Struct):
    id: str
    text: str
    likes: int
    tags: list[str] = msgspec.field(default_factory=list)


def read(reply: Reply) -> Iterator[Item]:
    yield from items(decode(reply.body, dict[str, list[msgspec.Raw]])["posts"], reply, "$.posts")


def to_post(item: Item) -> Post:
    said = msgspec.json.decode(item.raw, type=_Said)
    return Post(
        platform="acme",
        post_id=said.id,
        kind="post",
        observed_at=item.observed_at,
        text=said.text,
        likes_count=said.likes,
        payload=item.raw.decode(),
    )


def connector(**other: Any) -> Any:
    return SimpleNamespace(ACCESS=Access(), **{"read": read, "to_post": to_post, **other})


@pytest.fixture
def kept(tmp_path: Path) -> list[Path]:
    (tmp_path / "bare.json").write_text(json.dumps(BODY))
    (tmp_path / "README.md").write_text("not a recording")
    return files_of(tmp_path)


def change(kind: str, place: int, other: Any = None) -> Change:
    return Change(file=0, kind=kind, place=place, other=other, hostile="<script>")


def place_of(path: Path, kind: str) -> int:
    return next(i for i, spot in enumerate(recording(path).keys) if kind_of(spot) == kind)


def test_a_lost_key_that_is_told_passes(kept: list[Path]) -> None:
    lost = change("key removed", place_of(kept[0], "posts.*.text"))
    check_change(connector(), kept, lost, {})
    reply, spot = recording(kept[0]).changed(lost)
    assert spot == ("posts", 0, "text")
    found = outcome_of(connector(), reply)
    assert [type(each) for each in found.reads] == [Rejected, Post]
    assert not found.is_silent


def test_a_lost_key_that_costs_a_post_in_silence_fails(kept: list[Path]) -> None:
    def silent(item: Item) -> Post | None:
        return to_post(item) if b'"text"' in item.raw else None

    lost = change("key removed", place_of(kept[0], "posts.*.text"))
    with pytest.raises(AssertionError, match=r"without posts\.\*\.text there are 1 posts"):
        check_change(connector(to_post=silent), kept, lost, {})
    check_change(connector(to_post=silent), kept, lost, {"text": "a post may be silent"})


def test_a_key_that_not_every_object_has_is_no_promise(kept: list[Path]) -> None:
    assert not recording(kept[0]).promises(("posts", 1, "note"))
    assert recording(kept[0]).promises(("posts", 1, "likes"))


def test_a_lost_list_is_no_key_error(kept: list[Path]) -> None:
    lost = change("key removed", place_of(kept[0], "posts"))
    with pytest.raises(KeyError):
        check_change(connector(), kept, lost, {})


def test_a_list_may_be_emptied(kept: list[Path]) -> None:
    reply, _ = recording(kept[0]).changed(change("list emptied", 0))
    assert json.loads(reply.body) == {"posts": []}
    check_change(connector(), kept, change("list emptied", 0), {})


def test_a_traceback_fails(kept: list[Path]) -> None:
    def careless(item: Item) -> Post:
        said = json.loads(item.raw)
        return to_post(msgspec.structs.replace(item, raw=said["text"].upper().encode()))

    spot = next(i for i, each in enumerate(recording(kept[0]).spots) if each[-1] == "text")
    with pytest.raises(AttributeError):
        check_change(connector(to_post=careless), kept, change("type changed", spot, 5), {})


@pytest.mark.parametrize(
    "wrong",
    [
        {"post_id": ""},
        {"likes_count": "3"},
        {"likes_count": 10**30},
        {"created_at": datetime(2026, 1, 1)},  # noqa: DTZ001
        {"text": "a\ud800"},
        {"kind": "letter"},
    ],
)
def test_a_post_that_is_not_right_fails(wrong: dict[str, Any]) -> None:
    told: dict[str, Any] = {"platform": "acme", "post_id": "1", "kind": "post"}
    post = Post(observed_at=datetime(2026, 1, 1, tzinfo=UTC), **(told | wrong))
    with pytest.raises(
        (AssertionError, msgspec.ValidationError, ValueError, OverflowError, TypeError)
    ):
        check_right([post])


def test_an_envelope_keeps_its_status(tmp_path: Path) -> None:
    path = tmp_path / "limited.json"
    response = {"status": 429, "headers": {"retry-after": "7"}, "body": BODY}
    path.write_text(json.dumps({"request": {"url": "https://a.example/"}, "response": response}))
    error = outcome_of(connector(), Recording(path).reply).error
    assert isinstance(error, RateLimited)
    assert error.seconds == 7


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "body",
    ["<rss><item>een</item></rss>", "id,text\n1,een\n", "window.x = [{'no': json}]", ""],
    ids=["xml", "table", "script", "empty"],
)
def test_what_is_not_json_is_cut_or_gets_a_hostile_text(
    tmp_path: Path, kind: str, body: str
) -> None:
    path = tmp_path / "page"
    path.write_text(body)
    for place in range(12):
        changed, lost = Recording(path).changed(change(kind, place))
        assert lost is None
        assert len(changed.body) <= len(body) + len("<script>")


def test_json_behind_an_assignment_is_changed_inside(tmp_path: Path) -> None:
    path = tmp_path / "tweets.js"
    path.write_text('window.YTD.tweets.part0 = [{"id": "1"}];')
    reply, _ = Recording(path).changed(change("list emptied", 0))
    assert reply.body == b"window.YTD.tweets.part0 = [];"
