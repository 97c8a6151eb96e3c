"""Discourse: a search of snippets, topics read in pieces, and posts that are gone."""

import json
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors import discourse, discourse_ask
from connectors.discourse_post import host_of
from connectors.discourse_words import own_words
from connectors.paging import understand
from connectors.testing import (
    NEWEST,
    ConnectorContract,
    Element,
    Handler,
    client_for,
    gaps,
    posts,
    until_error,
)
from pipeline.errors import PayloadError, RateLimited, SourceGone, SourceRefused
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

FORUM = "https://forum.example"
SINCE = NEWEST - timedelta(days=7)


def entry(number: int, at: datetime = NEWEST, **more: Any) -> Element:
    return {
        "id": number,
        "topic_id": 5,
        "post_number": number,
        "post_type": 1,
        "created_at": at.isoformat(),
        "updated_at": at.isoformat(),
        "version": 1,
        "username": "kim",
        "name": "Kim",
        "user_id": 9,
        "cooked": "<p>I like <b>Acme</b></p>",
        "reply_to_post_number": None,
        "actions_summary": [{"id": 2, "count": 4}],
        "reads": 12,
        "reply_count": 1,
        "hidden": False,
    } | more


def results(found: Sequence[Element], *, more: bool = False) -> dict[str, Any]:
    return {
        "posts": list(found),
        "topics": [{"id": 5, "title": "Bikes", "tags": ["fiets", {"name": "e bike"}], "views": 80}],
        "grouped_search_result": {"more_full_page_results": more, "term": "Acme"},
    }


def topic(shown: Sequence[Element], stream: Sequence[int] = ()) -> dict[str, Any]:
    return {"id": 5, "title": "Bikes", "post_stream": {"posts": list(shown), "stream": [*stream]}}


class TestDiscourse(ConnectorContract):
    platform = "discourse"
    source = Source(name="forum", platform="discourse", server=FORUM, terms=("Acme",))
    promised = "topic_id"

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return entry(number, created_at, post_type=4 if private else 1)

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        number = int(request.url.params["page"])
        after = request.url.params["q"].partition("after:")[2]
        chosen = pages[min(number, len(pages)) - 1]
        is_turning = isinstance(chosen, str)
        found = pages[0] if is_turning else chosen
        kept = [each for each in found if each["created_at"][:10] >= after]
        is_more = is_turning or number < len(pages)
        return httpx.Response(200, json=results(kept, more=is_more))


class Forum:
    """A forum as a table of paths; remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[httpx.URL] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        path = request.url.path
        if path == "/search.json":
            query = request.url.params["q"].partition(" order:")[0]
            return httpx.Response(200, json=results(self.answers.get(query, [])))
        if path == "/t/5.json":
            return httpx.Response(200, json=self.answers["topic"])
        numbers = [int(number) for number in request.url.params.get_list("post_ids[]")]
        known = self.answers["posts"]
        if known is None:
            return httpx.Response(404, json={"errors": ["no"], "error_type": "not_found"})
        return httpx.Response(200, json=topic([known[name] for name in numbers if name in known]))


def ask(verb: str, handler: Handler, *rest: Any, **source: Any) -> list[Read]:
    asked = Source(name="forum", platform="discourse", urls=(FORUM + "/",), **source)
    with client_for(discourse, asked, handler) as client:
        return list(getattr(discourse, verb)(asked, client, *(rest or (SINCE,))))


def understood(body: Any, url: str = f"{FORUM}/t/5.json") -> list[Read]:
    reply = Reply(url=url, body=json.dumps(body).encode(), observed_at=NEWEST)
    return list(understand(discourse, [reply]))


# What an item says


def test_the_opening_post_and_an_answer() -> None:
    markup = (
        '<aside class="quote"><a class="mention" href="/u/pat">@pat</a></aside>'
        '<p>Hi <a class="mention" href="/u/sam">@sam</a> <a href="/t/6">see</a></p>'
    )
    opening, answer, above = posts(
        understood(
            results(
                [entry(1), entry(7, cooked=markup, version=2), entry(8, reply_to_post_number=7)]
            ),
            f"{FORUM}/search.json?q=x",
        )
    )
    assert (opening.post_id, opening.kind, opening.title) == ("forum.example:1", "post", "Bikes")
    assert opening.tags == ("fiets", "e bike")
    assert (opening.views_count, opening.likes_count, opening.replies_count) == (80, 4, 1)
    assert (opening.author_id, opening.author_is_bot) == ("kim@forum.example", False)
    assert (opening.text, opening.edited_at) == ("I like Acme", None)
    assert (answer.kind, answer.parent_id) == ("reply", "forum.example/t/5/1")
    assert answer.mentions == ("sam@forum.example",)
    assert "https://forum.example/t/6" in answer.links
    assert (answer.edited_at, answer.title, answer.views_count) == (NEWEST, None, 12)
    assert above.parent_id == "forum.example/t/5/7" == answer.aliases[0]
    assert {each.root_id for each in (opening, answer, above)} == {opening.aliases[0]}


def quote(words: str, number: int = 3) -> str:
    head = f'<aside class="quote no-group" data-username="pat" data-post="{number}" data-topic="9">'
    title = '<div class="title">pat:</div>'
    return f"{head}{title}<blockquote><p>{words}</p></blockquote></aside>"


@pytest.mark.parametrize(
    ("cooked", "text", "quoted_id"),
    [
        (quote("Acme is awful") + "<p>I love it</p>", "I love it", "forum.example/t/9/3"),
        (
            "<p>First</p>" + quote(quote("deep", 4) + "awful") + "<p>Then</p>" + quote("x", 5),
            "First\n\nThen",
            "forum.example/t/9/3",
        ),
        (quote("Acme is awful"), "", "forum.example/t/9/3"),
        ('<aside class="quote"><p>by hand</p></aside><p>so</p>', "so", None),
        ("<blockquote><p>a song</p></blockquote><p>so</p>", "> a song\n\nso", None),
        (
            '<p>Mail</p><details class="elided"><summary>...</summary>On Monday</details>',
            "Mail",
            None,
        ),
        ("<details><summary>More</summary>of mine</details>", "More\n\nof mine", None),
    ],
)
def test_what_a_post_quotes_is_said_by_another(
    cooked: str, text: str, quoted_id: str | None
) -> None:
    [post] = posts(understood(topic([entry(2, cooked=cooked)])))
    assert (post.kind, post.text, post.quoted_id) == ("reply", text, quoted_id)


def test_the_preview_of_a_page_is_the_address_that_was_written() -> None:
    cooked = (
        '<p>Look</p><aside class="onebox allowlistedgeneric" data-onebox-src="https://acme.nl/?a&amp;b">'
        '<header class="source"><a href="https://acme.nl/?a&amp;b">acme.nl</a></header>'
        '<article class="onebox-body"><h3>Acme is awful</h3></article></aside><p>!</p>'
    )
    [post] = posts(understood(topic([entry(2, cooked=cooked)])))
    assert post.text == "Look\n\nhttps://acme.nl/?a&b\n\n!"
    assert post.links == ("https://acme.nl/?a&b",)


def test_a_preview_without_an_address_takes_none_of_what_follows() -> None:
    cooked = '<aside class="onebox"><p>x</p></aside><p>see <a href="https://acme.nl/a">it</a></p>'
    [post] = posts(understood(topic([entry(2, cooked=cooked)])))
    assert (post.text, post.links) == ("see it", ("https://acme.nl/a",))


def test_what_the_forum_tells_of_a_post_is_not_said_in_it() -> None:
    cooked = (
        '<h2><a name="p-1-new-1" class="anchor" href="#p-1-new-1"></a>New</h2>'
        '<p><a class="mention" href="/u/sam">@sam</a> <a class="mention-group notify" '
        'href="/groups/team">@team</a> <a class="hashtag-cooked" href="/c/6">Support</a></p>'
        '<div class="lightbox-wrapper"><a class="lightbox" href="/uploads/a.png"><img src="a.png">'
        '<div class="meta"><svg></svg><span class="filename">IMG_1</span>'
        '<span class="informations">690×480 250 KB</span></div></a></div>'
        '<div class="poll"><ul><li>Yes</li><li>No</li></ul><div class="poll-info">'
        '<span class="info-number">3</span><span class="info-label">voters</span></div></div>'
        '<p><a class="attachment" href="/uploads/b.pdf">b.pdf</a></p>'
    )
    [post] = posts(understood(topic([entry(2, cooked=cooked)])))
    assert post.text == "New\n\n@sam @team Support\n\nYes\nNo\n\nb.pdf"
    assert post.mentions == ("sam@forum.example", "team@forum.example")
    assert post.links == ("https://forum.example/uploads/b.pdf",)


@pytest.mark.parametrize(
    "piece",
    ['<aside class="onebox"></aside>', '<div class="meta">', "<aside class='quote'>", "<details>"],
)
def test_a_long_post_costs_no_more_than_its_length(piece: str) -> None:
    begun = time.process_time()
    own_words(piece * (100_000 // len(piece)) + 'class="meta"')
    assert time.process_time() - begun < 2


def test_likes_that_are_left_out_are_zero_and_those_not_told_are_unknown() -> None:
    none, untold = posts(
        understood(topic([entry(1, actions_summary=[]), entry(2, actions_summary=None)]))
    )
    assert (none.likes_count, untold.likes_count) == (0, None)


def test_what_is_hidden_deleted_or_whispered_is_not_kept() -> None:
    hidden, gone, whisper = posts(
        understood(
            topic(
                [
                    entry(1, hidden=True),
                    entry(2, user_deleted=True, cooked="<p>(post deleted by author)</p>"),
                    entry(3, post_type=4),
                    entry(4, post_type=3),
                ]
            )
        )
    )
    assert (hidden.visibility, whisper.visibility) == ("withheld", "private")
    assert (gone.deleted_at, gone.text) == (NEWEST, "")


def test_a_forum_below_a_path_has_a_name_of_its_own() -> None:
    assert host_of("https://acme.example/forum/t/5.json") == "acme.example/forum"
    assert host_of("https://acme.example/forum") == "acme.example/forum"
    assert host_of("https://acme.example/search.json?q=x") == "acme.example"
    for page in ("new.json", "filter.json", "tags/c/bikes/1/red.json", "g/staff/posts.json"):
        assert host_of(f"https://acme.example/forum/{page}") == "acme.example/forum"
    (post,) = posts(understood(topic([entry(1)]), "https://acme.example/forum/t/5.json"))
    assert post.url == "https://acme.example/forum/t/-/5/1"


# What is asked


def test_snippets_are_asked_for_whole() -> None:
    snippet = {"id": 7, "topic_id": 5, "blurb": "like Acme"}
    forum = Forum(**{'"Acme"': [snippet], "posts": {7: entry(7)}})
    (post,) = posts(ask("mentions", forum, terms=("Acme",)))
    assert post.text == "I like Acme"
    assert forum.asked[0].params["q"] == '"Acme" order:latest after:2026-11-13'


def test_ten_full_pages_leave_a_gap() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["page"])
        found = [entry(page, NEWEST - timedelta(hours=page))]
        return httpx.Response(200, json=results(found, more=True))

    reads = ask("mentions", handler, tags=("fiets",))
    (gap,) = gaps(reads)
    assert len(posts(reads)) == discourse_ask.LAST_PAGE
    assert (gap.gap_from, gap.gap_to) == (SINCE, NEWEST - timedelta(hours=10))


def test_timeline_is_what_an_account_wrote() -> None:
    forum = Forum(**{"@acme": [entry(1)]})
    for account, count in (("acme@forum.example", 1), ("acme@other.example", 0), ("acme", 1)):
        assert len(ask("timeline", forum, accounts=(account,))) == count


def test_inbox_holds_mentions_and_answers_to_the_account() -> None:
    named = entry(30, topic_id=6, cooked='<a class="mention" href="/u/acme">@Acme</a>')
    own = entry(2, SINCE - timedelta(days=3), username="acme")
    old = entry(3, SINCE - timedelta(days=2), reply_to_post_number=2)
    answer, elsewhere = entry(21, reply_to_post_number=2), entry(22, reply_to_post_number=1)
    forum = Forum(
        **{
            '"acme"': [named, entry(31, topic_id=7)],
            "@acme": [own],
            "topic": topic([own, old], [2, 3, 21, 22]),
            "posts": {21: answer, 22: elsewhere},
        }
    )
    found = posts(ask("inbox", forum, accounts=("acme",)))
    assert [post.native_id for post in found] == ["30", "21"]


def test_a_thread_is_the_whole_topic() -> None:
    stream = range(1, 46)
    every = {number: entry(number) for number in stream}
    forum = Forum(topic=topic([every[number] for number in stream[:20]], stream), posts=every)
    (known,) = posts(understood(topic([entry(33)])))
    found = posts(ask("thread", forum, known))
    assert [post.native_id for post in found] == [str(number) for number in stream]
    assert len(forum.asked) == 3


def test_refresh_tells_what_is_gone() -> None:
    known = posts(understood(topic([entry(1), entry(2)])))
    now = {1: entry(1, cooked="<p>new</p>")}
    changed, gone = posts(ask("refresh", Forum(posts=now), known))
    assert (changed.text, changed.deleted_at) == ("new", None)
    assert (gone.post_id, gone.text, gone.author_id) == (known[1].post_id, "", None)
    assert gone.deleted_at is not None
    both: list[Post] = posts(ask("refresh", Forum(posts=None), known))
    assert all(post.deleted_at is not None for post in both)
    assert len(both) == 2


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (403, {"errors": ["log in"], "error_type": "not_logged_in"}),
        (403, "<html>Just a moment...</html>"),
        (403, {"message": "Forbidden"}),
        (404, "<html>This forum has moved</html>"),
        (404, {"message": "Not Found"}),
        (410, ""),
        (403, {"errors": ["Forbidden"]}),
        (403, {"errors": "Forbidden"}),
        (403, {"errors": [{"title": "Forbidden"}], "error_type": None}),
    ],
)
def test_a_forum_that_closes_its_doors_has_deleted_nothing(status: int, told: Any) -> None:
    known = posts(understood(topic([entry(1), entry(2)])))
    body = told.encode() if isinstance(told, str) else json.dumps(told).encode()
    with pytest.raises(SourceRefused if status == 403 else SourceGone):
        ask("refresh", lambda _: httpx.Response(status, content=body), known)


def test_a_topic_that_visitors_may_not_see_any_more_is_gone() -> None:
    known = posts(understood(topic([entry(1), entry(2)])))
    hidden = {"errors": ["You are not permitted"], "error_type": "invalid_access"}
    found = posts(ask("refresh", lambda _: httpx.Response(403, json=hidden), known))
    assert [post.deleted_at is not None for post in found] == [True, True]


@pytest.mark.parametrize("odd", [{"errors": ["Forbidden"]}, {"errors": "Forbidden"}, {}])
def test_a_topic_that_cannot_be_read_again_keeps_no_other_from_it(odd: dict[str, Any]) -> None:
    first = posts(understood(topic([entry(1)])))
    second = posts(understood(topic([entry(2, topic_id=6)])))

    def answer(request: httpx.Request) -> httpx.Response:
        if "/t/5/" in request.url.path:
            return httpx.Response(403, json=odd)
        return httpx.Response(200, json=topic([entry(2, topic_id=6, cooked="<p>new</p>")]))

    source = Source(name="forum", platform="discourse", urls=(FORUM,))
    with client_for(discourse, source, answer) as client:
        found, error = until_error(discourse.refresh(source, client, [*first, *second]))
    assert isinstance(error, SourceRefused)
    assert [(each.text, each.deleted_at) for each in posts(found)] == [("new", None)]


# What is refused


def test_a_limit_says_how_long_and_a_closed_forum_is_named() -> None:
    limit = {"errors": ["slow"], "error_type": "rate_limit", "extras": {"wait_seconds": 90000}}
    with pytest.raises(RateLimited) as error:
        ask("mentions", lambda _: httpx.Response(429, json=limit), terms=("Acme",))
    assert error.value.seconds == 90000
    closed = {"errors": ["log in"], "error_type": "not_logged_in"}
    with pytest.raises(SourceRefused, match="log in"):
        ask("mentions", lambda _: httpx.Response(403, json=closed), terms=("Acme",))
    gone = {"errors": ["no such page"], "error_type": "not_found"}
    with pytest.raises(SourceGone):
        ask("mentions", lambda _: httpx.Response(404, json=gone), terms=("Acme",))


def test_a_search_that_is_not_taken_is_an_error() -> None:
    body = {"posts": [], "grouped_search_result": {"error": "too short"}}
    with pytest.raises(PayloadError, match="too short"):
        understood(body)


def kept(body: Any) -> list[Read]:
    reply = Reply(url=f"{FORUM}/x.json", body=json.dumps(body).encode(), observed_at=NEWEST)
    return [
        each
        for each in understand(discourse, [reply])
        if not isinstance(each, Post) or each.is_keepable
    ]


def test_a_letter_between_people_is_nobody_elses_business() -> None:
    assert len(kept(topic([entry(1)]))) == 1
    assert kept(topic([entry(1)]) | {"archetype": "private_message"}) == []
    letters = [{"id": 5, "title": "x", "created_at": "2026-01-02T03:04:05Z"}]
    listed = [each | {"archetype": "private_message"} for each in letters]
    assert len(kept({"topic_list": {"topics": letters}})) == 1
    assert kept({"topic_list": {"topics": listed}}) == []


@pytest.mark.parametrize("name", ["category_list", "groups", "badges", "notifications", "about"])
def test_pages_about_other_things_hold_no_posts(name: str) -> None:
    assert kept({name: []}) == []


def test_a_topic_without_its_posts_is_no_empty_topic() -> None:
    with pytest.raises(PayloadError):
        kept({"id": 5, "title": "Bikes", "tags": ["fiets"], "posts_count": 2})


def test_whom_a_post_answers_is_told_by_name() -> None:
    answer = entry(8, reply_to_post_number=7, reply_to_user={"username": "Lee", "id": 3})
    others = [entry(9, reply_to_user=None), entry(10, reply_to_post_number=7, reply_to_user={})]
    found = posts(understood(topic([answer, *others])))
    assert [each.parent_author_id for each in found] == ["Lee@forum.example", None, None]


def test_what_is_odd_beside_the_posts_costs_none_of_them() -> None:
    found = results([entry(1)])
    found["topics"] += [None, 7, {"id": "x"}, {"id": 6, "views": "many"}]
    found["grouped_search_result"]["post_ids"] = [1, None]
    (post,) = posts(understood(found, f"{FORUM}/search.json?q=x"))
    assert (post.title, post.views_count) == ("Bikes", 80)
    whole = topic([entry(1)], [1, 2]) | {"views": "80"}
    whole["post_stream"]["stream"] += [None, "3"]
    (post,) = posts(understood(whole))
    assert (post.title, post.views_count) == ("Bikes", 12)


def test_an_odd_account_in_a_list_of_topics_costs_no_other() -> None:
    told = {"id": 5, "title": "Bikes", "created_at": NEWEST.isoformat()}
    told |= {"posters": [{"user_id": 9, "description": "Original Poster"}]}
    users = [None, {"id": 8}, {"id": "x", "username": "pat"}, {"id": 9, "username": "kim"}]
    (post,) = posts(understood({"users": users, "topic_list": {"topics": [told]}}))
    assert (post.title, post.author_id) == ("Bikes", "kim@forum.example")
