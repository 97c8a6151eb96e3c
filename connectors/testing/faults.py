"""What goes wrong: refusals, lines that break, bodies that are none, values nobody expects."""

import email.utils
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.paging import understand
from connectors.testing.asked import INHERITED, NEWEST, Asked
from connectors.testing.mutations import places, replaced
from connectors.testing.thorough import examples
from pipeline.errors import (
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post, Rejected
from pipeline.source import Reply

ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)


class Faults(Asked):
    """Each becomes a right post, a rejected item or the right one of our errors."""

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

    @settings(max_examples=examples(40), deadline=None, suppress_health_check=INHERITED)
    @given(body=ANY_JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=200))
    def test_whatever_comes_is_read_or_becomes_a_typed_error(self, body: bytes) -> None:
        reply = Reply(url="https://a.example/", body=body, observed_at=NEWEST)
        try:
            reads = list(understand(self.connector, [reply]))
        except LuisterError:
            return
        assert all(isinstance(each, Post | Rejected) for each in reads)

    @settings(max_examples=examples(60), deadline=None, suppress_health_check=INHERITED)
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


class _Breaking(httpx.SyncByteStream):
    """A body whose line breaks after its first bytes."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'[{"id": '
        raise httpx.ReadError("connection reset by peer")


def link_of(answer: httpx.Response) -> dict[str, str]:
    """The paging header of an answer."""
    return {"link": answer.headers["link"]} if "link" in answer.headers else {}
