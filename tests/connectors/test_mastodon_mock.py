"""Mastodon against a server that nobody here wrote: mastodon_mock, over real HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import httpx
import pytest
from mastodon_mock.config import DatabaseConfig, MastodonMockConfig, SeedAccount, SeedConfig
from mastodon_mock.testing.server import MockServer

from connectors import mastodon
from connectors.testing import client_for, gaps, posts
from pipeline.errors import PayloadError, RateLimited, SourceRefused, SourceUnavailable
from pipeline.http import Usage
from pipeline.post import Post, Read
from pipeline.source import Source

NAMES = ("fietsfabriek", "anna", "kees", "mila")
COMPANY = "token-of-fietsfabriek"
LONG_AGO = datetime.now(UTC) - timedelta(days=30)
TAGGED = 45
SAID = 50


class Town(NamedTuple):
    """A server with a company and three people, who talked."""

    base: str
    http: httpx.Client
    ids: dict[str, str]

    def call(self, name: str, method: str, path: str, **body: Any) -> Any:
        headers = {"authorization": f"Bearer token-of-{name}"}
        url = f"{self.base}/api/v1{path}"
        answer = self.http.request(method, url, headers=headers, json=body or None)
        assert answer.status_code < 400, answer.text
        return answer.json()

    def say(self, name: str, text: str, **more: Any) -> dict[str, Any]:
        said = {"visibility": "public", "language": "nl", "status": text} | more
        answer: dict[str, Any] = self.call(name, "POST", "/statuses", **said)
        return answer

    def fault(self, path: str, count: int = 1, **effect: Any) -> None:
        rule = {"match": {"path": path}, "count": count, "effect": effect}
        self.http.post(f"{self.base}/api/v1/_mock/faults", json=rule)

    def source(self, **more: Any) -> Source:
        return Source(
            name="town", platform="mastodon", server=self.base, allow_private=True, **more
        )

    def ask(self, verb: str, *rest: Any, token: str = "", **more: Any) -> list[Read]:
        return self.ask_and_count(verb, *rest, token=token, **more)[0]

    def ask_and_count(
        self, verb: str, *rest: Any, token: str = "", **more: Any
    ) -> tuple[list[Read], Usage]:
        source = self.source(**more)
        secrets = {"MASTODON_ACCESS_TOKEN": token} if token else {}
        with client_for(mastodon, source, None, **secrets) as client:
            return list(getattr(mastodon, verb)(source, client, *rest)), client.usage


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    accounts = [SeedAccount(username=each, access_token=f"token-of-{each}") for each in NAMES]
    config = MastodonMockConfig(
        database=DatabaseConfig(path=":memory:"), seed=SeedConfig(accounts=accounts)
    )
    with MockServer(config=config) as server, httpx.Client(trust_env=False) as http:
        settled = Town(f"http://127.0.0.1:{server.port}", http, {})
        _talk(settled)
        yield settled


def _talk(town: Town) -> None:
    for number in range(TAGGED):
        town.say("anna", f"rit {number} door de polder #fietsen")
    question = town.say("kees", "@fietsfabriek mijn ketting piept, wat nu?")
    current = question
    for number, name in enumerate(("fietsfabriek", "kees") * 3):
        text = f"@{'kees' if name == 'fietsfabriek' else 'fietsfabriek'} druppel olie {number}"
        current = town.say(name, text, in_reply_to_id=current["id"])
    aside = town.say("mila", "@kees hier piept hij ook", in_reply_to_id=question["id"])
    town.call("fietsfabriek", "POST", f"/statuses/{aside['id']}/reblog")
    for number in range(SAID):
        town.say("fietsfabriek", f"de fabriek draait, dag {number}")
    secret = town.say("mila", "@fietsfabriek mijn klantnummer is 12", visibility="direct")
    town.ids.update(
        question=question["id"], leaf=current["id"], aside=aside["id"], secret=secret["id"]
    )


def known(town: Town, status_id: str) -> Post:
    host = town.base.removeprefix("http://")
    return Post(
        platform="mastodon",
        post_id=f"known-{status_id}",
        kind="post",
        observed_at=LONG_AGO,
        native_id=status_id,
        aliases=(f"{host}/{status_id}",),
    )


def test_mentions_by_tag_come_over_two_pages_without_a_token(town: Town) -> None:
    found = posts(town.ask("mentions", LONG_AGO, tags=("fietsen",)))
    assert len(found) == len({post.post_id for post in found}) == TAGGED
    assert {post.tags for post in found} == {("fietsen",)}
    assert {(post.author_handle or "").partition("@")[0] for post in found} == {"anna"}


def test_mentions_by_word_are_searched_with_a_token(town: Town) -> None:
    reads = town.ask("mentions", LONG_AGO, terms=("piept",), token=COMPANY)
    assert {post.native_id for post in posts(reads)} == {town.ids["question"], town.ids["aside"]}
    assert gaps(reads) == []


def test_a_search_this_server_cannot_page_leaves_a_gap(town: Town) -> None:
    reads = town.ask("mentions", LONG_AGO, terms=("polder",), token=COMPANY)
    assert len(posts(reads)) == 40
    (gap,) = gaps(reads)
    assert gap.gap_from == LONG_AGO


def test_a_timeline_has_posts_replies_and_the_boost_with_what_it_boosts(town: Town) -> None:
    found = posts(town.ask("timeline", LONG_AGO, accounts=("fietsfabriek",)))
    kinds = [post.kind for post in found]
    assert (kinds.count("post"), kinds.count("repost")) == (SAID, 1)
    boost = next(post for post in found if post.kind == "repost")
    boosted = next(post for post in found if post.post_id == boost.reposted_id)
    assert boosted.native_id == town.ids["aside"]
    replies = [post for post in found if post.kind == "reply" and post is not boosted]
    assert len(replies) == 3
    assert all((post.parent_author_id or "").startswith("kees@") for post in replies)


def test_the_inbox_holds_what_addresses_the_company_and_keeps_no_secrets(town: Town) -> None:
    found = posts(town.ask("inbox", LONG_AGO, token=COMPANY))
    open_ones = [post for post in found if post.is_keepable]
    assert len(open_ones) == 4
    assert {post.native_id for post in found if not post.is_keepable} == {town.ids["secret"]}


def test_a_thread_asked_for_at_its_end_comes_whole(town: Town) -> None:
    found = {
        post.native_id: post for post in posts(town.ask("thread", known(town, town.ids["leaf"])))
    }
    assert len(found) == 8
    assert town.ids["aside"] in found
    root = found[town.ids["question"]]
    parents = {alias for post in found.values() for alias in post.aliases}
    assert all(post.parent_id in parents for post in found.values() if post is not root)


def test_one_429_is_waited_out_and_the_page_asked_for_again(town: Town) -> None:
    town.fault("/api/v1/timelines/tag/fietsen", type="ratelimit", headers={"Retry-After": "1"})
    reads, usage = town.ask_and_count("mentions", LONG_AGO, tags=("fietsen",))
    assert len(posts(reads)) == TAGGED
    assert usage.retries == 1
    assert usage.rate_limited_seconds == 1.0


def test_a_429_longer_than_the_night_ends_the_source(town: Town) -> None:
    town.fault("/api/v1/notifications", type="ratelimit", headers={"Retry-After": "86400"})
    with pytest.raises(RateLimited) as error:
        town.ask("inbox", LONG_AGO, token=COMPANY)
    assert error.value.seconds == 86400


def test_a_server_that_falls_over_is_unavailable(town: Town) -> None:
    town.fault("/api/v1/notifications", count=2, type="status", status=503)
    with pytest.raises(SourceUnavailable):
        town.ask("inbox", LONG_AGO, token=COMPANY)


@pytest.mark.fault(19)
def test_half_an_answer_is_a_payload_error(town: Town) -> None:
    town.fault("/api/v1/notifications", type="malformed")
    with pytest.raises(PayloadError, match="not the JSON promised"):
        town.ask("inbox", LONG_AGO, token=COMPANY)


def test_a_wrong_token_is_refused_and_not_shown(town: Town) -> None:
    with pytest.raises(SourceRefused) as error:
        town.ask("inbox", LONG_AGO, token="not-a-token-of-anybody")
    assert "not-a-token-of-anybody" not in str(error.value)


def test_refresh_sees_edits_and_deletions(town: Town) -> None:
    edited = town.say("anna", "de tipo")
    deleted = town.say("anna", "weg ermee")
    town.call("anna", "PUT", f"/statuses/{edited['id']}", status="de typo")
    town.call("anna", "DELETE", f"/statuses/{deleted['id']}")
    asked = [known(town, edited["id"]), known(town, deleted["id"])]
    found = {post.native_id: post for post in posts(town.ask("refresh", asked))}
    assert (found[edited["id"]].text, found[edited["id"]].deleted_at) == ("de typo", None)
    assert found[edited["id"]].edited_at is not None
    assert found[deleted["id"]].deleted_at is not None
