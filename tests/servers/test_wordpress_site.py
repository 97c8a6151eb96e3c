"""A real WordPress: hundreds of posts, a long thread, changes in it, and being asked to wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors import wordpress
from connectors.testing import posts
from pipeline.http import HttpSettings, open_client
from pipeline.pace import Pace
from pipeline.post import Post
from pipeline.source import Source
from tests.servers.wordpress import Site, site

pytestmark = pytest.mark.servers
ARTICLES = 500
REPLIES = 60
START = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
LONG_AGO = START - timedelta(days=30)


@pytest.fixture(scope="module")
def blog() -> Iterator[Site]:
    with site() as running:
        yield running


def ask(blog: Site, verb: str, *rest: Any) -> tuple[list[Post], float]:
    """What a verb gives, and the seconds that the site asked us to wait."""
    source = Source(
        name="blog",
        platform="wordpress",
        urls=(blog.address,),
        allow_private=True,
        requests_per_minute=60_000,
    )
    with open_client(source, wordpress, HttpSettings(), pace=Pace()) as client:
        found = posts(list(getattr(wordpress, verb)(source, client, *(rest or (LONG_AGO,)))))
        return found, client.usage.rate_limited_seconds


def numbers(found: Sequence[Post]) -> set[int]:
    return {int(post.native_id or 0) for post in found}


@pytest.fixture(scope="module")
def articles(blog: Site) -> list[int]:
    made = (
        blog.article(f"Bericht {each}", START + timedelta(minutes=each)) for each in range(ARTICLES)
    )
    return [each["id"] for each in made]


@pytest.fixture(scope="module")
def conversation(blog: Site, articles: Sequence[int]) -> list[int]:
    """Comments under one article: every second answers the one before."""
    made: list[int] = []
    for each in range(REPLIES):
        at = START + timedelta(days=2, minutes=each)
        parent = made[-1] if each % 2 else 0
        made.append(blog.comment(articles[0], f"Reactie {each}", at, parent)["id"])
    return made


def test_every_one_of_five_hundred_posts_is_read(blog: Site, articles: Sequence[int]) -> None:
    found, _ = ask(blog, "timeline")
    assert len({post.post_id for post in found}) == len(found)
    assert numbers(found) >= set(articles)


def test_a_rate_limit_on_the_way_loses_nothing(blog: Site, articles: Sequence[int]) -> None:
    blog.limit(2)
    found, waited = ask(blog, "timeline")
    assert numbers(found) >= set(articles)
    assert waited > 0


def test_a_thread_is_read_whole_with_who_answers_whom(
    blog: Site, articles: Sequence[int], conversation: Sequence[int]
) -> None:
    (first, *_) = [post for post in ask(blog, "timeline")[0] if post.native_id == str(articles[0])]
    found, _ = ask(blog, "thread", first)
    comments = [post for post in found if post.kind != "article"]
    assert numbers(comments) == set(conversation)
    answers = {post.native_id: post.parent_id for post in comments if post.kind == "reply"}
    host = blog.address.removeprefix("http://")
    assert len(answers) == REPLIES // 2
    assert answers[str(conversation[1])] == f"{host}/comment/{conversation[0]}"


def test_what_is_edited_and_deleted_is_seen_when_asked_again(
    blog: Site, conversation: Sequence[int]
) -> None:
    known, _ = ask(blog, "inbox")
    of_it = [post for post in known if int(post.native_id or 0) in set(conversation)]
    edited, deleted = conversation[2], conversation[-1]
    blog.call("POST", f"comments/{edited}", content="Reactie, nu beter")
    blog.call("DELETE", f"comments/{deleted}?force=true")
    now, _ = ask(blog, "refresh", of_it)
    by_number = {int(post.native_id or 0): post for post in now}
    assert by_number.keys() == set(conversation)
    assert by_number[edited].text == "Reactie, nu beter"
    assert [each for each, post in by_number.items() if post.deleted_at] == [deleted]
    assert by_number[deleted].text == ""
