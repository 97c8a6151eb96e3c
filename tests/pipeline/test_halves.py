"""A text that was cut in the middle of a character costs that character, and nothing else."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import msgspec
import pytest

from connectors import hackernews, reddit
from connectors.frames import kept
from connectors.paging import decode, understand
from pipeline.errors import PayloadError
from pipeline.inspect import reply_in
from pipeline.post import Post, Rejected
from pipeline.reading import read_item, whole_characters
from pipeline.source import Item, Reply

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BIKE = r"\ud83d\udeb2"
HALF = r"\ud83d"


class _Thing(msgspec.Struct):
    words: str


def to_post(item: Item) -> Post:
    words = msgspec.json.decode(item.raw, type=_Thing).words
    return Post(platform="x", post_id="1", kind="post", observed_at=NOW, text=words)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (f"a bike {BIKE}", "a bike 🚲"),
        (f"a bike {HALF}", "a bike \ufffd"),
        (f"a bike {HALF} and more", "a bike \ufffd and more"),
        (f"{HALF}{BIKE}", "\ufffd🚲"),
        (r"\uDE00 first", "\ufffd first"),
        (rf"a path \\{HALF[1:]}", r"a path \ud83d"),
        (rf"\\{HALF}", "\\\ufffd"),
    ],
)
def test_half_a_character_is_one_that_nobody_can_read(sent: str, read: str) -> None:
    raw = f'{{"words": "{sent}"}}'.encode()
    assert decode(raw, _Thing).words == read
    found = read_item(SimpleNamespace(to_post=to_post), Item(raw=raw, path="$", observed_at=NOW))
    assert isinstance(found, Post)
    assert found.text == read


def test_what_is_right_stays_as_it_was_sent() -> None:
    sent = rf'{{"words": "{BIKE} \\ud83d \n"}}'.encode()
    assert whole_characters(sent) == sent


def test_what_is_wrong_besides_is_still_told() -> None:
    with pytest.raises(PayloadError):
        decode(rf'{{"words": "{HALF}"'.encode(), _Thing)
    raw = f'{{"other": "{HALF}"}}'.encode()
    found = read_item(SimpleNamespace(to_post=to_post), Item(raw=raw, path="$", observed_at=NOW))
    assert isinstance(found, Rejected)
    assert "words" in found.reason


def test_the_rest_of_a_page_is_read() -> None:
    def thing(name: str, words: str) -> str:
        data = {"name": name, "created_utc": 1.7e9, "title": "A bike"}
        return json.dumps({"kind": "t3", "data": data})[:-2] + f', "selftext": "{words}"}}}}'

    children = ", ".join([thing("t3_a", f"cut {HALF}"), thing("t3_b", f"whole {BIKE}")])
    body = f'{{"kind": "Listing", "data": {{"children": [{children}], "after": null}}}}'
    url = "https://oauth.reddit.com/search?raw_json=1"
    reply = Reply(url=url, body=body.encode(), observed_at=NOW)
    assert [each.text for each in understand(reddit, [reply]) if isinstance(each, Post)] == [
        "cut \ufffd",
        "whole 🚲",
    ]


def test_so_is_an_answer_that_is_one_post() -> None:
    told = {"id": 1, "type": "comment", "time": 1_700_000_000, "by": "kim", "parent": 2}
    body = json.dumps(told)[:-1] + f', "text": "cut {HALF}"}}'
    reply = Reply(url="https://hn.example/item/1", body=body.encode(), observed_at=NOW)
    (found,) = understand(hackernews, [reply])
    assert isinstance(found, Post)
    assert found.text == "cut \ufffd"


def test_so_is_a_file_of_lines() -> None:
    lines = [f'{{"words": "cut {HALF}"}}', '{"words": "whole"}']
    assert len(kept("\n".join(lines).encode())) == 2


def test_so_is_a_recording() -> None:
    body = f'{{"request": {{}}, "response": {{"body": {{"text": "cut {HALF}"}}}}}}'
    assert json.loads(reply_in(body.encode()).body) == {"text": "cut \ufffd"}
