"""Jobs of compliance: ids go up, what is gone comes down, and X is asked in between, slowly."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors import x
from connectors.testing import client_for
from connectors.x_jobs import POLL_SECONDS, POLLS
from pipeline.errors import SourceRefused, SourceUnavailable
from pipeline.post import Post, Read, Rejected, StillThere
from pipeline.source import Reply, Source
from tests.connectors.test_x import number

NOW = datetime.now(UTC)
STORE = "https://storage.googleapis.com/compliance"
SIGNED = "X-Goog-Signature=5igned0ff"


def job(status: str, at: str = "7", **more: Any) -> dict[str, Any]:
    return {
        "id": at,
        "type": "tweets",
        "name": "luister",
        "status": status,
        "created_at": NOW.isoformat(),
        "upload_url": f"{STORE}/{at}/submission?{SIGNED}",
        "download_url": f"{STORE}/{at}/delivery?{SIGNED}",
        "download_expires_at": (NOW + timedelta(days=7)).isoformat(),
    } | more


def line(name: str, reason: str = "deleted", **more: Any) -> dict[str, Any]:
    born = datetime.fromtimestamp(((int(name) >> 22) + 1_288_834_974_657) / 1000, UTC)
    told = {"id": name, "action": "delete", "created_at": born.isoformat(), "reason": reason}
    return told | more


class X:
    """X and the store behind it: a job is at work for so many questions, then finds its lines."""

    def __init__(
        self,
        *lines: dict[str, Any],
        busy: int = 2,
        ends: str = "complete",
        jobs: Sequence[dict[str, Any]] = (),
        upload: int = 200,
        before: str = "complete",
    ) -> None:
        self.lines, self.busy, self.ends = lines, busy, ends
        self.jobs, self.upload, self.before = jobs, upload, before
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path
        if request.method == "PUT":
            return httpx.Response(
                self.upload, text="<Error>late</Error>" if self.upload > 299 else ""
            )
        if path.endswith("/delivery"):
            return httpx.Response(200, text="\n".join(map(json.dumps, self.lines)))
        if path.endswith("/jobs"):
            if request.method == "POST":
                return httpx.Response(200, json={"data": job("created")})
            found = {"data": list(self.jobs)} if self.jobs else {}
            return httpx.Response(200, json={**found, "meta": {"result_count": len(self.jobs)}})
        self.busy -= 1
        at = path.rpartition("/")[2]
        ends = self.ends if at == "7" else self.before
        return httpx.Response(
            200, json={"data": job("in_progress" if self.busy >= 0 else ends, at)}
        )

    @property
    def steps(self) -> list[str]:
        return [f"{each.method} {each.url.path.rpartition('/')[2]}" for each in self.asked]


def stored(name: str, **more: Any) -> Post:
    return Post(platform="x", post_id=name, kind="post", observed_at=NOW, text="woorden", **more)


def told(handler: X, *posts: Post, **options: Any) -> list[Read | StillThere]:
    source = Source(name="x", platform="x", options=options or {"compliance": True})
    with client_for(x, source, handler, X_BEARER_TOKEN="t0ken") as client:
        return list(x.gone(source, client, posts))


def gone(handler: X, *posts: Post, **options: Any) -> list[Read | StillThere]:
    return [each for each in told(handler, *posts, **options) if not isinstance(each, StillThere)]


def there(handler: X, *posts: Post) -> list[str]:
    found = [each for each in told(handler, *posts) if isinstance(each, StillThere)]
    assert all(each.platform == "x" and each.observed_at >= NOW for each in found)
    return [each.post_id for each in found]


FIRST, SECOND, THIRD = (number(NOW - timedelta(days=days)) for days in (3, 2, 1))


def test_what_is_gone_leaves_its_name_and_time() -> None:
    redacted = NOW - timedelta(hours=5)
    server = X(line(FIRST, redacted_at=redacted.isoformat()), line(THIRD, "protected"))
    found = gone(server, stored(FIRST), stored(SECOND), stored(THIRD))
    first, third = [each for each in found if isinstance(each, Post)]
    assert (first.post_id, first.text, first.deleted_at) == (FIRST, "", redacted)
    assert (third.post_id, third.deleted_at) == (THIRD, third.observed_at)


def test_ids_are_handed_over_without_the_token_and_fetched_when_ready() -> None:
    server = X(line(FIRST), busy=2)
    gone(server, stored(FIRST), stored(SECOND, native_id=THIRD))
    assert server.steps == [
        *("GET jobs", "POST jobs", "PUT submission"),
        *("GET 7", "GET 7", "GET 7", "GET delivery"),
    ]
    (put,) = [each for each in server.asked if each.method == "PUT"]
    assert put.content.decode().split() == [FIRST, THIRD]
    assert put.headers["content-type"] == "text/plain"
    with_token = {each.url.host for each in server.asked if "authorization" in each.headers}
    assert with_token == {"api.x.com"}


def test_a_post_without_its_place_and_an_account_are_no_posts_of_ours() -> None:
    other = number(NOW - timedelta(days=9))
    account = line("1170025343920402432") | {"created_at": "2012-01-01T00:00:00Z"}
    kept = line(SECOND, "scrub_geo", action="scrub_geo")
    assert gone(X(line(other), account, kept), stored(FIRST), stored(SECOND)) == []


def test_nothing_is_gone() -> None:
    assert gone(X(), stored(FIRST)) == []


def test_what_is_not_in_the_list_is_still_there() -> None:
    known = (stored(FIRST), stored(SECOND, native_id=THIRD))
    assert there(X(line(FIRST)), *known) == [SECOND]
    assert there(X(line(THIRD)), *known) == [FIRST]
    assert there(X(), *known) == [FIRST, SECOND]


def test_a_list_that_is_not_understood_or_of_other_posts_confirms_nothing() -> None:
    odd = line(SECOND, created_at="yesterday")
    assert [type(each) for each in told(X(odd), stored(FIRST))] == [Rejected]
    assert there(X(busy=POLLS + 1), stored(FIRST)) == []
    slow = X(busy=POLLS + 1, jobs=[job("complete", "9")])
    assert there(slow, stored(FIRST)) == []
    assert "GET delivery" in slow.steps


def test_a_job_under_way_is_waited_for_before_an_own_one_is_begun() -> None:
    server = X(line(FIRST), jobs=[job("expired", "5"), job("in_progress", "6")])
    assert there(server, stored(FIRST), stored(SECOND)) == [SECOND]
    assert server.steps == [
        *("GET jobs", "GET 6", "GET 6", "GET 6", "GET delivery"),
        *("POST jobs", "PUT submission", "GET 7", "GET delivery"),
    ]


@pytest.mark.parametrize(("ends", "begun"), [("failed", 1), ("in_progress", 0)])
def test_one_that_fails_is_in_nobodys_way_and_one_that_never_ends_is(ends: str, begun: int) -> None:
    server = X(jobs=[job("in_progress", "6")], before=ends)
    assert there(server, stored(FIRST)) == [FIRST] * begun
    assert server.steps.count("POST jobs") == begun


def test_what_a_night_did_not_wait_for_is_read_by_the_next() -> None:
    slow = X(line(FIRST), busy=POLLS + 1)
    assert gone(slow, stored(FIRST)) == []
    assert slow.steps.count("GET 7") == POLLS
    old = job("complete", "5", created_at="2026-01-01T00:00:00Z")
    others = job("complete", "6", name="somebody")
    over = job("complete", "4", download_expires_at="2026-01-01T00:00:00Z")
    next_night = X(line(FIRST), jobs=[over, old, job("complete", "9"), others])
    assert len(gone(next_night, stored(FIRST))) == 2
    read = [each.url.path for each in next_night.asked if each.url.path.endswith("delivery")]
    assert read == ["/compliance/9/delivery", "/compliance/7/delivery"]


@pytest.mark.parametrize("status", ["failed", "expired"])
def test_a_job_that_fails_is_told(status: str) -> None:
    with pytest.raises(SourceUnavailable, match=status):
        gone(X(busy=1, ends=status), stored(FIRST))


def test_an_upload_that_is_refused_shows_no_signature() -> None:
    with pytest.raises(SourceRefused) as refused:
        told(X(upload=403), stored(FIRST))
    error = refused.value
    assert "5igned0ff" not in f"{error} {error.where} {error!r}"


def test_x_is_left_alone_while_a_job_is_at_work() -> None:
    def told(data: Any) -> Reply:
        return Reply(url="", body=json.dumps({"data": data}).encode(), observed_at=NOW)

    assert x.pause(told(job("created"))) == POLL_SECONDS
    assert x.pause(told(job("in_progress"))) == POLL_SECONDS
    assert x.pause(told(job("complete"))) is None
    assert x.pause(told([job("in_progress")])) is None
    assert x.pause(told({"id": "1", "text": 'about "upload_url"'})) is None


def test_only_who_wants_it_makes_jobs() -> None:
    server = X(line(FIRST))
    assert gone(server, stored(FIRST), archive=False) == []
    assert server.asked == []
