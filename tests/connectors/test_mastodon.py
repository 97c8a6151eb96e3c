"""Mastodon, spoken by a server that is a function."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

import httpx
import msgspec
import pytest

from connectors import mastodon
from connectors.paging import understand
from connectors.testing import (
    LONG_AGO,
    NEWEST,
    ConnectorContract,
    Element,
    client_for,
    gaps,
    posts,
    rejected,
    until_error,
)
from pipeline.errors import (
    AccountGone,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
)
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

SERVER = "https://social.example"
SOURCE = Source(name="tags", platform="mastodon", server=SERVER, tags=("fiets",))
WITH_TOKEN = {"MASTODON_ACCESS_TOKEN": "t0ken"}


def account(acct: str = "anna", **more: Any) -> dict[str, Any]:
    name = acct.partition("@")[0]
    return {
        "id": f"id-{acct}",
        "acct": acct,
        "username": name,
        "display_name": name.title(),
        "url": f"{SERVER}/@{acct}",
        "note": "",
        "bot": False,
        "created_at": "2020-01-02T00:00:00.000Z",
        "followers_count": 12,
        "following_count": 3,
        "statuses_count": 99,
        "noindex": False,
    } | more


def status(number: int, created_at: datetime = NEWEST, **more: Any) -> Element:
    return {
        "id": str(number),
        "uri": f"{SERVER}/users/anna/statuses/{number}",
        "url": f"{SERVER}/@anna/{number}",
        "created_at": created_at.isoformat().replace("+00:00", "Z"),
        "edited_at": None,
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "reblog": None,
        "quote": None,
        "content": "<p>hello</p>",
        "spoiler_text": "",
        "visibility": "public",
        "language": "nl",
        "mentions": [],
        "tags": [],
        "media_attachments": [],
        "card": None,
        "poll": None,
        "favourites_count": 1,
        "reblogs_count": 2,
        "replies_count": 0,
        "account": account(),
    } | more


class Server:
    """A Mastodon server with lists at paths; remembers what it was asked."""

    def __init__(
        self, lists: dict[str, Sequence[Element]] | None = None, *, page: int = 40
    ) -> None:
        self.lists = dict(lists or {})
        self.answers: dict[str, Any] = {"/api/v2/instance": {"domain": "social.example"}}
        self.page = page
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(str(request.url).removeprefix(SERVER))
        if path in self.lists:
            return self._list(request, self.lists[path])
        answer = self.answers.get(path)
        if isinstance(answer, httpx.Response):
            return answer
        if answer is None:
            return httpx.Response(404, json={"error": "Record not found"})
        return httpx.Response(200, json=answer(request) if callable(answer) else answer)

    def _list(self, request: httpx.Request, elements: Sequence[Element]) -> httpx.Response:
        max_id = request.url.params.get("max_id")
        below = [each for each in elements if max_id is None or int(each["id"]) < int(max_id)]
        page = below[: self.page]
        link = f'<{SERVER}{request.url.path}?max_id={page[-1]["id"]}>; rel="next"' if page else ""
        return httpx.Response(200, json=page, headers={"link": link} if link else {})


def ask(
    server: Callable[[httpx.Request], httpx.Response],
    verb: str,
    *rest: Any,
    source: Source = SOURCE,
    token: bool = False,
) -> list[Read]:
    with client_for(mastodon, source, server, **(WITH_TOKEN if token else {})) as client:
        return list(getattr(mastodon, verb)(source, client, *rest))


def understood(elements: Sequence[Element]) -> list[Post]:
    url, body = f"{SERVER}/api/v1/accounts/1/statuses", json.dumps(elements).encode()
    return posts(list(understand(mastodon, [Reply(url=url, body=body, observed_at=NEWEST)])))


def read_one(element: Element, **reply: Any) -> Post:
    body = json.dumps(element).encode()
    given = Reply(url=f"{SERVER}/api/v1/statuses/1", body=body, observed_at=NEWEST, **reply)
    return posts(list(understand(mastodon, [given])))[0]


class TestContract(ConnectorContract):
    platform = "mastodon"
    source = SOURCE
    promised = "account.acct"

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return status(number, created_at, visibility="private" if private else "public")

    def page(self, request: httpx.Request, pages: Sequence[Any]) -> httpx.Response:
        if request.url.path == "/api/v2/instance":
            return httpx.Response(200, json={"domain": "social.example"})
        number = int(request.url.params.get("max_id", "0"))
        if pages[number] == "again":
            number = 0
        relation = "prev" if number + 1 == len(pages) else "next"
        link = f'<{SERVER}/?max_id={number + 1}>; rel="{relation}"'
        return httpx.Response(200, json=pages[number], headers={"link": link})


class TestUnderstanding:
    def test_a_post_of_a_local_account_is_named_with_its_server(self) -> None:
        post = read_one(status(7))
        assert post.post_id == f"{SERVER}/users/anna/statuses/7"
        assert post.native_id == "7"
        assert post.aliases == ("social.example/7",)
        assert post.author_id == post.author_handle == "anna@social.example"
        assert (post.kind, post.text, post.language) == ("post", "hello", "nl")
        assert (post.likes_count, post.reposts_count, post.replies_count) == (1, 2, 0)
        assert post.quotes_count is None
        assert post.author_followers_count == 12

    def test_a_remote_account_keeps_its_own_server_in_lower_case(self) -> None:
        post = read_one(status(7, account=account("Anna@Other.Example")))
        assert post.author_id == "anna@other.example"

    def test_a_reply_names_its_parent_by_the_id_of_this_server(self) -> None:
        answered = {"id": "id-bob", "acct": "bob", "url": f"{SERVER}/@bob"}
        post = read_one(
            status(7, in_reply_to_id="6", in_reply_to_account_id="id-bob", mentions=[answered])
        )
        assert (post.kind, post.parent_id) == ("reply", "social.example/6")
        assert post.parent_author_id == "bob@social.example"
        assert post.mentions == ("bob@social.example",)

    def test_the_author_of_a_parent_is_unknown_when_nobody_names_it(self) -> None:
        post = read_one(status(7, in_reply_to_id="6", in_reply_to_account_id="id-carol"))
        assert post.parent_author_id is None

    def test_who_answers_oneself_is_named_as_parent(self) -> None:
        post = read_one(status(7, in_reply_to_id="6", in_reply_to_account_id="id-anna"))
        assert post.parent_author_id == "anna@social.example"

    def test_a_boost_has_no_words_and_brings_the_post_it_boosts(self) -> None:
        inner = status(5, account=account("bob@other.example"))
        outer = status(7, reblog=inner, uri=f"{SERVER}/users/anna/statuses/7/activity")
        body = json.dumps([outer]).encode()
        reply = Reply(url=f"{SERVER}/api/v1/accounts/1/statuses", body=body, observed_at=NEWEST)
        boost, boosted = posts(list(understand(mastodon, [reply])))
        assert (boost.kind, boost.text, boost.likes_count) == ("repost", "", None)
        assert boost.reposted_id == boosted.post_id == inner["uri"]
        assert boosted.author_id == "bob@other.example"
        assert json.loads(boosted.payload) == inner

    def test_a_boost_may_share_the_address_of_what_it_boosts(self) -> None:
        inner = status(5, account=account("bob@other.example"))
        outer = status(7, reblog=inner, uri=inner["uri"], url=inner["uri"])
        boost, boosted = understood([outer])
        assert (boost.kind, boost.post_id) == ("repost", "social.example/7")
        assert boost.reposted_id == boosted.post_id == inner["uri"]
        assert (boosted.kind, boosted.author_id) == ("post", "bob@other.example")

    def test_an_id_that_a_boost_shares_names_what_it_boosts(self) -> None:
        outer = status(5, reblog=status(5), uri=f"{SERVER}/anna/d/5/Announce")
        boost, boosted = understood([outer])
        assert (boost.post_id, boost.aliases) == (outer["uri"], ())
        assert boost.reposted_id == boosted.post_id
        assert boosted.aliases == ("social.example/5",)

    def test_a_boost_without_any_name_of_its_own_leaves_what_it_boosts(self) -> None:
        inner = status(5, account=account("bob@other.example"))
        [boosted] = understood([status(5, reblog=inner)])
        assert (boosted.kind, boosted.author_id) == ("post", "bob@other.example")

    def test_a_boost_answers_nobody(self) -> None:
        of_whom = {"in_reply_to_id": "5", "in_reply_to_account_id": "id-anna"}
        boost, _ = understood([status(7, reblog=status(5), **of_whom)])
        assert (boost.kind, boost.parent_id, boost.parent_author_id) == ("repost", None, None)

    def test_what_a_server_knows_by_its_address_only(self) -> None:
        first, second = "https://b.example/objects/1", "https://b.example/objects/2"
        more = {"in_reply_to_id": "_", "in_reply_to_account_id": "_"}
        answer = read_one(status(7, akkoma={"in_reply_to_apid": first}, **more))
        assert (answer.kind, answer.parent_id, answer.parent_author_id) == ("reply", first, None)
        quoting = read_one(status(7, akkoma={"quote_apid": second}, quote_id="_"))
        assert (quoting.kind, quoting.quoted_id) == ("quote", second)

    @pytest.mark.parametrize(
        ("visibility", "local_only", "told"),
        [
            ("public", True, "private"),
            ("unlisted", True, "private"),
            ("direct", True, "direct"),
            ("public", False, "public"),
            ("public", None, "public"),
            ("local", None, "private"),
        ],
    )
    def test_what_stays_on_its_server_is_not_for_everybody(
        self, visibility: str, local_only: bool | None, told: str
    ) -> None:
        element = status(7, visibility=visibility, local_only=local_only)
        assert read_one(element).visibility == told

    @pytest.mark.parametrize("told", ["login", "limited", "personal", 7])
    def test_what_is_called_public_may_be_for_some(self, told: Any) -> None:
        assert not read_one(status(7, visibility="public", visibility_ex=told)).is_keepable

    @pytest.mark.parametrize("told", ["public", "public_unlisted", "unlisted", None])
    def test_a_second_word_for_public_is_public(self, told: str | None) -> None:
        assert read_one(status(7, visibility="public", visibility_ex=told)).is_keepable

    @pytest.mark.parametrize(
        "odd",
        [
            {"pleroma": []},
            {"pleroma": [{"quote": 1}]},
            {"akkoma": "x"},
            {"pleroma": {"quote": "x", "quotes_count": "many", "quote_url": 7}},
            {"local_only": "false"},
            {"quote_id": ["5"]},
            {"in_reply_to_id": "3", "akkoma": {"in_reply_to_apid": 7}},
        ],
    )
    def test_what_is_oddly_told_beside_a_status_is_unknown(self, odd: Element) -> None:
        found = understood([status(9), status(8, **odd), status(7)])
        assert [each.native_id for each in found] == ["9", "8", "7"]
        assert (found[1].quoted_id, found[1].quotes_count) == (None, None)
        assert found[1].is_keepable

    def test_a_quote_beside_that_names_nothing_leaves_the_status(self) -> None:
        assert read_one(status(7, pleroma={"quote": {"id": "5"}})).native_id == "7"

    def test_a_quote_by_number_points_to_an_alias(self) -> None:
        assert read_one(status(7, quote_id=5)).quoted_id == "social.example/5"

    @pytest.mark.parametrize("tag", ["<a ", "<p ", "<span "])
    def test_tags_without_an_end_take_no_time(self, tag: str) -> None:
        begun = monotonic()
        quoting = status(7, content=tag * 20_000 + "href=", quote=status(5))
        assert read_one(quoting).links == ()
        assert monotonic() - begun < 1

    @pytest.mark.parametrize(("count", "told"), [(-1, None), (0, 0), (3, 3)])
    def test_a_hidden_number_of_followers_is_unknown(self, count: int, told: int | None) -> None:
        element = status(7, account=account() | {"followers_count": count})
        assert read_one(element).author_followers_count == told

    def test_a_picture_may_have_no_words(self) -> None:
        picture = {"description": "a bike"}
        post = read_one(status(7, content=None, media_attachments=[picture]))
        assert (post.kind, post.text, post.deleted_at) == ("post", "a bike", None)

    def test_a_quote_leaves_out_the_link_for_old_readers(self) -> None:
        inner = status(5)
        content = f'<p class="quote-inline">RE: <a href="{inner["url"]}">x</a></p><p>look</p>'
        quote = {"state": "accepted", "quoted_status": inner}
        post = read_one(status(7, content=content, quote=quote))
        assert (post.kind, post.quoted_id, post.text, post.links) == (
            "quote",
            inner["uri"],
            "look",
            (),
        )

    @pytest.mark.parametrize("place", ["quote", "pleroma"])
    def test_what_forks_quote_is_told_and_read_too(self, place: str) -> None:
        inner = status(5, content="<p>first</p>")
        outer = status(
            7, **({"quote": inner} if place == "quote" else {"pleroma": {"quote": inner}})
        )
        url = f"{SERVER}/api/v1/statuses/7"
        reply = Reply(url=url, body=json.dumps(outer).encode(), observed_at=NEWEST)
        quoting, quoted = posts(list(understand(mastodon, [reply])))
        assert (quoting.kind, quoting.quoted_id) == ("quote", inner["uri"])
        assert (quoted.kind, quoted.post_id, quoted.text) == ("post", inner["uri"], "first")

    @pytest.mark.parametrize(
        ("more", "quoted_id"),
        [
            (
                {"pleroma": {"quote_url": "https://b.example/objects/1"}},
                "https://b.example/objects/1",
            ),
            ({"pleroma": {"quote": None}, "quote_id": "5"}, "social.example/5"),
            ({"pleroma": {"quote": None, "quote_url": None}}, None),
        ],
    )
    def test_a_quote_that_is_only_named(self, more: Element, quoted_id: str | None) -> None:
        post = read_one(status(7, **more))
        assert (post.quoted_id, post.kind) == (quoted_id, "quote" if quoted_id else "post")

    def test_the_link_for_old_readers_may_be_in_parts(self) -> None:
        parts = '<span class="invisible">https://</span><span class="">a.example/1</span>'
        link = (
            f'<span class="quote-inline"><br>QT: <a href="https://a.example/1">{parts}</a></span>'
        )
        content = f"<p>look {link} here</p>"
        post = read_one(status(7, content=content, quote=status(5)))
        assert (post.text, post.links) == ("look here", ())

    def test_a_server_may_tell_who_is_answered_and_how_often_it_was_quoted(self) -> None:
        beside = {"in_reply_to_account_acct": "Kim@b.example", "quotes_count": 2}
        more = {"in_reply_to_id": "3", "in_reply_to_account_id": "id-kim", "pleroma": beside}
        post = read_one(status(7, **more))
        assert (post.parent_author_id, post.quotes_count) == ("kim@b.example", 2)

    def test_a_quote_by_id_alone_points_to_an_alias(self) -> None:
        post = read_one(status(7, quote={"state": "accepted", "quoted_status_id": "5"}))
        assert post.quoted_id == "social.example/5"

    @pytest.mark.parametrize("state", ["revoked", "pending", "deleted", "unauthorized"])
    def test_a_quote_that_was_not_allowed_is_an_ordinary_post(self, state: str) -> None:
        post = read_one(status(7, quote={"state": state, "quoted_status": None}))
        assert (post.kind, post.quoted_id) == ("post", None)

    @pytest.mark.parametrize("state", ["muted_account", "blocked_account", "blocked_domain"])
    def test_whom_the_reader_does_not_want_to_see_is_quoted_all_the_same(self, state: str) -> None:
        inner = status(5)
        post = read_one(status(7, quote={"state": state, "quoted_status": inner}))
        assert (post.kind, post.quoted_id) == ("quote", inner["uri"])
        post = read_one(status(7, quote={"state": state, "quoted_status_id": "5"}))
        assert post.quoted_id == "social.example/5"

    @pytest.mark.parametrize("is_quote", [False, True])
    def test_sharkey_says_no_more_than_whether_there_is_a_quote(self, is_quote: bool) -> None:
        post = read_one(status(7, quote=is_quote))
        assert (post.kind, post.quoted_id) == ("post", None)
        post = read_one(status(7, quote=is_quote, quote_id="5"))
        assert (post.kind, post.quoted_id) == ("quote", "social.example/5")

    def test_text_holds_warning_words_poll_and_descriptions(self) -> None:
        post = read_one(
            status(
                7,
                spoiler_text="rant",
                content="<p>one<br>two</p>",
                poll={"options": [{"title": "yes"}, {"title": "no"}]},
                media_attachments=[{"description": "a red bike"}, {"description": None}],
            )
        )
        assert post.text == "rant\none\ntwo\nyes\nno\na red bike"

    def test_what_a_block_quotes_is_marked_as_anothers(self) -> None:
        content = "<blockquote><p>Acme is useless</p></blockquote><p>Not at all</p>"
        assert read_one(status(7, content=content)).text == "> Acme is useless\n\nNot at all"

    def test_links_are_those_of_the_text_and_the_card_without_people_and_tags(self) -> None:
        content = (
            f'<p><a class="u-url mention" href="{SERVER}/@bob">@bob</a>'
            f' <a class="mention hashtag" href="{SERVER}/tags/fiets">#fiets</a>'
            ' <a href="https://other.example/tags/trein" rel="nofollow tag">#trein</a>'
            ' <a href="https://shop.example/a">shop</a> <a href="javascript:x()">x</a></p>'
        )
        post = read_one(status(7, content=content, card={"url": "https://shop.example/b"}))
        assert post.links == ("https://shop.example/a", "https://shop.example/b")

    def test_tags_are_lower_case_and_come_once(self) -> None:
        tags = [{"name": "Fiets"}, {"name": "fiets"}, {"name": "Nl"}]
        assert read_one(status(7, tags=tags)).tags == ("fiets", "nl")

    @pytest.mark.parametrize(
        ("given", "kept"),
        [("public", True), ("unlisted", True), ("private", False), ("direct", False), ("x", False)],
    )
    def test_only_what_everybody_may_read_is_keepable(self, given: str, kept: bool) -> None:
        assert read_one(status(7, visibility=given)).is_keepable is kept

    @pytest.mark.parametrize(
        ("more", "opted_out"),
        [
            ({"noindex": True}, True),
            ({"discoverable": False}, True),
            ({"note": "<p>#<span>nobot</span> please</p>"}, True),
            ({"note": "#NoIndex"}, True),
            ({"noindex": False, "indexable": False}, False),
            ({"noindex": None, "discoverable": None}, None),
        ],
    )
    def test_an_author_can_ask_to_be_left_out(
        self, more: dict[str, Any], opted_out: bool | None
    ) -> None:
        assert read_one(status(7, account=account(**more))).author_opted_out is opted_out

    @pytest.mark.parametrize(
        ("indexable", "opted_out"), [(False, True), (True, False), (None, False)]
    )
    def test_a_source_can_listen_to_those_alone_who_agreed_to_be_found(
        self, indexable: bool | None, opted_out: bool
    ) -> None:
        about = account(indexable=indexable, discoverable=True)
        tagged = Server({f"/api/v1/timelines/tag/{SOURCE.tags[0]}": [status(7, account=about)]})
        source = msgspec.structs.replace(SOURCE, options={"indexable_only": True})
        (post,) = posts(ask(tagged, "mentions", LONG_AGO, source=source))
        assert post.author_opted_out is opted_out

    def test_bots_and_groups_are_no_people(self) -> None:
        assert read_one(status(7, account=account(bot=True))).author_is_bot is True
        assert read_one(status(7, account=account(group=True))).author_is_bot is True
        assert read_one(status(7)).author_is_bot is False

    def test_an_edit_keeps_the_id_and_tells_its_time(self) -> None:
        post = read_one(status(7, edited_at="2026-11-21T09:00:00+01:00"))
        assert post.edited_at == datetime(2026, 11, 21, 8, tzinfo=UTC)

    def test_the_answer_to_a_deletion_is_a_tombstone(self) -> None:
        element = status(7, text="1 < 2")
        del element["content"]
        post = read_one(element)
        assert (post.text, post.deleted_at) == ("1 < 2", NEWEST)

    def test_a_time_without_zone_is_not_guessed(self) -> None:
        element = status(7, created_at=NEWEST) | {"created_at": "2026-11-20T12:00:00"}
        reply = Reply(
            url=f"{SERVER}/api/v1/statuses/7", body=json.dumps(element).encode(), observed_at=NEWEST
        )
        (odd,) = rejected(list(understand(mastodon, [reply])))
        assert odd.path == "$.created_at"

    def test_what_is_found_and_is_no_status_is_told(self) -> None:
        found = {"accounts": [], "hashtags": [], "statuses": [{"id": "7", "account": account()}]}
        reply = Reply(url="", body=json.dumps(found).encode(), observed_at=NEWEST)
        (odd,) = rejected(list(understand(mastodon, [reply])))
        assert (odd.path, "uri" in odd.reason) == ("$.statuses[0]", True)


class TestMentions:
    def test_every_tag_is_asked_for_alone(self) -> None:
        server = Server(
            {
                "/api/v1/timelines/tag/fiets": [status(3), status(2)],
                "/api/v1/timelines/tag/trein": [status(3), status(1)],
            }
        )
        source = Source(name="t", platform="mastodon", server=SERVER, tags=("fiets", "trein"))
        found = posts(ask(server, "mentions", LONG_AGO, source=source))
        assert [post.native_id for post in found] == ["3", "2", "1"]

    def test_a_tag_cannot_lead_to_another_path(self) -> None:
        server = Server({"/api/v1/timelines/tag/../c#/é": []})
        source = Source(name="t", platform="mastodon", server=SERVER, tags=("#../c#/é",))
        assert ask(server, "mentions", LONG_AGO, source=source) == []
        assert server.asked[1].startswith("/api/v1/timelines/tag/..%2Fc%23%2F%C3%A9?")

    def test_words_need_a_token_and_without_one_nothing_is_silently_empty(self) -> None:
        source = Source(name="t", platform="mastodon", server=SERVER, terms=("Gazelle",))
        with pytest.raises(SourceRefused, match="searching words needs an access token"):
            ask(Server(), "mentions", LONG_AGO, source=source)

    def test_search_walks_by_offset(self) -> None:
        found_there = [status(number) for number in range(90, 0, -1)]

        def search(request: httpx.Request) -> Any:
            offset = int(request.url.params["offset"])
            return {"statuses": found_there[offset : offset + 40], "accounts": [], "hashtags": []}

        server = Server()
        server.answers["/api/v2/search"] = search
        source = Source(name="t", platform="mastodon", server=SERVER, terms=("Gazelle",))
        reads = ask(server, "mentions", LONG_AGO, source=source, token=True)
        assert len(posts(reads)) == 90
        assert gaps(reads) == []

    def test_a_search_goes_on_behind_a_page_of_which_something_is_left_out(self) -> None:
        """Servers find what was deleted meanwhile too, and what the reader muted, and drop it."""
        found_there = [status(number) for number in range(90, 0, -1)]
        hidden = {"81", "44", "2"}

        def search(request: httpx.Request) -> Any:
            offset = int(request.url.params["offset"])
            page = [each for each in found_there[offset : offset + 40] if each["id"] not in hidden]
            return {"statuses": page, "accounts": [], "hashtags": []}

        server = Server()
        server.answers["/api/v2/search"] = search
        source = Source(name="t", platform="mastodon", server=SERVER, terms=("Gazelle",))
        reads = ask(server, "mentions", LONG_AGO, source=source, token=True)
        assert len(posts(reads)) == 87
        assert gaps(reads) == []

    @pytest.mark.parametrize(
        "hidden", [range(5, 60), range(38), range(39, 75), range(1, 80), range(5, 290)]
    )
    @pytest.mark.parametrize("most", [40, 20])
    def test_a_search_goes_on_behind_a_page_of_which_nearly_all_is_left_out(
        self, hidden: range, most: int
    ) -> None:
        count = max(100, len(hidden) + 20)
        found_there = [status(number) for number in range(count)]

        def search(request: httpx.Request) -> Any:
            offset = int(request.url.params["offset"])
            counted = list(enumerate(found_there))[offset : offset + most]
            page = [each for number, each in counted if most < 40 or number not in hidden]
            return {"statuses": page, "accounts": [], "hashtags": []}

        server = Server()
        server.answers["/api/v2/search"] = search
        source = Source(name="t", platform="mastodon", server=SERVER, terms=("Gazelle",))
        reads = ask(server, "mentions", LONG_AGO, source=source, token=True)
        assert len(posts(reads)) == (count if most < 40 else count - len(hidden))
        assert gaps(reads) == []

    def test_a_search_without_pages_that_shows_all_it_finds_leaves_no_gap(self) -> None:
        server = Server()
        found = {"statuses": [status(9), status(8)], "accounts": [], "hashtags": []}
        server.answers["/api/v2/search"] = found
        source = Source(name="t", platform="mastodon", server=SERVER, terms=("Gazelle",))
        reads = ask(server, "mentions", LONG_AGO, source=source, token=True)
        assert (len(posts(reads)), gaps(reads)) == (2, [])

    def test_a_search_that_cannot_be_paged_leaves_a_gap(self) -> None:
        oldest = NEWEST - timedelta(minutes=39)
        page = [status(99 - n, NEWEST - timedelta(minutes=n)) for n in range(40)]
        server = Server()
        server.answers["/api/v2/search"] = {"statuses": page, "accounts": [], "hashtags": []}
        source = Source(name="t", platform="mastodon", server=SERVER, terms=("Gazelle",))
        reads = ask(server, "mentions", LONG_AGO, source=source, token=True)
        assert len(posts(reads)) == 40
        (gap,) = gaps(reads)
        assert (gap.gap_from, gap.gap_to) == (LONG_AGO, oldest)

    @pytest.mark.parametrize(
        ("feeds", "token", "narrowed"),
        [
            (("public", "public"), False, ""),
            (("authenticated", "authenticated"), True, ""),
            (("public", "authenticated"), False, "local=true"),
            (("public", "disabled"), False, "local=true"),
            (("disabled", "public"), False, "remote=true"),
        ],
    )
    def test_a_server_that_shows_a_part_is_asked_for_that_part(
        self, feeds: tuple[str, str], token: bool, narrowed: str
    ) -> None:
        server = Server({"/api/v1/timelines/tag/fiets": [status(1)]})
        server.answers["/api/v2/instance"] = instance(*feeds)
        assert len(posts(ask(server, "mentions", LONG_AGO, token=token))) == 1
        assert narrowed in server.asked[1]
        assert ("local" in server.asked[1]) == ("local" in narrowed)

    @pytest.mark.parametrize(
        ("feeds", "says"),
        [(("disabled", "disabled"), "switched them off"), (("authenticated",) * 2, "sign in")],
    )
    def test_a_server_that_shows_nothing_is_no_quiet_night(
        self, feeds: tuple[str, str], says: str
    ) -> None:
        server = Server({"/api/v1/timelines/tag/fiets": []})
        server.answers["/api/v2/instance"] = instance(*feeds)
        with pytest.raises(SourceRefused, match=says):
            ask(server, "mentions", LONG_AGO)

    @pytest.mark.parametrize("code", [404, 500])
    def test_a_server_that_says_nothing_of_itself_is_listened_to_all_the_same(
        self, code: int
    ) -> None:
        server = Server({"/api/v1/timelines/tag/fiets": [status(1)]})
        server.answers["/api/v2/instance"] = httpx.Response(code, text="<html>oops</html>")
        assert posts(ask(server, "mentions", LONG_AGO))[0].author_id == "anna@social.example"

    def test_ids_of_any_form_are_walked_back(self) -> None:
        first, second = [status(2) | {"id": "ZB"}], [status(1) | {"id": "ZA"}]
        pages = {None: first, "ZB": second, "ZA": []}
        server = Server()
        path = "/api/v1/timelines/tag/fiets"
        server.answers[path] = lambda request: pages[request.url.params.get("max_id")]
        assert [each.native_id for each in posts(ask(server, "mentions", LONG_AGO))] == ["ZB", "ZA"]

    def test_a_next_link_to_another_host_gets_no_token(self) -> None:
        hosts: list[str] = []

        def handler(request: httpx.Request) -> httpx.Response:
            hosts.append(request.url.host)
            if request.url.path == "/api/v2/instance":
                return httpx.Response(404)
            page = [] if "max_id" in request.url.params else [status(5)]
            link = '<https://evil.example/steal?max_id=5>; rel="next"'
            return httpx.Response(200, json=page, headers={"link": link})

        ask(handler, "mentions", LONG_AGO, token=True)
        assert set(hosts) == {"social.example"}


def instance(local: str, remote: str) -> dict[str, Any]:
    feeds = {"local": local, "remote": remote}
    access = {"hashtag_feeds": feeds, "live_feeds": feeds}
    return {"domain": "social.example", "configuration": {"timelines_access": access}}


class TestTimeline:
    SOURCE = Source(
        name="own", platform="mastodon", server=SERVER, accounts=("@gazelle@social.example",)
    )

    def test_an_account_is_looked_up_and_its_boosts_are_read(self) -> None:
        server = Server({"/api/v1/accounts/9/statuses": [status(7, reblog=status(5)), status(6)]})
        server.answers["/api/v1/accounts/lookup"] = account("gazelle", id="9")
        found = posts(ask(server, "timeline", LONG_AGO, source=self.SOURCE))
        assert [(post.kind, post.native_id) for post in found] == [
            ("repost", "7"),
            ("post", "5"),
            ("post", "6"),
        ]
        assert "/api/v1/accounts/lookup?acct=gazelle" in server.asked

    def test_accounts_of_other_servers_are_looked_up_with_theirs(self) -> None:
        server = Server({"/api/v1/accounts/9/statuses": []})
        server.answers["/api/v1/accounts/lookup"] = account("rival@other.example", id="9")
        source = Source(
            name="o", platform="mastodon", server=SERVER, accounts=("rival@other.example",)
        )
        ask(server, "timeline", LONG_AGO, source=source)
        asked = next(each for each in server.asked if "lookup" in each)
        assert parse_qs(asked.partition("?")[2]) == {"acct": ["rival@other.example"]}

    def test_an_organisation_may_have_names_on_another_domain_than_its_server(self) -> None:
        server = Server({"/api/v1/accounts/9/statuses": [status(7, account=account("gazelle"))]})
        server.answers["/api/v2/instance"] = {"domain": "gazelle.example"}
        server.answers["/api/v1/accounts/lookup"] = account("gazelle", id="9")
        source = Source(
            name="o", platform="mastodon", server=SERVER, accounts=("gazelle@gazelle.example",)
        )
        (post,) = posts(ask(server, "timeline", LONG_AGO, source=source))
        assert post.author_id == "gazelle@gazelle.example"
        assert post.aliases == ("social.example/7",)

    def test_one_unknown_account_does_not_silence_the_others(self) -> None:
        server = Server({"/api/v1/accounts/9/statuses": [status(7)]})
        known = account("gazelle", id="9")
        server.answers["/api/v1/accounts/lookup"] = lambda request: (
            known if request.url.params["acct"] == "gazelle" else None
        )
        accounts = ("gone@social.example", "gazelle@social.example")
        source = Source(name="o", platform="mastodon", server=SERVER, accounts=accounts)

        def handler(request: httpx.Request) -> httpx.Response:
            if request.url.params.get("acct") == "gone":
                return httpx.Response(404, json={"error": "Record not found"})
            return server(request)

        with client_for(mastodon, source, handler) as client:
            seen, error = until_error(mastodon.timeline(source, client, LONG_AGO))
        assert [each.native_id for each in posts(seen)] == ["7"]
        assert isinstance(error, AccountGone)
        assert "knows no account gone@social.example" in error.what
        assert "correct its name in luister.toml" in error.todo


class TestInbox:
    def test_statuses_are_taken_out_of_the_notifications_that_address_us(self) -> None:
        notifications: list[Element] = [
            {"id": "9", "type": "mention", "status": status(7)},
            {"id": "8", "type": "favourite", "status": status(1)},
            {"id": "7", "type": "follow"},
            {"id": "6", "type": "quote", "status": status(6)},
        ]
        shared = {"created_at": NEWEST.isoformat(), "account": account("bob")}
        server = Server({"/api/v1/notifications": [each | shared for each in notifications]})
        found = posts(ask(server, "inbox", LONG_AGO, token=True))
        assert [post.native_id for post in found] == ["7", "6"]
        assert "types%5B%5D=mention&types%5B%5D=quote" in server.asked[1]


class TestThread:
    def test_it_goes_up_to_the_root_and_down_all_its_branches(self) -> None:
        root, middle, leaf, side = (
            status(1),
            status(2, in_reply_to_id="1"),
            status(3, in_reply_to_id="2"),
            status(4, in_reply_to_id="1"),
        )
        server = Server()
        server.answers["/api/v1/statuses/3/context"] = {
            "ancestors": [root, middle],
            "descendants": [],
        }
        server.answers["/api/v1/statuses/1/context"] = {
            "ancestors": [],
            "descendants": [middle, leaf, side],
        }
        found = posts(ask(server, "thread", read_one(leaf)))
        assert [post.native_id for post in found] == ["1", "2", "3", "4"]
        assert found[1].root_id == root["uri"]

    def test_a_root_without_its_name_costs_no_other(self) -> None:
        body = {"ancestors": [status(1) | {"uri": None}], "descendants": [status(2)]}
        reply = Reply(url=f"{SERVER}/x", body=json.dumps(body).encode(), observed_at=NEWEST)
        assert [post.native_id for post in posts(list(understand(mastodon, [reply])))] == ["2"]

    def test_an_anonymous_answer_that_was_cut_is_asked_for_further(self) -> None:
        chain = [status(n, in_reply_to_id=str(n - 1), replies_count=1) for n in range(2, 23)]
        further = status(23, in_reply_to_id="22")
        server = Server()
        server.answers["/api/v1/statuses/1/context"] = {"ancestors": [], "descendants": chain[:20]}
        server.answers["/api/v1/statuses/21/context"] = {
            "ancestors": [status(1), *chain[:19]],
            "descendants": [chain[20], further],
        }
        found = posts(ask(server, "thread", read_one(status(1))))
        assert {post.native_id for post in found} >= {"2", "21", "22", "23"}

    @pytest.mark.parametrize(("branches", "left"), [(9, 0), (10, 1)])
    def test_a_conversation_in_more_parts_than_are_asked_for_leaves_a_gap(
        self, branches: int, left: int
    ) -> None:
        answers = [status(n, in_reply_to_id="1", replies_count=0) for n in range(2, 62)]
        cut = [each | {"replies_count": 1} for each in answers[:branches]] + answers[branches:]
        server = Server()
        server.answers["/api/v1/statuses/1/context"] = {"ancestors": [], "descendants": cut}
        for each in cut:
            below = status(100 + int(each["id"]), in_reply_to_id=each["id"], replies_count=0)
            server.answers[f"/api/v1/statuses/{each['id']}/context"] = {
                "ancestors": [status(1)],
                "descendants": [below],
            }

        reads = ask(server, "thread", read_one(status(1)))

        assert [gap.reason for gap in gaps(reads)] == [
            "social.example shows a thread in more than 10 parts"
        ] * left
        assert len(posts(reads)) == 1 + 60 + min(branches, 9)

    def test_a_conversation_that_is_gone_says_so(self) -> None:
        with pytest.raises(SourceGone):
            ask(Server(), "thread", read_one(status(1)))

    def test_a_post_this_server_never_named_is_not_asked_for_by_anothers_id(self) -> None:
        server = Server()
        elsewhere = Post(
            platform="mastodon",
            post_id="https://other.example/1",
            kind="post",
            observed_at=NEWEST,
            native_id="1",
            aliases=("other.example/1",),
        )
        assert ask(server, "thread", elsewhere) == []
        assert ask(server, "refresh", [elsewhere]) == []


class TestRefresh:
    def test_what_is_missing_is_asked_for_alone_before_it_is_called_deleted(self) -> None:
        server = Server()
        server.answers["/api/v1/statuses"] = [status(3, favourites_count=5)]
        server.answers["/api/v1/statuses/2"] = status(2)
        known = [read_one(status(number)) for number in (1, 2, 3)]
        found = {post.native_id: post for post in posts(ask(server, "refresh", known))}
        assert found["3"].likes_count == 5
        assert found["2"].deleted_at is None
        assert found["1"].deleted_at is not None
        assert found["1"].post_id == known[0].post_id

    @pytest.mark.parametrize("code", [404, 405, 422])
    def test_servers_without_batches_are_asked_one_by_one(self, code: int) -> None:
        server = Server()
        server.answers["/api/v1/statuses"] = httpx.Response(code, json={"error": "no"})
        server.answers["/api/v1/statuses/1"] = status(1)
        (post,) = posts(ask(server, "refresh", [read_one(status(1))]))
        assert (post.native_id, post.deleted_at) == ("1", None)

    @pytest.mark.parametrize("body", ['{"error": "not found"}', "<html>No such page</html>"])
    def test_a_host_that_finds_nothing_at_all_has_deleted_nothing(self, body: str) -> None:
        with pytest.raises(SourceGone):
            ask(lambda _: httpx.Response(404, text=body), "refresh", [read_one(status(1))])

    def test_an_old_server_tells_of_itself_in_an_older_way(self) -> None:
        server = Server()
        server.answers["/api/v2/instance"] = None
        server.answers["/api/v1/instance"] = {"uri": "social.example"}
        (post,) = posts(ask(server, "refresh", [read_one(status(1))]))
        assert post.deleted_at is not None

    def test_many_posts_are_asked_for_in_batches(self) -> None:
        server = Server()
        server.answers["/api/v1/statuses"] = lambda request: [
            status(int(each)) for each in request.url.params.get_list("id[]")
        ]
        known = [read_one(status(number)) for number in range(1, 46)]
        assert len(posts(ask(server, "refresh", known))) == 45
        assert len([each for each in server.asked if "/statuses?" in each]) == 3

    def test_a_server_that_lost_its_token_deletes_nothing(self) -> None:
        server = Server()
        server.answers["/api/v1/statuses"] = httpx.Response(401, json={"error": "invalid"})
        with pytest.raises(SourceRefused):
            ask(server, "refresh", [read_one(status(1))], token=True)


def test_the_reset_time_of_a_429_is_waited_for_and_told() -> None:
    reset = (datetime.now(UTC) + timedelta(hours=2)).isoformat().replace("+00:00", "Z")
    limited = httpx.Response(429, headers={"x-ratelimit-reset": reset}, json={"error": "Too many"})
    with pytest.raises(RateLimited) as error:
        ask(lambda _: limited, "mentions", LONG_AGO)
    assert error.value.seconds == pytest.approx(7200, abs=60)


def in_reply(body: str, path: str, status: int = 200) -> list[Read]:
    given = Reply(url=f"{SERVER}{path}", status=status, body=body.encode(), observed_at=NEWEST)
    return list(understand(mastodon, [given]))


@pytest.mark.parametrize(
    ("status", "body"), [(202, ""), (202, "null"), (204, ""), (206, ""), (200, "{}"), (202, "{}")]
)
def test_an_answer_without_anything_to_say_holds_nothing(status: int, body: str) -> None:
    assert in_reply(body, "/api/v1/notifications/clear", status) == []


@pytest.mark.parametrize("body", ["", "null"])
def test_an_answer_that_should_say_something_is_an_error_without_it(body: str) -> None:
    with pytest.raises(PayloadError):
        in_reply(body, "/api/v1/notifications")
    assert len(rejected(in_reply("{}", "/api/v1/statuses/1"))) == 1


class TestRefusals:
    def refused(self, status: int, body: str) -> LuisterError | None:
        return mastodon.refusal(
            Reply(url=SERVER, status=status, body=body.encode(), observed_at=NEWEST)
        )

    def test_a_bad_token_is_a_refusal_though_it_came_as_400(self) -> None:
        assert isinstance(self.refused(400, "Invalid Bearer token"), SourceRefused)

    def test_other_replies_are_left_to_their_status(self) -> None:
        assert self.refused(400, '{"error": "limit"}') is None
        assert self.refused(503, "") is None
        assert self.refused(200, "[]") is None
