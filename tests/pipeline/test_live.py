"""Live listening over real lines on loopback: what is kept, what lands, and what a cut costs."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest

from connectors import bluesky as polling
from connectors import load as connector_of
from connectors import platforms
from connectors.paging import understand
from flows.commands.listening import live_of
from pipeline import live, live_stream
from pipeline.config import load as load_config
from pipeline.errors import AlreadyRunning, ConfigError, SourceRefused
from pipeline.landing import Landing
from pipeline.live_line import LiveSettings
from pipeline.live_memory import Places
from pipeline.lock import LISTENING, nightly_lock
from pipeline.post import Post, from_row
from pipeline.source import Reply
from pipeline.warehouse import Warehouse, open_warehouse
from tests.pipeline.landed import landed, one, rows
from tests.pipeline.landed import post as polled_post
from tests.pipeline.live_servers import (
    ACME,
    ANNA,
    PROFILES,
    SHY,
    Jetstream,
    Web,
    account_event,
    bluesky,
    configured,
    deleted,
    mastodon,
    micros,
    record,
    sky,
    tags,
    uri,
    written,
)

QUICK = LiveSettings(every_seconds=0.2, first_pause_seconds=0.05, longest_pause_seconds=0.1)
PATIENCE = 60.0


class Seen:
    """A watcher that remembers."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.cuts: list[str] = []
        self.landings: list[int] = []

    def opened(self, source: str, stream: str) -> None:
        self.lines.append(stream)

    def cut(self, source: str, stream: str, why: str, pause: float) -> None:
        self.cuts.append(f"{stream}: {why}")

    def landed(self, source: str, posts: int) -> None:
        self.landings.append(posts)


class Listening:
    """A flow in a thread of its own, stopped on leaving."""

    def __init__(self, path: Path, settings: LiveSettings = QUICK, **more: Any) -> None:
        self.config = load_config(path, platforms())
        self.seen = Seen()
        self.stop = threading.Event()
        self.outcome: live.LiveOutcome | None = None
        self.error: Exception | None = None
        self._settings = settings
        self._more = more
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Listening:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self.outcome = live.listen(
                self.config,
                connector_of,
                live_of,
                settings=self._settings,
                stop=self.stop,
                watcher=self.seen,
                **self._more,
            )
        except Exception as error:  # noqa: BLE001 looked at by the test
            self.error = error

    def posts(self) -> list[tuple[str, Post]]:
        return landed_posts(self.config.data)

    def until(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, (self.seen.cuts, self.error)
            assert self.error is None, self.error
            time.sleep(0.02)


def landed_posts(data: Path) -> list[tuple[str, Post]]:
    """All posts that landed, in the order of landing."""
    found: list[tuple[str, Post]] = []
    manifests = list((data / "landing").glob("*/*.json"))
    for path in sorted(manifests, key=lambda each: each.stat().st_mtime_ns):
        for row in pq.read_table(path.with_suffix(".parquet")).to_pylist():
            found.append((row["verb"], from_row(row)))
    return found


def texts(posts: list[tuple[str, Post]]) -> list[str]:
    return [post.text for _, post in posts]


@pytest.fixture
def network() -> Iterator[tuple[Jetstream, Web]]:
    with bluesky() as servers:
        yield servers


@pytest.fixture
def social(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setenv("MASTODON_ACCESS_TOKEN", "t0ken-of-acme")
    with mastodon() as web:
        yield web


class TestBluesky:
    def test_only_what_concerns_us_lands_and_by_its_own_verb(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        place = {"index": {"byteStart": 0, "byteEnd": 4}, "features": [{"did": ACME}]}
        tagged = {"index": {"byteStart": 0, "byteEnd": 2}, "features": [{"tag": "Fiets"}]}
        answer = {"parent": {"uri": uri("1", ACME)}, "root": {"uri": uri("0", ACME)}}
        jetstream.log += [
            written("1", "our own news", 1, did=ACME),
            written("2", "Acme is late", 2),
            written("3", "the FIETSFABRIEK burns", 3),
            written("4", "hey you there", 4, facets=[place]),
            written("5", "to work by", 5, facets=[tagged]),
            written("6", "yes, indeed", 6, reply=answer),
            written("7", "an acmeist poem", 7),
            written("8", "lunch", 8),
            written("9", "a like", 9) | {"commit": {"operation": "create"}},
        ]
        with Listening(configured(tmp_path, sky(jetstream, web))) as listening:
            listening.until(lambda: len(listening.posts()) >= 6)
        assert [(verb, post.text) for verb, post in listening.posts()] == [
            ("timeline", "our own news"),
            ("mentions", "Acme is late"),
            ("mentions", "the FIETSFABRIEK burns"),
            ("inbox", "hey you there"),
            ("mentions", "to work by"),
            ("inbox", "yes, indeed"),
        ]
        assert jetstream.asked[0]["wantedCollections"] == ["app.bsky.feed.post"]
        assert listening.outcome == live.LiveOutcome(posts={"sky": 6}, failures=())

    def test_a_post_is_the_one_that_polling_gives(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        more = {"embed": {"external": {"uri": "https://acme.example/news"}}, "tags": ["ov"]}
        jetstream.log.append(written("2", "Acme is late 🚲", 2, **more))
        with Listening(configured(tmp_path, sky(jetstream, web))) as listening:
            listening.until(lambda: bool(listening.posts()))
        ((_, heard),) = listening.posts()
        view = {
            "uri": uri("2"),
            "cid": "cid2",
            "author": PROFILES[ANNA],
            "record": record("Acme is late 🚲", 2, **more),
            "indexedAt": (datetime.now(UTC)).isoformat(),
            "likeCount": 4,
            "repostCount": 3,
            "replyCount": 2,
            "quoteCount": 1,
            "labels": [],
        }
        body = json.dumps({"posts": [view]}).encode()
        reply = Reply(url="", body=body, observed_at=heard.observed_at)
        (polled,) = understand(polling, [reply])
        assert isinstance(polled, Post)
        assert polled.likes_count == 4
        unknown = dict.fromkeys(
            ("likes_count", "reposts_count", "replies_count", "quotes_count"), None
        )
        assert heard == msgspec.structs.replace(polled, payload=heard.payload, **unknown)
        assert heard.observed_at == live_stream.moment_of(micros(2))
        assert json.loads(heard.payload)["value"] == record("Acme is late 🚲", 2, **more)

    def test_who_asks_not_to_be_shown_is_never_stored_nor_is_who_is_unknown(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        jetstream.log += [
            written("1", "Acme in secret", 1, did=SHY),
            written("2", "Acme by a ghost", 2, did="did:plc:ghost"),
            deleted("1", 3, did=SHY),
            written("3", "Acme in public", 4),
        ]
        with Listening(configured(tmp_path, sky(jetstream, web))) as listening:
            listening.until(lambda: bool(listening.posts()))
        assert texts(listening.posts()) == ["Acme in public"]
        stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert b"in secret" not in stored
        assert b"ghost" not in stored

    def test_a_cut_costs_nothing_and_gives_nothing_twice(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        jetstream.cuts = [3, 4]
        jetstream.log += [written(str(n), f"Acme {n}", n) for n in range(1, 21)]
        with Listening(configured(tmp_path, sky(jetstream, web))) as listening:
            listening.until(lambda: len(listening.posts()) >= 20)
        assert texts(listening.posts()) == [f"Acme {n}" for n in range(1, 21)]
        assert jetstream.cursors == [micros(each) - 5_000_000 for each in (0, 3, 4)]
        assert [each for each in listening.seen.cuts if "the line was cut" in each]

    def test_a_new_process_goes_on_where_the_last_had_landed(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        path = configured(tmp_path, sky(jetstream, web))
        jetstream.log += [written("1", "Acme 1", 1), written("2", "Acme 2", 20)]
        with Listening(path) as first:
            first.until(lambda: len(first.posts()) == 2)
        jetstream.log.append(written("3", "Acme 3", 30))
        with Listening(path) as second:
            second.until(lambda: len(second.posts()) >= 4)
        assert jetstream.cursors == [micros(each) - 5_000_000 for each in (0, 20)]
        with open_warehouse(second.config.data) as warehouse:
            load_all(warehouse)
            assert one(warehouse, "select count(*) from raw.posts") == 3

    def test_what_was_never_heard_begins_now_even_if_nothing_ever_lands(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        path = configured(tmp_path, sky(jetstream, web))
        places = Places(tmp_path / "data" / "live", "sky")
        places.path.unlink()
        before = live_stream.place_of(datetime.now(UTC))
        slow = msgspec.structs.replace(QUICK, every_seconds=600.0)
        with Listening(path, slow) as listening:
            listening.until(lambda: bool(jetstream.asked))
            place = places.read()["jetstream"]
        assert before <= place <= live_stream.place_of(datetime.now(UTC))
        assert jetstream.cursors == [place - 5_000_000]

    def test_the_place_is_kept_only_after_its_posts_have_landed(
        self,
        network: tuple[Jetstream, Web],
        tmp_path: Path,
    ) -> None:
        jetstream, web = network
        path = configured(tmp_path, sky(jetstream, web))
        lookup = web.answers.pop("/xrpc/app.bsky.actor.getProfiles")
        web.answers["/xrpc/app.bsky.actor.getProfiles"] = lambda query: (
            lookup(query) if "acme.test" in query["actors"] else (400, {"error": "InvalidRequest"})
        )
        jetstream.log.append(written("1", "Acme 1", 1))
        with Listening(path) as listening:
            places = Places(listening.config.data / "live", "sky")
            listening.until(lambda: any("landing" in each for each in listening.seen.cuts))
            assert places.read() == {"jetstream": micros(0)}
            assert listening.posts() == []
            web.answers["/xrpc/app.bsky.actor.getProfiles"] = lookup
            listening.until(lambda: bool(listening.posts()))
            listening.until(lambda: places.read() == {"jetstream": micros(1)})
        assert texts(listening.posts()) == ["Acme 1"]

    def test_a_deletion_of_a_known_post_becomes_its_tombstone_and_others_are_nothing(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        path = configured(tmp_path, sky(jetstream, web))
        data = load_config(path, platforms()).data
        landed(data, "20260101T000000Z-1", polled_post(uri("0"), platform="bluesky"), source="sky")
        jetstream.log.append(written("1", "Acme 1", 1))
        with Listening(path) as listening:
            listening.until(lambda: len(listening.posts()) == 2)
            jetstream.log += [deleted("0", 2), deleted("1", 3), deleted("unknown", 4)]
            listening.until(lambda: len(listening.posts()) == 4)
        gone = [post for _, post in listening.posts() if post.deleted_at is not None]
        assert [(post.post_id, post.text) for post in gone] == [(uri("0"), ""), (uri("1"), "")]
        assert [post.deleted_at for post in gone] == [
            live_stream.moment_of(micros(2)),
            live_stream.moment_of(micros(3)),
        ]
        with open_warehouse(data) as warehouse:
            load_all(warehouse)
            assert rows(warehouse, "select post_id, text from raw.posts order by 1") == [
                (uri("0"), ""),
                (uri("1"), ""),
            ]

    def test_a_post_deleted_within_the_minute_leaves_nothing(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        path = configured(tmp_path, sky(jetstream, web))
        jetstream.log += [
            written("1", "Acme regretted", 1),
            deleted("1", 2),
            written("2", "Acme stays", 3),
        ]
        with Listening(path, LiveSettings(every_seconds=1.0)) as listening:
            listening.until(lambda: bool(listening.posts()))
        assert texts(listening.posts()) == ["Acme stays"]

    def test_an_account_that_goes_takes_its_posts_along(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        jetstream.log += [written("1", "Acme 1", 1), written("2", "Acme 2", 2)]
        with Listening(configured(tmp_path, sky(jetstream, web))) as listening:
            listening.until(lambda: len(listening.posts()) == 2)
            jetstream.log += [
                account_event(ANNA, 3, "throttled"),
                account_event("did:plc:stranger", 4, "deleted"),
                account_event(ANNA, 5, "deleted"),
            ]
            listening.until(lambda: len(listening.posts()) == 4)
        gone = {post.post_id for _, post in listening.posts() if post.deleted_at is not None}
        assert gone == {uri("1"), uri("2")}

    def test_an_edit_that_no_longer_names_us_is_still_heard(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        jetstream.log += [
            written("1", "Acme is late", 1),
            written("1", "they are late", 2, operation="update"),
        ]
        with Listening(configured(tmp_path, sky(jetstream, web))) as listening:
            listening.until(lambda: "they are late" in texts(listening.posts()))

    def test_hostile_frames_end_nothing_and_store_no_strangers(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        broken = written("2", "Acme", 2)
        broken["commit"]["record"]["text"] = {"Acme": 1}
        stranger = written("3", "", 3)
        stranger["commit"]["record"]["text"] = ["somebody's words"]
        future = written("4", "Acme from the future", 4) | {"time_us": 2**62}
        jetstream.log += [
            b"\xff\xfe not JSON",
            b"[" * 100_000,
            b"{}",
            written("1", "Acme \x00 \u202e \U0001f6b2", 1),
            written("6", "Acme \ud800", 2),
            written("7", "a stranger \ud800", 2),
            broken,
            stranger,
            future,
            written("5", "Acme before time", 5) | {"time_us": -5},
        ]
        with Listening(configured(tmp_path, sky(jetstream, web))) as listening:
            listening.until(lambda: len(listening.posts()) >= 3)
        told = texts(listening.posts())
        assert told[1:] == ["Acme from the future", "Acme before time"]
        assert told[0].startswith("Acme ")
        now = datetime.now(UTC)
        assert all(post.observed_at <= now for _, post in listening.posts())
        assert Places(listening.config.data / "live", "sky").read()["jetstream"] <= int(
            now.timestamp() * 1_000_000
        )
        files = Landing(listening.config.data / "landing").files()
        rejected = [each for file in files for each in file.manifest.rejected]
        assert [each.path for each in rejected if not each.payload] == ["$"] * 4
        assert len([each for each in rejected if "Acme" in each.payload]) == 2
        assert not any("somebody" in each.payload for each in rejected)
        assert not any("stranger" in each.payload for each in rejected)
        assert all(len(each.payload) <= 10_000 for each in rejected)
        assert not listening.seen.cuts

    def test_a_message_too_large_cuts_the_line_and_no_more(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        jetstream.log.append(b'"' + b"x" * (live_stream.MAX_FRAME_BYTES + 10) + b'"')
        with Listening(configured(tmp_path, sky(jetstream, web))) as listening:
            listening.until(lambda: len(listening.seen.cuts) >= 2)
            jetstream.log[0] = written("1", "Acme 1", 1)
            listening.until(lambda: bool(listening.posts()))
        assert "more than 1 MB" in listening.seen.cuts[0]

    def test_when_more_waits_than_may_be_held_it_is_landed_at_once(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        jetstream.log += [written(str(n), f"Acme {n}", n / 10) for n in range(40)]
        settings = msgspec.structs.replace(QUICK, every_seconds=600.0, most_posts=10)
        with Listening(configured(tmp_path, sky(jetstream, web)), settings) as listening:
            listening.until(lambda: len(listening.posts()) == 40)
        assert all(count <= 20 for count in listening.seen.landings)

    def test_nor_may_more_be_held_in_memory_than_is_set(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        jetstream.log += [
            written(str(n), f"Acme {n}", n / 10, padding="x" * 100_000) for n in range(40)
        ]
        settings = msgspec.structs.replace(QUICK, every_seconds=600.0, most_bytes=500_000)
        with Listening(configured(tmp_path, sky(jetstream, web)), settings) as listening:
            listening.until(lambda: len(listening.posts()) == 40)
        assert all(count <= 6 for count in listening.seen.landings)

    def test_an_address_inside_the_house_is_not_dialled(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        for address in (jetstream.address, "ws://localhost/subscribe", "http://127.0.0.1/x"):
            given = sky(jetstream, web).replace(jetstream.address, address)
            given = given.replace("allow_private = true", "accounts = []")
            with pytest.raises(SourceRefused):
                live.listen(
                    load_config(configured(tmp_path, given), platforms()),
                    connector_of,
                    live_of,
                    settings=QUICK,
                    seconds=PATIENCE,
                )
        assert jetstream.asked == []

    def test_what_is_no_websocket_says_so(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        given = sky(jetstream, web).replace(
            jetstream.address, web.address.replace("http", "ws") + "/nothing"
        )
        with Listening(configured(tmp_path, given)) as listening:
            deadline = time.monotonic() + PATIENCE
            while listening.error is None:
                assert time.monotonic() < deadline
                time.sleep(0.02)
        assert listening.error.code == "SourceGone"  # type: ignore[attr-defined]


def status(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "uri": f"https://elsewhere.example/users/bob/statuses/{number}",
        "url": f"https://elsewhere.example/@bob/{number}",
        "created_at": (datetime.now(UTC) - timedelta(minutes=1)).isoformat(),
        "edited_at": None,
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "visibility": "public",
        "content": f"<p>number {number} #fiets</p>",
        "reblog": None,
        "account": {"id": "7", "acct": "bob@elsewhere.example", "note": "", "noindex": False},
        "mentions": [],
        "tags": [{"name": "fiets", "url": "https://social.example/tags/fiets"}],
        "favourites_count": 0,
        "reblogs_count": 0,
        "replies_count": 0,
    } | more


def event(name: str, payload: Any) -> bytes:
    data = payload if isinstance(payload, str) else json.dumps(payload)
    return f"event: {name}\ndata: {data}\n\n".encode()


def notice(kind: str, about: dict[str, Any]) -> dict[str, Any]:
    account = {"id": "7", "acct": "bob@elsewhere.example"}
    created = datetime.now(UTC).isoformat()
    return {"id": "n1", "type": kind, "created_at": created, "account": account, "status": about}


class TestMastodon:
    def test_updates_edits_deletions_and_notifications_land(
        self, social: Web, tmp_path: Path
    ) -> None:
        hashtag = social.streams["/api/v1/streaming/hashtag"]
        with Listening(configured(tmp_path, tags(social))) as listening:
            hashtag += [b":thump\n", event("update", status(1)), event("update", status(2))]
            listening.until(lambda: len(listening.posts()) == 2)
            edited = status(1, content="<p>edited</p>", edited_at=datetime.now(UTC).isoformat())
            hashtag += [
                event("status.update", edited),
                event("delete", "2"),
                event("delete", "12345"),
                event("filters_changed", "undefined"),
            ]
            listening.until(lambda: len(listening.posts()) == 4)
            social.streams["/api/v1/streaming/user/notification"] += [
                event("notification", notice("favourite", status(1))),
                event("notification", notice("mention", status(3))),
                event("notification", notice("mention", status(4, visibility="direct"))),
            ]
            listening.until(lambda: len(listening.posts()) == 5)
        found = listening.posts()
        assert [(verb, post.post_id[-1], post.text) for verb, post in found] == [
            ("mentions", "1", "number 1 #fiets"),
            ("mentions", "2", "number 2 #fiets"),
            ("mentions", "1", "edited"),
            ("refresh", "2", ""),
            ("inbox", "3", "number 3 #fiets"),
        ]
        assert found[0][1].aliases == (f"{social.host}/1",)
        assert found[3][1].deleted_at is not None
        assert not any("t0ken" in each for each in social.asked)
        assert set(social.tokens) == {"Bearer t0ken-of-acme"}

    def test_it_is_the_post_that_polling_gives(self, social: Web, tmp_path: Path) -> None:
        from connectors import mastodon as polling_mastodon
        from connectors.testing import client_for
        from pipeline.source import Source

        social.streams["/api/v1/streaming/hashtag"].append(event("update", status(1)))
        with Listening(configured(tmp_path, tags(social))) as listening:
            listening.until(lambda: bool(listening.posts()))
        ((_, heard),) = listening.posts()
        source = Source(
            name="tags",
            platform="mastodon",
            server=social.address,
            tags=("fiets",),
            allow_private=True,
        )
        told = json.loads(heard.payload)
        import httpx

        def server(request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("instance"):
                return httpx.Response(200, json={"domain": "social.example"})
            return httpx.Response(200, json=[] if "max_id" in request.url.params else [told])

        with client_for(polling_mastodon, source, server) as client:
            since = datetime.now(UTC) - timedelta(days=1)
            (polled,) = polling_mastodon.mentions(source, client, since)
        assert isinstance(polled, Post)
        assert heard == msgspec.structs.replace(
            polled, observed_at=heard.observed_at, payload=heard.payload
        )

    def test_what_came_during_a_cut_is_asked_for_on_coming_back(
        self, social: Web, tmp_path: Path
    ) -> None:
        hashtag = social.streams["/api/v1/streaming/hashtag"]
        with Listening(configured(tmp_path, tags(social))) as listening:
            hashtag.append(event("update", status(1)))
            listening.until(lambda: len(listening.posts()) == 1)
            between = status(2, created_at=datetime.now(UTC).isoformat())
            social.answers["/api/v1/timelines/tag/fiets"] = lambda query: (
                [] if "max_id" in query else [between, status(1)]
            )
            hashtag += [None, event("update", between), event("update", status(3))]
            listening.until(lambda: len(listening.posts()) >= 3)
        assert texts(listening.posts()) == [f"number {n} #fiets" for n in (1, 2, 3)]
        assert any("hung up" in each or "cut" in each for each in listening.seen.cuts)

    def test_without_a_token_it_says_what_is_needed(
        self, social: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("MASTODON_ACCESS_TOKEN")
        config = load_config(configured(tmp_path, tags(social)), platforms())
        with pytest.raises(SourceRefused, match="needs an access token"):
            live.listen(config, connector_of, live_of, settings=QUICK, seconds=PATIENCE)

    def test_hostile_events_end_nothing(self, social: Web, tmp_path: Path) -> None:
        hashtag = social.streams["/api/v1/streaming/hashtag"]
        hashtag += [
            event("update", "not JSON"),
            event("update", "[[[[" * 10_000),
            event("update", {"id": "1"}),
            event("delete", '"]}'),
            b"data: no event named\n\n\n\n\nnonsense\r\n\r:\r",
            b"event: update\nda",
            b"ta: " + json.dumps(status(5)).encode()[:40],
            json.dumps(status(5)).encode()[40:] + b"\n",
            b"\n",
        ]
        with Listening(configured(tmp_path, tags(social))) as listening:
            listening.until(lambda: bool(listening.posts()))
        files = Landing(listening.config.data / "landing").files()
        assert len([each for file in files for each in file.manifest.rejected]) == 3

    def test_an_event_without_end_cuts_the_line(self, social: Web, tmp_path: Path) -> None:
        hashtag = social.streams["/api/v1/streaming/hashtag"]
        hashtag += [b"data: " + b"x" * 600_000, b"x" * 600_000, None]
        with Listening(configured(tmp_path, tags(social))) as listening:
            listening.until(lambda: listening.seen.lines.count("tag fiets") == 2 and not hashtag)
            hashtag.append(event("update", status(1)))
            listening.until(lambda: bool(listening.posts()))
        assert any("more than 1 MB" in each for each in listening.seen.cuts)
        assert listening.posts()[0][1].post_id.endswith("/1")


def load_all(warehouse: Warehouse) -> int:
    """Load what has landed; returns how many posts were new."""
    landing = Landing(warehouse.data / "landing")
    files = landing.unloaded(warehouse.loaded_files())
    return sum(warehouse.load(file).new_posts for file in files)


class TestTheNight:
    def test_what_was_heard_moves_no_progress_and_closes_no_gap(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        path = configured(tmp_path, sky(jetstream, web))
        data = load_config(path, platforms()).data
        nights = {"source": "sky", "platform": "bluesky"}
        landed(data, "20260101T041500Z-1", **nights)
        landed(
            data,
            "20260102T041500Z-1",
            asked_from=datetime(2026, 11, 1, tzinfo=UTC),
            asked_through=datetime(2026, 11, 3, tzinfo=UTC),
            status="failed",
            error_code="SourceUnavailable",
            **nights,
        )
        tables = ("progress", "gaps", "http_state", "moves")
        with open_warehouse(data) as warehouse:
            load_all(warehouse)
            before = [rows(warehouse, f"from ops.{name}") for name in tables]
            assert all(before[:2])
        jetstream.cuts = [1]
        jetstream.log += [written("1", "Acme 1", 1), written("2", "Acme 2", 200)]
        with Listening(path) as listening:
            listening.until(lambda: len(listening.posts()) == 2)
        with open_warehouse(data) as warehouse:
            assert load_all(warehouse) == 2
            assert [rows(warehouse, f"from ops.{name}") for name in tables] == before
            assert rows(warehouse, "select distinct source, verb from raw.post_sources") == [
                ("sky-live", "mentions")
            ]
            assert warehouse.progress("sky-live") is None

    def test_polling_adds_what_a_stream_does_not_tell_and_loses_nothing(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        path = configured(tmp_path, sky(jetstream, web))
        data = load_config(path, platforms()).data
        jetstream.log.append(written("1", "Acme 1", 1))
        with Listening(path) as listening:
            listening.until(lambda: bool(listening.posts()))
        ((_, heard),) = listening.posts()
        later = msgspec.structs.replace(
            heard, observed_at=datetime.now(UTC), likes_count=5, replies_count=0
        )
        landed(data, "29990101T000000Z-1", later, source="sky", platform="bluesky")
        with open_warehouse(data) as warehouse:
            load_all(warehouse)
            assert rows(warehouse, "select text, likes_count, replies_count from raw.posts") == [
                ("Acme 1", 5, 0)
            ]


class TestChoosing:
    def test_a_name_that_is_taken_is_told_of(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        twin = sky(jetstream, web).replace('"sky"', '"sky-live"')
        config = load_config(configured(tmp_path, sky(jetstream, web), twin), platforms())
        with pytest.raises(ConfigError, match="there is a source sky-live"):
            live.choose(config, live_of, ())

    def test_what_cannot_be_heard_live_is_told_of(self, tmp_path: Path) -> None:
        given = '[[source]]\nname = "hn"\nplatform = "hackernews"\n'
        config = load_config(configured(tmp_path, given), platforms())
        with pytest.raises(ConfigError, match="no source can be heard live"):
            live.choose(config, live_of, ())
        with pytest.raises(ConfigError, match="hackernews cannot be heard live"):
            live.choose(config, live_of, ("hn",))
        with pytest.raises(ConfigError, match="unknown source 'hm'"):
            live.choose(config, live_of, ("hm",))

    def test_two_do_not_listen_for_one_folder(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        config = load_config(configured(tmp_path, sky(jetstream, web)), platforms())
        with nightly_lock(config.data / LISTENING), pytest.raises(AlreadyRunning):
            live.listen(config, connector_of, live_of, settings=QUICK, seconds=PATIENCE)

    def test_a_night_and_listening_do_not_wait_for_each_other(
        self, network: tuple[Jetstream, Web], tmp_path: Path
    ) -> None:
        jetstream, web = network
        config = load_config(configured(tmp_path, sky(jetstream, web)), platforms())
        with nightly_lock(config.data):
            outcome = live.listen(config, connector_of, live_of, settings=QUICK, seconds=0.5)
        assert outcome.exit_code == 0
