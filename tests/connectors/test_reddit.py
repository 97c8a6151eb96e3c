"""Reddit: a token first, lists of things, threads with folds, and what was deleted."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors import reddit, reddit_ask
from connectors.paging import understand
from connectors.testing import (
    NEWEST,
    ConnectorContract,
    Element,
    Handler,
    client_for,
    gaps,
    posts,
    rejected,
)
from pipeline.errors import PayloadError, SecretError, SourceGone
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

SINCE = NEWEST - timedelta(days=7)
SECRETS = {"REDDIT_CLIENT_ID": "id-1", "REDDIT_CLIENT_SECRET": "s3cret"}
TOKEN = {"access_token": "t0ken", "expires_in": 3600}


def link(number: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "name": f"t3_{number}",
        "created_utc": at.timestamp(),
        "author": "kim",
        "title": "A bike",
        "selftext": "ask u/acme-help",
        "is_self": True,
        "permalink": f"/r/bikes/comments/{number}/a/",
        "edited": False,
        "score": 3,
        "num_comments": 0,
    } | more


def comment(number: int, parent: str, /, **more: Any) -> Element:
    return {
        "name": f"t1_{number}",
        "created_utc": NEWEST.timestamp(),
        "author": "lee",
        "body": "same",
        "parent_id": parent,
        "link_id": "t3_1",
        "edited": NEWEST.timestamp() + 60,
        "replies": "",
        "score": 1,
    } | more


def listing(things: Sequence[Element], after: str | None = None) -> dict[str, Any]:
    children = [{"kind": str(each.get("name", "t3"))[:2], "data": each} for each in things]
    return {"kind": "Listing", "data": {"children": children, "after": after}}


class TestReddit(ConnectorContract):
    platform = "reddit"
    source = Source(name="reddit", platform="reddit", terms=("Acme",))
    secrets = SECRETS
    promised = "created_utc"

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return link(number, created_at, subreddit_type="private" if private else "public")

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json=TOKEN)
        number = int(request.url.params["after"] or 0)
        chosen: Any = pages[number]
        if chosen == "again":
            return httpx.Response(200, json=listing(pages[0], "1"))
        after = str(number + 1) if number + 1 < len(pages) else None
        return httpx.Response(200, json=listing(chosen, after))


def ask(verb: str, answers: dict[str, Any], *rest: Any, **source: Any) -> list[Read]:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json=TOKEN)
        assert request.headers["authorization"] == "Bearer t0ken"
        return httpx.Response(200, json=answers.get(request.url.path[1:], listing([])))

    return ask_with(handler, verb, *rest, **source)


def ask_with(handler: Handler, verb: str, *rest: Any, **source: Any) -> list[Read]:
    asked = Source(name="reddit", platform="reddit", **source)
    secrets = {**SECRETS, "REDDIT_REFRESH_TOKEN": "r3fresh"}
    with client_for(reddit, asked, handler, **secrets) as client:
        return list(getattr(reddit, verb)(asked, client, *(rest or (SINCE,))))


def understood(body: Any) -> list[Read]:
    reply = Reply(url="", body=json.dumps(body).encode(), observed_at=NEWEST)
    return list(understand(reddit, [reply]))


def test_a_thread_keeps_its_tree() -> None:
    below = comment(6, "t1_5", edited=False)
    tree = [listing([link(1)]), listing([comment(5, "t3_1", replies=listing([below]))])]
    post, said, answered = posts(understood(tree))
    assert (post.kind, post.title, post.mentions) == ("post", "A bike", ("acme-help",))
    assert (post.likes_count, post.replies_count, post.edited_at) == (3, 0, None)
    assert (said.kind, said.parent_id) == ("comment", "t3_1")
    assert said.edited_at == NEWEST + timedelta(minutes=1)
    assert (answered.kind, answered.parent_id) == ("reply", "t1_5")
    assert {each.root_id for each in (post, said, answered)} == {"t3_1"}


def test_options_of_a_poll_and_captions_of_a_gallery_are_said() -> None:
    poll = {"options": [{"id": "1", "text": "Red"}, {"id": "2", "text": "Blue"}]}
    items = [{"caption": "Front", "outbound_url": "https://fiets.example/"}, {"media_id": "m"}]
    shown = link(2, selftext="", is_self=None, gallery_data={"items": items})
    removed = link(3, poll_data=poll, removed_by_category="moderator")
    things = [link(1, selftext="Which?", poll_data=poll), shown, removed]
    asked, gallery, gone = posts(understood(listing(things)))
    assert asked.text == "Which?\nRed\nBlue"
    assert (gallery.text, gallery.links) == ("Front", ("https://fiets.example/",))
    assert gone.text == ""


def test_signs_as_in_html_are_signs_unless_they_were_asked_for_raw() -> None:
    told = link(
        1, title="Bikes &amp; &lt;b&gt;", selftext="A &amp;amp; B", url="https://a.nl/?a&amp;b"
    )
    body = json.dumps(listing([told | {"is_self": False}, link(2, selftext="x > y &amp; z")]))

    def read(url: str) -> list[Post]:
        reply = Reply(url=url, body=body.encode(), observed_at=NEWEST)
        return posts(list(understand(reddit, [reply])))

    first, second = read("https://oauth.reddit.com/new")
    assert (first.title, first.text) == ("Bikes & <b>", "A &amp; B")
    assert (first.links, second.text) == (("https://a.nl/?a&b",), "x > y &amp; z")
    asked, _ = read("https://oauth.reddit.com/new?limit=100&raw_json=1")
    assert (asked.title, asked.text) == ("Bikes &amp; &lt;b&gt;", "A &amp;amp; B")


def test_what_was_deleted_has_neither_words_nor_author() -> None:
    (post,) = posts(understood(listing([comment(5, "t3_1", author="[deleted]", body="[deleted]")])))
    assert (post.deleted_at, post.text, post.author_id) == (NEWEST, "", None)


@pytest.mark.parametrize("why", ["", " on account of the [policy](/help).", " for copyright."])
def test_what_reddit_itself_took_away_is_gone(why: str) -> None:
    mark = f"[ Removed by Reddit{why} ]"
    things = [comment(5, "t3_1", body=mark), link(1, title="[ Removed by Reddit ]", selftext=mark)]
    first, second = posts(understood(listing(things)))
    for post in (first, second):
        assert (post.deleted_at, post.text, post.title) == (NEWEST, "", None)
    (post,) = posts(understood(listing([link(1, title="[deleted by user]", selftext="")])))
    assert (post.deleted_at, post.title) == (NEWEST, None)


def test_of_who_blocked_the_reader_neither_words_nor_name_are_shown() -> None:
    hidden = comment(5, "t3_1", author="[unavailable]", body="[unavailable]")
    (post,) = posts(understood(listing([hidden])))
    assert (post.text, post.author_id, post.deleted_at) == ("", None, None)


def test_timeline_inbox_and_folded_comments() -> None:
    overview = {"user/acme/overview": listing([link(1), comment(5, "t3_1")])}
    assert len(posts(ask("timeline", overview, accounts=("acme",)))) == 2
    message = {"message/mentions": listing([comment(5, "t3_1"), {"name": "t4_1"}])}
    assert [post.post_id for post in posts(ask("inbox", message))] == ["t1_5"]
    folded = {"kind": "more", "data": {"children": ["7"]}}
    tree = [listing([link(1)]), {"kind": "Listing", "data": {"children": [folded]}}]
    more = {"json": {"data": {"things": [{"kind": "t1", "data": comment(7, "t3_1")}]}}}
    answers = {"comments/1": tree, "api/morechildren": more}
    (known,) = posts(understood(listing([comment(5, "t3_1")])))
    assert [post.post_id for post in posts(ask("thread", answers, known))] == ["t3_1", "t1_7"]


def test_what_moderators_took_away_stays_away_though_they_may_read_it() -> None:
    taken = comment(5, "t3_1", banned_by="AutoModerator", removed=True, body="Buy now")
    (gone,) = posts(understood(listing([taken])))
    assert (gone.post_id, gone.deleted_at, gone.text) == ("t1_5", NEWEST, "")


def test_what_only_paying_members_may_read_is_not_kept() -> None:
    (post,) = posts(understood(listing([link(1, subreddit_type="gold_only")])))
    assert not post.is_keepable


def test_a_crosspost_links_to_an_address_with_a_host() -> None:
    url = "/r/bikes/comments/2/b/"
    (post,) = posts(understood(listing([link(1, is_self=False, crosspost_parent="t3_2", url=url)])))
    assert (post.kind, post.quoted_id) == ("quote", "t3_2")
    assert post.links == (f"https://www.reddit.com{url}",)


def test_what_names_no_address_has_no_links() -> None:
    nothing = (link(1), link(2, is_self=False, url=""), comment(5, "t3_1"))
    assert [post.links for post in posts(understood(listing(nothing)))] == [(), (), ()]


def test_a_name_may_be_written_with_its_underscores_escaped() -> None:
    (post,) = posts(
        understood(listing([link(1, selftext=r"as u/acme\_help said" + "\n\n> not u/lee_b")]))
    )
    assert post.mentions == ("acme_help",)


def test_a_subreddit_that_does_not_exist_is_told_and_gives_no_silent_nothing() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json=TOKEN)
        if request.url.path == "/subreddits/search":
            return httpx.Response(200, json=listing([{"name": "t5_1", "display_name": "bikesnl"}]))
        there = "https://oauth.reddit.com/subreddits/search?q=bikenl"
        return httpx.Response(302, headers={"location": there})

    with pytest.raises(SourceGone, match="no such subreddit"):
        ask_with(handler, "mentions", options={"subreddits": ["bikenl"]})


def more(parent: str, *names: str) -> Element:
    return {"kind": "more", "data": {"children": list(names), "parent_id": parent}}


def test_a_thread_is_unfolded_to_its_end() -> None:
    def tree(*things: Element) -> list[Element]:
        below = {"kind": "Listing", "data": {"children": list(things)}}
        return [listing([link(1)]), below]

    def handler(request: httpx.Request) -> httpx.Response:
        query = dict(request.url.params)
        if request.method == "POST":
            return httpx.Response(200, json=TOKEN)
        if "children" in query:
            (number,) = map(int, query["children"].split(","))
            said = {"kind": "t1", "data": comment(number, "t3_1")}
            inside = more("t3_1", "8") if number == 7 else more("t1_8")
            return httpx.Response(200, json={"json": {"data": {"things": [said, inside]}}})
        if query.get("comment") == "8":
            said = {"kind": "t1", "data": comment(9, "t1_8")}
            return httpx.Response(200, json=tree(said, more("t1_8")))
        return httpx.Response(200, json=tree(more("t3_1", "7")))

    (known,) = posts(understood(listing([link(1)])))
    reads = ask_with(handler, "thread", known)
    assert [post.post_id for post in posts(reads)] == ["t3_1", "t1_7", "t1_8", "t1_9"]
    assert gaps(reads) == []


def test_a_thread_without_an_end_leaves_a_gap() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json=TOKEN)
        number = int(request.url.params.get("children", 1))
        said = {"kind": "t1", "data": comment(number, "t3_1")}
        things = [said, more("t3_1", str(number + 1))]
        return httpx.Response(200, json={"json": {"data": {"things": things}}})

    (known,) = posts(understood(listing([link(1)])))
    reads = ask_with(handler, "thread", known)
    (gap,) = gaps(reads)
    assert (len(posts(reads)), gap.gap_from) == (reddit_ask.MAX_FOLDS, NEWEST)
    assert "folded away" in gap.reason


@pytest.mark.fault(15)
def test_refresh_tells_what_is_gone() -> None:
    known = posts(understood(listing([link(1), link(2)])))
    changed, gone = posts(ask("refresh", {"api/info": listing([link(1, title="New")])}, known))
    assert (changed.title, changed.deleted_at) == ("New", None)
    assert (gone.post_id, gone.text, gone.author_id) == ("t3_2", "", None)
    assert gone.deleted_at is not None


@pytest.mark.fault(4)
def test_without_secrets_nobody_is_let_in_and_they_are_named_as_they_are_called_here() -> None:
    own = {"REDDIT_CLIENT_ID": "OUR_ID"}
    source = Source(name="reddit", platform="reddit", terms=("Acme",), secrets=own)
    needed = "Reddit needs OUR_ID, REDDIT_CLIENT_SECRET"
    with client_for(reddit, source, None) as client, pytest.raises(SecretError, match=needed):
        list(reddit.mentions(source, client, SINCE))


def test_whom_a_thing_answers_is_told_where_its_list_tells() -> None:
    """An inbox says whose words were answered, the comments of somebody who began the thread."""
    things = [
        comment(5, "t1_4", type="comment_reply", dest="acme-help", link_author="lee"),
        comment(6, "t3_1", type="post_reply", dest="acme-help"),
        comment(7, "t1_4", type="username_mention", dest="acme-help"),
        comment(8, "t3_1", link_author="lee"),
        comment(9, "t1_4", link_author="lee"),
        comment(10, "t3_1", link_author="[deleted]"),
        link(11, crosspost_parent="t3_1", crosspost_parent_list=[{"author": "lee"}]),
        link(12, crosspost_parent="t3_1", crosspost_parent_list=[]),
        link(13),
    ]
    found = posts(understood(listing(things)))
    assert [each.parent_author_id for each in found] == [
        *("acme-help", "acme-help", None, "lee", None, None, "lee", None, None)
    ]


@pytest.mark.parametrize(
    "odd", [{"kind": "t1"}, {"data": {"name": "t1_7"}}, {"kind": None, "data": {}}, None, 7, "t1"]
)
def test_a_thing_that_is_none_costs_no_other(odd: Any) -> None:
    below = comment(6, "t1_5", replies={"kind": "Listing"})
    answers = listing([comment(5, "t3_1", replies=listing([below]))])
    answers["data"]["children"].insert(0, odd)
    reads = understood([listing([link(1)]), answers])
    assert [each.post_id for each in posts(reads)] == ["t3_1", "t1_5", "t1_6"]
    assert [each.path for each in rejected(reads)] == [
        "$[1].data.children[0]",
        "$[1].data.children[1].data.replies.data.children[0].data.replies",
    ]


def test_so_is_one_among_those_that_were_folded_away() -> None:
    things = [{"kind": "t1", "data": comment(5, "t3_1")}, {"kind": "t1"}]
    reads = understood({"json": {"errors": [], "data": {"things": things}}})
    assert [each.post_id for each in posts(reads)] == ["t1_5"]
    assert len(rejected(reads)) == 1


def test_what_is_no_list_at_all_is_told() -> None:
    with pytest.raises(PayloadError):
        understood({"kind": "Listing", "data": {}})
