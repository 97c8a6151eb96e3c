"""The contract of every connector: subclass ``ConnectorContract``, say how the platform answers.

::

    class TestAcme(ConnectorContract):
        platform = "acme"
        source = Source(name="acme", platform="acme", tags=("bike",))
        promised = "author.id"
        recordings = Path(__file__).parent / "recordings"              # optional: replies kept

        def element(self, number, created_at, *, private=False): ...   # one item as sent
        def page(self, request, pages): ...                            # the page a request asks for

``RecordingContract`` alone is for a connector that asks no server, or reads many kinds of replies.
"""

import email.utils
import html
import json
import logging
import traceback
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import connectors
from connectors.markup import clean
from connectors.paging import understand
from connectors.testing.asking import Handler, client_for, posts, rejected, until_error
from connectors.testing.mutations import (
    CHANGES,
    HOSTILE,
    Change,
    Recordings,
    Spot,
    check_change,
    check_right,
    files_of,
    outcome_of,
    places,
    recording,
    replaced,
)
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post, Read, Rejected
from pipeline.source import Connector, Reply, Source

Element = dict[str, Any]
NEWEST = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LONG_AGO = NEWEST - timedelta(days=365)
_INHERITED = (HealthCheck.differing_executors, HealthCheck.too_slow)
_WORDS = ("text", "title")
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)


class RecordingContract:
    """What any connector must make of recorded replies, as they are and with one thing changed."""

    platform: ClassVar[str]
    recordings: ClassVar[Recordings | None] = None
    """A folder of payload files or a list of them: bare bodies or envelopes."""
    may_be_missing: ClassVar[Mapping[str, str]] = {}
    """Keys whose loss may cost posts in silence, each with its reason (``key`` or ``thread.key``).
    """
    exempt: ClassVar[Mapping[str, str]] = {}
    """Tests that this platform cannot meet: the name of each, and why."""

    @pytest.fixture(autouse=True)
    def _exempt(self, request: pytest.FixtureRequest) -> None:
        reason = self.exempt.get(request.function.__name__)
        if reason is not None:
            pytest.skip(reason)

    @property
    def connector(self) -> Connector:
        return connectors.load(self.platform)

    def test_every_exemption_names_a_test_and_a_reason(self) -> None:
        for name, reason in self.exempt.items():
            assert callable(getattr(self, name))
            assert reason
        assert all(self.may_be_missing.values())

    def test_every_recording_gives_right_posts_or_a_typed_error(self) -> None:
        for path in self._recorded():
            check_right(outcome_of(self.connector, recording(path).reply).reads)

    @settings(max_examples=150, deadline=None, suppress_health_check=_INHERITED)
    @given(change=CHANGES)
    def test_a_recording_with_one_thing_changed_never_gives_less_in_silence(
        self, change: Change
    ) -> None:
        check_change(self.connector, self._recorded(), change, self.may_be_missing)

    def _recorded(self) -> Sequence[Path]:
        paths = [] if self.recordings is None else files_of(self.recordings)
        if not paths:
            pytest.skip("no recordings")
        return paths


class ConnectorContract(RecordingContract):
    """What any connector must do, whatever its platform."""

    source: ClassVar[Source]
    verb: ClassVar[str] = "mentions"
    secrets: ClassVar[Mapping[str, str]] = {}
    promised: ClassVar[str]
    """A key every element has: without it the element is rejected."""
    can_be_private: ClassVar[bool] = True

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        """One item as the platform sends it; a higher number is newer."""
        raise NotImplementedError

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        """What the platform answers when its list holds these pages; -1 turns back to the first."""
        raise NotImplementedError

    # What is asked

    def elements(self, first: int, count: int, newest: datetime = NEWEST) -> list[Element]:
        return [
            self.element(first - index, newest - timedelta(minutes=index)) for index in range(count)
        ]

    def ask(self, handler: Handler, since: datetime = LONG_AGO) -> list[Read]:
        with client_for(self.connector, self.source, handler, **self.secrets) as client:
            return list(getattr(self.connector, self.verb)(self.source, client, since))

    def ask_pages(
        self, pages: Sequence[Sequence[Element]], since: datetime = LONG_AGO
    ) -> list[Read]:
        return self.ask(lambda request: self.page(request, pages), since)

    # The contract

    def test_every_post_comes_once_though_pages_overlap(self) -> None:
        both = self.elements(900, 4)
        ids = [post.post_id for post in posts(self.ask_pages([both[:3], both[2:]]))]
        assert len(ids) == len(set(ids)) == 4

    def test_a_second_reading_gives_the_same(self) -> None:
        pages = [self.elements(900, 3), self.elements(800, 2, NEWEST - timedelta(hours=1))]
        first, second = (posts(self.ask_pages(pages)) for _ in range(2))
        assert [post.post_id for post in first] == [post.post_id for post in second]
        assert len(first) == 5

    def test_times_are_aware_and_in_utc(self) -> None:
        (post,) = posts(self.ask_pages([[self.element(900, NEWEST)]]))
        assert post.created_at == NEWEST
        for moment in (post.created_at, post.observed_at):
            assert moment is not None
            assert moment.utcoffset() == timedelta(0)

    def test_the_payload_is_kept_as_it_was_sent(self) -> None:
        sent: list[str] = []

        def handler(request: httpx.Request) -> httpx.Response:
            answer = self.page(request, [[self.element(900, NEWEST)]])
            sent.append(answer.text)
            return answer

        (post,) = posts(self.ask(handler))
        assert post.payload
        assert any(post.payload in body for body in sent)

    def test_platform_and_names_are_filled(self) -> None:
        (post,) = posts(self.ask_pages([[self.element(900, NEWEST)]]))
        assert post.platform == self.platform
        assert post.post_id
        assert post.author_id

    def test_the_second_page_is_followed(self) -> None:
        older = self.elements(800, 2, NEWEST - timedelta(hours=1))
        found = posts(self.ask_pages([self.elements(900, 2), older]))
        assert len(found) == 4

    def test_no_page_is_asked_for_beyond_since(self) -> None:
        new, old = self.elements(900, 2), self.elements(800, 2, NEWEST - timedelta(days=3))
        never = self.elements(700, 2, NEWEST - timedelta(days=30))
        found = posts(self.ask_pages([new, old, never], since=NEWEST - timedelta(days=1)))
        assert {post.created_at for post in found} >= {NEWEST}
        assert min(post.created_at for post in found if post.created_at) > NEWEST - timedelta(
            days=9
        )

    def test_an_element_without_a_promised_key_is_set_apart_and_the_others_are_read(self) -> None:
        whole, broken = self.elements(900, 2)
        remove(broken, self.promised)
        reads = self.ask_pages([[whole, broken]])
        (odd,) = rejected(reads)
        assert len(posts(reads)) == 1
        assert self.promised.rpartition(".")[2] in odd.reason + odd.path
        assert odd.path.startswith("$")
        assert json.loads(odd.payload) == broken

    def test_private_posts_are_never_keepable(self) -> None:
        if not self.can_be_private:
            pytest.skip("this platform gives no private posts")
        open_one = self.element(900, NEWEST)
        private = self.element(899, NEWEST, private=True)
        found = posts(self.ask_pages([[open_one, private]]))
        assert [post.is_keepable for post in found].count(True) == 1

    def test_a_page_that_leads_back_to_itself_ends(self) -> None:
        pages = [self.elements(900, 2), self.elements(800, 2)]
        calls = 0

        def turning(request: httpx.Request) -> httpx.Response:
            nonlocal calls
            calls += 1
            assert calls < 50, "paging goes round for ever"
            return self.page(request, [*pages, "again"])  # type: ignore[list-item]

        with pytest.raises(PayloadError, match="does not advance"):
            self.ask(turning)

    def test_429_becomes_rate_limited_with_its_seconds(self) -> None:
        with pytest.raises(RateLimited) as error:
            self.ask(lambda _: httpx.Response(429, headers={"retry-after": "86400"}))
        assert error.value.seconds == 86400

    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_5xx_becomes_unavailable(self, status: int) -> None:
        with pytest.raises(SourceUnavailable):
            self.ask(lambda _: httpx.Response(status, text="<html>oops</html>"))

    @pytest.mark.parametrize(
        "body", ["<html><form>Please sign in</form></html>", "", '{"cut": [1, ', "[1, 2", "null"]
    )
    def test_a_page_that_is_no_answer_is_a_payload_error(self, body: str) -> None:
        with pytest.raises(PayloadError):
            self.ask(lambda _: httpx.Response(200, text=body))

    @settings(max_examples=40, deadline=None, suppress_health_check=_INHERITED)
    @given(body=ANY_JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=200))
    def test_whatever_comes_is_read_or_becomes_a_typed_error(self, body: bytes) -> None:
        reply = Reply(url="https://a.example/", body=body, observed_at=NEWEST)
        try:
            reads = list(understand(self.connector, [reply]))
        except LuisterError:
            return
        assert all(isinstance(each, Post | Rejected) for each in reads)

    @settings(max_examples=60, deadline=None, suppress_health_check=_INHERITED)
    @given(place=st.integers(0, 10_000), other=ANY_JSON)
    def test_an_answer_with_one_odd_value_ends_in_posts_or_a_typed_error(
        self, place: int, other: Any
    ) -> None:
        pages = [self.elements(900, 2), self.elements(800, 2)]

        def odd(request: httpx.Request) -> httpx.Response:
            try:
                answer = self.page(request, pages)
            except (ValueError, LookupError):
                return httpx.Response(400, text="no such page")
            body = answer.json()
            spots = [spot for spot, _ in places(body)]
            at = spots[place % len(spots)]
            return httpx.Response(200, json=replaced(body, at, other), headers=link_of(answer))

        try:
            self.ask(odd)
        except LuisterError:
            return

    def test_hostile_nesting_becomes_a_typed_error(self) -> None:
        for body in (b"[" * 5_000 + b"]" * 5_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000):
            reply = Reply(url="https://a.example/", body=body, observed_at=NEWEST)
            with pytest.raises(LuisterError):
                list(understand(self.connector, [reply]))

    # Going on where it stopped

    def test_a_restart_from_any_post_gives_all_that_is_newer(self) -> None:
        pages = [self.elements(900 - 100 * index, 2, _hours_ago(index)) for index in range(3)]
        known = {post.post_id: post.created_at for post in posts(self.ask_pages(pages))}
        assert len(known) == 6
        for since in filter(None, known.values()):
            newer = {name for name, moment in known.items() if moment and moment > since}
            again = {post.post_id for post in posts(self.ask_pages(pages, since=since))}
            assert newer <= again

    def test_a_time_to_come_gives_nothing_new_and_no_error(self) -> None:
        to_come = NEWEST + timedelta(days=400)
        assert self.ask_pages([[]], since=to_come) == []
        old = self.ask_pages([self.elements(900, 2)], since=to_come)
        assert not rejected(old)
        assert all(post.created_at and post.created_at < to_come for post in posts(old))

    # What goes wrong on the way

    @pytest.mark.parametrize(
        ("status", "error"),
        [(401, SourceRefused), (403, SourceRefused), (404, SourceGone), (410, SourceGone)],
    )
    def test_a_refusal_becomes_the_right_error(
        self, status: int, error: type[LuisterError]
    ) -> None:
        with pytest.raises(error):
            self.ask(lambda _: httpx.Response(status, text="no"))

    def test_429_with_a_date_becomes_rate_limited_with_its_seconds(self) -> None:
        tomorrow = email.utils.format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)
        with pytest.raises(RateLimited) as error:
            self.ask(lambda _: httpx.Response(429, headers={"retry-after": tomorrow}))
        assert error.value.seconds == pytest.approx(86_400, abs=120)

    @pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
    def test_a_body_that_is_cut_off_is_an_error(self, share: float) -> None:
        def cut(request: httpx.Request) -> httpx.Response:
            answer = self.page(request, [self.elements(900, 3)])
            whole = answer.content
            return httpx.Response(200, content=whole[: int(len(whole) * share)])

        with pytest.raises(LuisterError):
            self.ask(cut)

    @pytest.mark.parametrize(
        "broken", [httpx.ConnectError, httpx.ReadError, httpx.ReadTimeout, "in the middle"]
    )
    def test_a_connection_that_breaks_is_unavailable(self, broken: Any) -> None:
        def breaking(request: httpx.Request) -> httpx.Response:
            if broken == "in the middle":
                return httpx.Response(200, stream=_Breaking())
            raise broken("connection reset by peer", request=request)

        with pytest.raises(SourceUnavailable):
            self.ask(breaking)

    # What is said

    @pytest.mark.parametrize("name", list(HOSTILE))
    def test_a_hostile_text_is_kept_as_words(self, name: str) -> None:
        spot, field, is_html = self._place_of_words()
        words = HOSTILE[name]
        given = html.escape(words) if is_html else words
        (post,) = posts(self.ask_pages([[replaced(self.element(900, NEWEST), spot, given)]]))
        check_right([post])
        shown, expected = getattr(post, field), clean(words)
        assert expected in shown or (len(shown) > 60_000 and shown[:60_000] in expected)

    def _place_of_words(self) -> tuple[Spot, str, bool]:
        """Where an element has its words, what they become, and whether they are HTML: by trying.

        A title counts where there is no text.
        """
        element = self.element(900, NEWEST)
        marker = "zwaan &lt;7&gt;"
        kept: dict[str, tuple[Spot, str, bool]] = {}
        for spot in [spot for spot, value in places(element) if isinstance(value, str) and spot]:
            try:
                found = posts(self.ask_pages([[replaced(element, spot, marker)]]))
            except (LuisterError, LookupError, ValueError, TypeError, AttributeError):
                continue
            for field, words in ((name, getattr(post, name)) for post in found for name in _WORDS):
                if "zwaan <7>" in (words or "") or marker in (words or ""):
                    kept.setdefault(field, (spot, field, marker not in words))
        if not kept:
            pytest.skip("an element has no words")
        return kept.get("text") or kept["title"]

    # What must stay secret

    def test_no_secret_is_in_posts_errors_or_logs(
        self, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ) -> None:
        caplog.set_level(logging.DEBUG)
        written = [repr(self.ask_pages([self.elements(900, 3)]))]
        for status in (200, 302, 401, 403, 404, 429, 500):
            _, error = until_error(iter(self._asking_what_echoes(status)))
            written += [repr(error), str(error), *traceback.format_exception(error)]
        written += [caplog.text, *capfd.readouterr()]
        for secret in self.secrets.values():
            assert not any(secret in text for text in written)

    def _asking_what_echoes(self, status: int) -> Iterator[Read]:
        """A server that sends back all it was sent, as a page for people who look for mistakes."""

        def echoing(request: httpx.Request) -> httpx.Response:
            seen = f"{request.url} {dict(request.headers)} {request.content!r}"
            return httpx.Response(status, text=f"<pre>{seen}</pre>")

        yield from self.ask(echoing)

    def test_its_docstring_says_what_it_reads_and_cannot_tell(self) -> None:
        words = self.connector.__doc__ or ""
        for line in ("Reads:", "Access:", "Cannot tell:", "Quirks:"):
            assert line in words


def _hours_ago(hours: int) -> datetime:
    return NEWEST - timedelta(hours=hours)


class _Breaking(httpx.SyncByteStream):
    """A body whose line breaks after its first bytes."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'[{"id": '
        raise httpx.ReadError("connection reset by peer")


def link_of(answer: httpx.Response) -> dict[str, str]:
    """The paging header of an answer."""
    return {"link": answer.headers["link"]} if "link" in answer.headers else {}


def remove(element: Element, dotted: str) -> None:
    """Take the key at ``a.b.c`` out of an element."""
    *path, last = dotted.split(".")
    for key in path:
        element = element[key]
    del element[last]
