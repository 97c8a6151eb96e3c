"""The parts of live listening by themselves: events, lines, what is watched for and remembered."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.sync.server import ServerConnection, serve

from pipeline import live_events, live_socket
from pipeline.errors import (
    LandingError,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.live_line import Cut, Ended, Line, LiveSettings, Message, News, Opened
from pipeline.live_memory import Names, Places, Recent
from pipeline.live_stream import MAX_FRAME_BYTES, Frame, Gone, Heard, Stream
from pipeline.live_watch import Watch
from pipeline.post import Post
from pipeline.session import HttpSettings
from pipeline.source import Source
from tests.misbehaving import Misbehaving, answer
from tests.pipeline.landed import NOW, landed
from tests.pipeline.landed import post as known_post
from tests.pipeline.test_guard import certificate

HTTP = HttpSettings(contact="desk@acme.example", connect_seconds=2.0)


def told(body: bytes, size: int = 7) -> list[tuple[str, bytes]]:
    """The events of an answer that comes in pieces of ``size``; heartbeats are left out."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return [(each.event, each.data) for each in live_events.events(pieces) if each.data]


class TestEvents:
    def test_an_event_has_a_kind_and_data_and_ends_with_an_empty_line(self) -> None:
        body = b"event: update\ndata: {}\n\n:thump\n\ndata:1\ndata:  2\nid: 7\nretry: 9\n\n"
        assert told(body) == [("update", b"{}"), ("", b"1\n 2")]

    def test_what_has_no_data_is_no_event_and_its_kind_is_not_kept(self) -> None:
        assert told(b"event: update\n\ndata: x\n\n") == [("", b"x")]

    def test_an_event_that_does_not_end_is_not_told(self) -> None:
        assert told(b"data: x\n") == []

    def test_heartbeats_are_frames_without_data(self) -> None:
        assert [each.data for each in live_events.events([b":thump\n:thump\n"])] == [b"", b""]

    @given(
        st.lists(st.binary(max_size=20).map(lambda each: each.translate(None, b"\r\n"))),
        st.sampled_from([b"\n", b"\r\n"]),
        st.integers(1, 40),
    )
    def test_it_does_not_matter_how_the_answer_is_cut(
        self, data: list[bytes], end: bytes, size: int
    ) -> None:
        body = b"".join(b"event: e" + end + b"data: " + each + end + end for each in data)
        assert told(body, size) == [("e", each) for each in data if each]

    def test_carriage_returns_alone_end_lines_too(self) -> None:
        assert told(b"data: x\r\rdata: y\r\r\r") == [("", b"x"), ("", b"y")]

    def test_no_line_and_no_event_may_be_endless(self) -> None:
        with pytest.raises(PayloadError, match="a line of more than 1 MB"):
            list(live_events.events(iter([b"x" * 400_000] * 3)))
        lines = b"data: " + b"x" * 1_000 + b"\n"
        with pytest.raises(PayloadError, match="an event of more than 1 MB"):
            list(live_events.events([lines] * 1_000))

    def test_small_events_without_end_are_not_held(self) -> None:
        many = live_events.events([b"data: x\n\n"] * 200_000)
        assert sum(1 for _ in many) == 200_000


def hear_events(url: str, *, allow_private: bool = True) -> list[Frame]:
    stream = Stream(name="s", kind="events", url=url, bearer="t0ken-of-acme")
    return list(
        live_events.frames(stream, url, HTTP, allow_private=allow_private, stop=threading.Event())
    )


def hear_socket(url: str, *, allow_private: bool = True) -> Iterator[Frame]:
    stream = Stream(name="s", kind="socket", url=url)
    return live_socket.frames(
        stream, url, HTTP, allow_private=allow_private, stop=threading.Event()
    )


class TestOpening:
    @pytest.mark.parametrize(
        ("status", "headers", "kind"),
        [
            (200, {"Content-Type": "text/html"}, PayloadError),
            (302, {"Location": "/elsewhere"}, PayloadError),
            (401, {}, SourceRefused),
            (404, {}, SourceGone),
            (429, {"Retry-After": "7"}, RateLimited),
            (503, {}, SourceUnavailable),
        ],
    )
    def test_what_does_not_open_is_one_of_our_errors(
        self,
        server: Misbehaving,
        status: int,
        headers: dict[str, str],
        kind: type[LuisterError],
    ) -> None:
        url = server.on("/live", answer(status, b"", headers))
        with pytest.raises(kind) as caught:
            hear_events(url)
        assert type(caught.value) is kind
        assert "t0ken" not in str(caught.value)
        assert server.asked[0].headers["authorization"] == "Bearer t0ken-of-acme"
        with pytest.raises(kind):
            list(hear_socket(url.replace("http", "ws")))
        assert server.paths() == ["/live", "/live"]

    def test_a_server_that_speaks_nonsense_is_one_of_our_errors(self, server: Misbehaving) -> None:
        url = server.on("/live", lambda line: line.send(b"nonsense\r\n\r\n"))
        with pytest.raises(LuisterError):
            hear_events(url)
        with pytest.raises(LuisterError):
            list(hear_socket(url.replace("http", "ws")))

    def test_a_certificate_that_nobody_signed_is_refused(self, tmp_path: Path) -> None:
        server_end, _ = certificate(tmp_path, name="localhost", days=30)
        with Misbehaving(server_end) as secured:
            with pytest.raises(SourceRefused, match="not to be trusted"):
                list(hear_socket(f"wss://localhost:{secured.port}/"))
            with pytest.raises(SourceRefused, match="not to be trusted"):
                hear_events(f"https://localhost:{secured.port}/")
            assert secured.asked == []

    def test_nobody_there_is_unavailable(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with pytest.raises(SourceUnavailable):
            hear_events(f"http://127.0.0.1:{port}/")
        with pytest.raises(SourceUnavailable):
            list(hear_socket(f"ws://127.0.0.1:{port}/"))

    @pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "localhost", "10.0.0.8"])
    def test_an_address_inside_the_house_is_refused_as_written(self, host: str) -> None:
        with pytest.raises(SourceRefused):
            list(hear_socket(f"wss://{host}/subscribe", allow_private=False))
        with pytest.raises(SourceRefused):
            hear_events(f"https://{host}/", allow_private=False)

    def test_a_name_that_leads_inside_the_house_is_refused_when_dialled(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        with pytest.raises(SourceRefused, match="inside a network"):
            list(hear_socket("wss://jetstream.example/subscribe", allow_private=False))
        with pytest.raises(SourceRefused, match="inside a network"):
            hear_events("https://social.example/", allow_private=False)

    def test_other_schemes_ports_and_user_names_are_refused(self) -> None:
        for url in ("http://jetstream.example/", "file:///etc/passwd", "wss://a:b@c.example/"):
            with pytest.raises(SourceRefused):
                list(hear_socket(url, allow_private=False))
        with pytest.raises(SourceRefused, match="port 22"):
            list(hear_socket("wss://jetstream.example:22/", allow_private=False))

    def test_packed_messages_are_bounded_by_what_they_unpack_to(self) -> None:
        def bomb(line: ServerConnection) -> None:
            line.send("x" * (20 * MAX_FRAME_BYTES))
            time.sleep(1)

        with serve(bomb, "127.0.0.1", 0, compression="deflate", max_size=None) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            port = server.socket.getsockname()[1]
            with pytest.raises(PayloadError, match="more than 1 MB"):
                list(hear_socket(f"ws://127.0.0.1:{port}/"))
            server.shutdown()

    def test_the_proxy_of_the_environment_is_used_where_it_is_trusted(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        named: list[bytes] = []
        with socket.create_server(("127.0.0.1", 0)) as proxy:

            def refuse() -> None:
                line, _ = proxy.accept()
                with line:
                    named.append(line.recv(4096))
                    line.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

            threading.Thread(target=refuse, daemon=True).start()
            for name in ("http_proxy", "HTTP_PROXY"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.getsockname()[1]}")
            for name in ("no_proxy", "NO_PROXY"):
                monkeypatch.setenv(name, "")
            stream = Stream(name="s", kind="socket", url="ws://jetstream.example/subscribe")
            trusting = HttpSettings(trust_environment_proxies=True)
            stop = threading.Event()
            with pytest.raises(LuisterError):
                list(
                    live_socket.frames(stream, stream.url, trusting, allow_private=False, stop=stop)
                )
        assert named[0].startswith(b"CONNECT jetstream.example:80 ")


class Script:
    """A live connector whose frames are places, and its stream's scripted ends."""

    __name__ = "script"

    def streams(self, source: Source, client: Any) -> Sequence[Stream]:
        raise NotImplementedError

    def hear(self, stream: Stream, frame: Frame) -> Heard:
        gone = Gone(at=frame.observed_at, name=frame.data.decode())
        return Heard(place=int(frame.data), told=(gone,))


def news_of(
    monkeypatch: pytest.MonkeyPatch, lines: list[list[int | LuisterError]], **settings: Any
) -> tuple[list[News], list[str]]:
    """What a line tells when it is opened again and again with these frames and ends."""
    asked: list[str] = []
    stop = threading.Event()
    left = iter(lines)

    def frames(stream: Stream, url: str, *_: Any, **__: Any) -> Iterator[Frame]:
        asked.append(url)
        script = next(left, None)
        if script is None:
            stop.set()
            return
        for each in script:
            if isinstance(each, LuisterError):
                raise each
            yield Frame(data=b"" if each < 0 else str(each).encode(), observed_at=NOW)

    monkeypatch.setitem(live_line_frames(), "socket", frames)
    told: queue.Queue[News] = queue.Queue()
    stream = Stream(name="s", kind="socket", url="ws://a.example/?x=1", has_places=True)
    quick = LiveSettings(**{"first_pause_seconds": 0.01, "longest_pause_seconds": 0.05} | settings)
    line = Line(stream, Script(), told, quick, HTTP, place=None, allow_private=False, stop=stop)
    line.start()
    deadline = time.monotonic() + 10
    while not stop.is_set() and time.monotonic() < deadline:
        if any(isinstance(each, Ended) for each in list(told.queue)):
            stop.set()
        time.sleep(0.01)
    return list(told.queue), asked


def live_line_frames() -> Any:
    from pipeline import live_line

    return live_line._FRAMES


CUT = "the line was cut"


class TestLine:
    def test_pauses_grow_and_are_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        told, _ = news_of(monkeypatch, [[SourceUnavailable(CUT)] for _ in range(6)])
        pauses = [each.pause for each in told if isinstance(each, Cut)]
        assert len(pauses) == 6
        for count, pause in enumerate(pauses):
            grown = min(0.01 * 2**count, 0.05)
            assert grown / 2 <= pause <= grown

    def test_a_line_that_stood_for_long_begins_its_pauses_anew(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lines: list[list[int | LuisterError]] = [[-1, SourceUnavailable(CUT)] for _ in range(5)]
        told, _ = news_of(monkeypatch, lines, steady_seconds=0.0)
        assert all(each.pause <= 0.01 for each in told if isinstance(each, Cut))

    def test_a_platform_that_asks_for_a_pause_gets_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told, _ = news_of(monkeypatch, [[RateLimited("slow down", seconds=0.3)]])
        assert [each.pause for each in told if isinstance(each, Cut)] == [0.3]

    def test_it_goes_on_a_little_before_where_it_was(self, monkeypatch: pytest.MonkeyPatch) -> None:
        lines: list[list[int | LuisterError]] = [
            [-1, 7_000_000, 9_000_000, 8_000_000, SourceUnavailable(CUT)],
            [-1, SourceUnavailable(CUT)],
        ]
        told, asked = news_of(monkeypatch, lines)
        assert asked == [
            "ws://a.example/?x=1",
            "ws://a.example/?x=1&cursor=4000000",
            "ws://a.example/?x=1&cursor=4000000",
        ]
        places = [each.heard.place for each in told if isinstance(each, Message)]
        assert places == [7_000_000, 9_000_000, 8_000_000]
        opened = [each.place for each in told if isinstance(each, Opened)]
        assert opened == [None, 9_000_000]

    def test_a_refusal_ends_a_line_that_never_opened_and_only_cuts_one_that_did(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told, _ = news_of(monkeypatch, [[SourceRefused("no")]])
        assert [type(each) for each in told] == [Ended]
        told, _ = news_of(monkeypatch, [[-1, SourceUnavailable(CUT)], [SourceRefused("no")]])
        assert [type(each) for each in told] == [Opened, Cut, Cut]

    def test_a_mistake_of_ours_ends_it_and_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(self: Script, stream: Stream, frame: Frame) -> Heard:
            raise ZeroDivisionError

        monkeypatch.setattr(Script, "hear", broken)
        told, _ = news_of(monkeypatch, [[-1, 1]])
        assert isinstance(told[-1], Ended)
        assert isinstance(told[-1].error, ZeroDivisionError)


def said(text: str = "", **more: Any) -> Post:
    known = {"platform": "bluesky", "post_id": "p", "kind": "post", "observed_at": NOW}
    return Post(**known | {"text": text} | more)


class TestWatch:
    source = Source(
        name="sky",
        platform="bluesky",
        terms=("Acme", '"Albert Heijn"', "#vlug"),
        tags=("#Fiets",),
        accounts=("@Acme.test",),
    )

    @pytest.mark.parametrize(
        ("post", "verb"),
        [
            (said("ACME is late"), "mentions"),
            (said("an acmeist"), None),
            (said("see https://x.example/acme"), None),
            (said("bij albert  heijn"), "mentions"),
            (said("bij", tags=("albertheijn",)), "mentions"),
            (said("vlug!"), "mentions"),
            (said("", tags=("fiets",)), "mentions"),
            (said("", tags=("fietsen",)), None),
            (said("", title="Acme"), "mentions"),
            (said("", mentions=("did:plc:acme",)), "inbox"),
            (said("", mentions=("acme.test",)), "inbox"),
            (said("", parent_author_id="did:plc:acme"), "inbox"),
            (said("", root_id="at://did:plc:acme/app.bsky.feed.post/1"), "inbox"),
            (said("", quoted_id="at://did:plc:acme/app.bsky.feed.post/1"), "inbox"),
            (said("", root_id="at://did:plc:acmeist/app.bsky.feed.post/1"), None),
            (said("Acme", author_id="did:plc:acme"), "timeline"),
            (said(""), None),
        ],
    )
    def test_by_which_verb_polling_would_have_found_it(self, post: Post, verb: str | None) -> None:
        assert Watch(self.source, ("did:plc:acme", "acme.test")).verb_of(post) == verb

    def test_only_what_the_source_wants(self) -> None:
        import msgspec

        only = msgspec.structs.replace(self.source, verbs=("mentions",))
        watch = Watch(only, ("did:plc:acme",))
        assert watch.verb_of(said("", author_id="did:plc:acme")) is None
        assert watch.verb_of(said("", mentions=("did:plc:acme",))) == "mentions"
        threads = msgspec.structs.replace(self.source, verbs=("thread",))
        assert Watch(threads, ()).verb_of(said("Acme", mentions=("acme.test",))) is None

    def test_nothing_to_look_for_finds_nothing(self) -> None:
        watch = Watch(Source(name="n", platform="bluesky"), ())
        assert watch.verb_of(said("Acme", mentions=("acme.test", ""))) is None


class TestMemory:
    def test_names_come_from_what_has_landed_on_this_platform(self, tmp_path: Path) -> None:
        post = known_post("https://a.example/1", aliases=("a.example/1",))
        landed(tmp_path, "1", post, known_post("x", platform="x"))
        (tmp_path / "landing" / "social" / "broken.json").write_text("{}")
        (tmp_path / "landing" / "social" / "broken.parquet").write_text("no")
        names = Names("mastodon")
        names.look(tmp_path / "landing")
        assert names.of(Gone(at=NOW, name="a.example/1")) == ["https://a.example/1"]
        assert names.of(Gone(at=NOW, name="https://a.example/1")) == ["https://a.example/1"]
        assert names.of(Gone(at=NOW, name="x")) == []
        landed(tmp_path, "2", known_post("https://a.example/2"))
        names.look(tmp_path / "landing")
        assert "https://a.example/2" in names

    def test_all_posts_of_an_author_are_known_by_the_author(self) -> None:
        names = Names("bluesky", most=3)
        for post_id in ("at://did:a/p/0", "at://did:a/p/1", "at://did:b/p/1", "at://did:a/p/2"):
            names.add(post_id, ())
        assert names.of(Gone(at=NOW, author_id="did:a")) == ["at://did:a/p/1", "at://did:a/p/2"]
        assert names.of(Gone(at=NOW, author_id="did:c")) == []

    def test_the_oldest_names_are_forgotten_first(self, tmp_path: Path) -> None:
        for run in ("1", "2", "3"):
            landed(tmp_path, run, known_post(f"p{run}"))
        names = Names("mastodon", most=2)
        names.look(tmp_path / "landing")
        assert [name in names for name in ("p1", "p2", "p3")] == [False, True, True]

    def test_what_came_lately_is_bounded_too(self) -> None:
        recent = Recent(most=2)
        assert [recent.is_repeat(said(post_id=name)) for name in "abac"] == [
            False,
            False,
            True,
            False,
        ]
        assert recent.is_repeat(said(post_id="a"))
        assert not recent.is_repeat(said(post_id="b"))
        assert not recent.is_repeat(said(post_id="a", payload="other"))

    def test_places_are_kept_and_a_damaged_file_begins_anew(self, tmp_path: Path) -> None:
        places = Places(tmp_path / "live", "sky")
        assert places.read() == {}
        places.write({"jetstream": 7})
        assert Places(tmp_path / "live", "sky").read() == {"jetstream": 7}
        assert places.path.parent.stat().st_mode & 0o077 == 0
        places.path.write_text('{"jetstream": "x"')
        assert places.read() == {}

    def test_a_folder_that_cannot_be_written_is_told_of(self, tmp_path: Path) -> None:
        (tmp_path / "live").write_text("a file")
        with pytest.raises(LandingError):
            Places(tmp_path / "live", "sky").write({})


def test_a_stream_shows_no_token() -> None:
    stream = Stream(name="s", kind="events", url="https://a.example/", bearer="t0ken-of-acme")
    assert "t0ken" not in f"{stream!r} {stream}"
