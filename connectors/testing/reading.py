"""Reading a list: every post once, in UTC, as it was sent, from any place on, and no further."""

import json
from datetime import timedelta

import httpx
import pytest

from connectors.testing.asked import NEWEST, Asked, Element
from connectors.testing.asking import posts, rejected
from pipeline.errors import PayloadError


class Reading(Asked):
    """What is read, and where reading goes on."""

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

    # Going on where it stopped

    def test_a_restart_from_any_post_gives_all_that_is_newer(self) -> None:
        pages = [
            self.elements(900 - 100 * index, 2, NEWEST - timedelta(hours=index))
            for index in range(3)
        ]
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


def remove(element: Element, dotted: str) -> None:
    """Take the key at ``a.b.c`` out of an element."""
    *path, last = dotted.split(".")
    for key in path:
        element = element[key]
    del element[last]
