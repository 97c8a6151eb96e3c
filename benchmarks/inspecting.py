"""Recorded replies read into posts against the bare decoding of their JSON, from one run.

    python -m benchmarks.inspecting PAYLOADS            # a folder with one folder a platform
    python -m benchmarks.inspecting PAYLOADS mastodon   # one platform of it
    python -m benchmarks.inspecting                     # without: composed pages of two platforms

Prints for each platform how many posts a second its connector reads, how many a second are merely
decoded (``msgspec.json.decode`` of the same bytes), and how many times longer the posts take; at
the end the same of all of them together. The times are of the processor, the best of a dozen short
ones, the two sides by turns: the ratio tells the same on a busy machine as on a quiet one.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

import connectors
from connectors.paging import understand
from pipeline.errors import LuisterError
from pipeline.inspect import reply_in
from pipeline.post import Post
from pipeline.source import Connector, Reply

ROUNDS = 12
SECONDS = 0.05
NOW = datetime(2026, 11, 24, tzinfo=UTC)
FOLDERS = {"playstore": "googleplay", "gbp": "googlebusiness", "feeds": "feed"}
"""Folders that have another name than their connector."""


def recorded(folder: Path) -> Iterator[tuple[str, list[Reply]]]:
    """For each platform the replies that hold posts; a folder without a connector is left out."""
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        name = FOLDERS.get(place.name, place.name)
        if name in connectors.platforms():
            connector = connectors.load(name)
            files = sorted(place.rglob("*.json"))
            replies = [found for path in files if (found := _reply(connector, path)) is not None]
            if replies:
                yield name, replies


def composed() -> Iterator[tuple[str, list[Reply]]]:
    """Pages as Mastodon and Hacker News send them, when there are no recordings."""
    statuses = [_status(number) for number in range(40)]
    yield "mastodon", [_page("https://social.example/api/v1/timelines/tag/x", statuses)]
    hits = [_hit(number) for number in range(100)]
    yield "hackernews", [_page("https://hn.algolia.com/api/v1/search_by_date", {"hits": hits})]


def _reply(connector: Connector, path: Path) -> Reply | None:
    try:
        reply = reply_in(path.read_bytes(), NOW)
        has_posts = any(isinstance(each, Post) for each in understand(connector, [reply]))
        msgspec.json.decode(reply.body)
    except (LuisterError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return reply if has_posts else None


def _page(url: str, body: Any) -> Reply:
    return Reply(url=url, body=msgspec.json.encode(body), observed_at=NOW)


def _status(number: int) -> dict[str, Any]:
    at = "2026-11-20T12:00:00.000Z"
    account = {"id": "7", "acct": "kim", "url": "https://social.example/@kim", "note": "<p>Hoi</p>"}
    words = f'<p>Bericht {number} over <a href="https://acme.nl/{number}">acme</a> &amp; meer</p>'
    return {
        "id": str(number),
        "uri": f"https://social.example/s/{number}",
        "created_at": at,
        "account": account,
        "visibility": "public",
        "content": words,
        "favourites_count": 3,
        "reblogs_count": 1,
        "replies_count": 0,
        "language": "nl",
        "mentions": [],
        "tags": [],
    }


def _hit(number: int) -> dict[str, Any]:
    at = "2026-11-20T12:00:00Z"
    return {
        "objectID": str(number),
        "created_at": at,
        "created_at_i": 1_795_176_000,
        "author": "kim",
        "comment_text": f"<p>Words {number} on acme &amp; more",
        "parent_id": 1,
        "story_id": 1,
        "_tags": ["comment", "author_kim", "story_1"],
    }


def best_of(replies: Sequence[Reply], sides: Sequence[Callable[[Reply], None]]) -> list[float]:
    """Seconds that each side takes for all replies, by turns, the best of the rounds."""
    best = [float("inf")] * len(sides)
    for _ in range(ROUNDS):
        for place, side in enumerate(sides):
            best[place] = min(best[place], _seconds(replies, side))
    return best


def _seconds(replies: Sequence[Reply], side: Callable[[Reply], None]) -> float:
    started, times = time.process_time(), 0
    while time.process_time() - started < SECONDS:
        for reply in replies:
            side(reply)
        times += 1
    return (time.process_time() - started) / times


class Measured(NamedTuple):
    """How many posts were read, and the seconds of the processor that both sides took."""

    posts: int
    reading: float
    decoding: float

    def told(self, name: str) -> str:
        """One line."""
        read, decoded = self.posts / self.reading, self.posts / self.decoding
        times = self.reading / self.decoding
        posts = f"{name:16}{self.posts:7,} posts"
        return f"{posts}{read:12,.0f} read/s{decoded:12,.0f} decoded/s{times:8.1f} times"


def measured(name: str, replies: Sequence[Reply]) -> Measured:
    """All replies of a platform, read into posts and merely decoded."""
    connector = connectors.load(name)
    posts = sum(isinstance(each, Post) for each in understand(connector, replies))

    def read(reply: Reply) -> None:
        for _ in understand(connector, [reply]):
            pass

    def decoded(reply: Reply) -> None:
        msgspec.json.decode(reply.body)

    reading, decoding = best_of(replies, (read, decoded))
    return Measured(posts, reading, decoding)


def main() -> None:
    """Measure every platform, or the one that is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("payloads", nargs="?", type=Path, help="folder of recorded replies")
    parser.add_argument("platform", nargs="?", help="only this one")
    asked = parser.parse_args()
    pages = composed() if asked.payloads is None else recorded(asked.payloads)
    found = []
    for name, replies in pages:
        if asked.platform in {None, name}:
            found.append(measured(name, replies))
            print(found[-1].told(name), flush=True)
    if len(found) > 1:
        print(Measured(*map(sum, zip(*found, strict=True))).told("all of them"))


if __name__ == "__main__":
    main()
