"""The contract of every connector: subclass ``ConnectorContract``, say how the platform answers.

::

    class TestAcme(ConnectorContract):
        platform = "acme"
        source = Source(name="acme", platform="acme", tags=("bike",))

        def element(self, number, created_at, *, private=False): ...   # one item as sent
        def page(self, request, pages): ...                            # the page a request asks for
"""

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import connectors
from connectors.paging import understand
from connectors.testing.asking import Handler, client_for, posts, rejected
from pipeline.errors import LuisterError, PayloadError, RateLimited, SourceUnavailable
from pipeline.post import Post, Read, Rejected
from pipeline.source import Connector, Reply, Source

Element = dict[str, Any]
NEWEST = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LONG_AGO = NEWEST - timedelta(days=365)
_INHERITED = (HealthCheck.differing_executors, HealthCheck.too_slow)
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)


class ConnectorContract:
    """What any connector must do, whatever its platform."""

    platform: ClassVar[str]
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

    @property
    def connector(self) -> Connector:
        return connectors.load(self.platform)

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
            spots = list(places(body))
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

    def test_its_docstring_says_what_it_reads_and_cannot_tell(self) -> None:
        words = self.connector.__doc__ or ""
        for line in ("Reads:", "Access:", "Cannot tell:", "Quirks:"):
            assert line in words


Spot = tuple[str | int, ...]


def places(body: Any, here: Spot = ()) -> Iterator[Spot]:
    """Every place in a JSON value."""
    yield here
    if isinstance(body, dict | list):
        for key, value in body.items() if isinstance(body, dict) else enumerate(body):
            yield from places(value, (*here, key))


def replaced(body: Any, spot: Spot, other: Any) -> Any:
    """The value with another one at a place."""
    if not spot:
        return other
    changed = copy.copy(body)
    changed[spot[0]] = replaced(body[spot[0]], spot[1:], other)
    return changed


def link_of(answer: httpx.Response) -> dict[str, str]:
    """The paging header of an answer."""
    return {"link": answer.headers["link"]} if "link" in answer.headers else {}


def remove(element: Element, dotted: str) -> None:
    """Take the key at ``a.b.c`` out of an element."""
    *path, last = dotted.split(".")
    for key in path:
        element = element[key]
    del element[last]
