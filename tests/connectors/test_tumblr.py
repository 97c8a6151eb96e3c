"""Tumblr: reblogs that carry all that was said before, notes without ids, lists out of order."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, ClassVar

import httpx
import msgspec
import pytest

from connectors import tumblr, tumblr_ask
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
from pipeline.errors import (
    AccountGone,
    ConfigError,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

NOW = datetime.now(UTC)
SINCE = NOW - timedelta(days=2)
ADDRESS = "https://api.tumblr.com/v2/blog/acme/notes?id=7&api_key=REDACTED"
BLOG: dict[str, Any] = {
    "name": "acme",
    "uuid": "t:acme1",
    "url": "https://acme.tumblr.com/",
    "title": "Acme fietsen",
}


def words(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, **more}


def post(number: int = 7, at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "object_type": "post",
        "type": "blocks",
        "id": number,
        "id_string": str(number),
        "blog_name": "acme",
        "blog": BLOG,
        "post_url": f"https://www.tumblr.com/acme/{number}/fiets",
        "timestamp": int(at.timestamp()),
        "state": "published",
        "tags": ["acme", "nieuwe fiets"],
        "note_count": 3,
        "content": [words("Een nieuwe fiets")],
        "layout": [],
        "trail": [],
    } | more


def step(number: int, name: str, text: str) -> dict[str, Any]:
    return {"post": {"id": str(number)}, "blog": {"name": name}, "content": [words(text)]}


def envelope(response: Any, status: int = 200, **more: Any) -> dict[str, Any]:
    return {"meta": {"status": status, "msg": "OK"}, "response": response, **more}


def listed(*elements: Element) -> dict[str, Any]:
    return envelope({"blog": BLOG, "posts": list(elements), "total_posts": 9})


class TestTumblr(ConnectorContract):
    platform = "tumblr"
    source = Source(name="tumblr", platform="tumblr", accounts=("acme",))
    verb = "timeline"
    secrets: ClassVar = {"TUMBLR_CONSUMER_KEY": "k3y"}
    promised = "timestamp"

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return post(number, created_at, state="private" if private else "published")

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        before = int(request.url.params.get("before", "99999999999")) - 1
        for chosen in pages:
            if chosen == "again":
                return httpx.Response(200, json=listed(*pages[0]))
            if any(each.get("timestamp", before) < before for each in chosen):
                return httpx.Response(200, json=listed(*chosen))
        return httpx.Response(200, json=listed())


class Server:
    """Answers by path; lists of posts as of the moment asked for. Remembers what it was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path.removeprefix("/v2/")
        number = request.url.params.get("id")
        cursor = request.url.params.get("before_timestamp")
        name = "?".join(each for each in (path, number, cursor) if each)
        missing = envelope([], 404, errors=[{"title": "Not Found", "code": 0}])
        answer = self.answers.get(name, missing)
        if callable(answer):
            answer = answer(int(request.url.params.get("before", "99999999999")))
        return httpx.Response(answer["meta"]["status"], json=answer)

    @property
    def paths(self) -> list[str]:
        return [each.url.path.removeprefix("/v2/") for each in self.asked]


def before(*elements: Element) -> Any:
    """A list that gives what is older than the moment asked for, twenty at a time."""

    def answer(moment: int) -> dict[str, Any]:
        return listed(*[each for each in elements if each["timestamp"] < moment][:20])

    return answer


def ask(verb: str, handler: Handler, *rest: Any, **source: Any) -> list[Read]:
    asked = Source(name="tumblr", platform="tumblr", **source)
    with client_for(tumblr, asked, handler, TUMBLR_CONSUMER_KEY="k3y") as client:
        return list(getattr(tumblr, verb)(asked, client, *(rest or (SINCE,))))


def reply_with(body: Any, status: int = 200, **headers: str) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(url=ADDRESS, status=status, headers=named, body=raw, observed_at=NEWEST)


def understood(body: Any) -> list[Read]:
    return list(understand(tumblr, [reply_with(body)]))


def one(element: Element) -> Post:
    (found,) = posts(understood(listed(element)))
    return found


# What a post says


def test_a_post_in_blocks() -> None:
    redirect = "https://t.umblr.com/redirect?z=https%3A%2F%2Facme.nl%2Factie&t=abc"
    formatting = [
        {"start": 0, "end": 3, "type": "mention", "blog": {"name": "kim", "uuid": "t:kim1"}},
        {"start": 4, "end": 8, "type": "link", "url": redirect},
        {"start": 4, "end": 8, "type": "bold"},
    ]
    content = [
        words("kim zie actie", formatting=formatting),
        {"type": "image", "media": [{"url": "https://64.media.tumblr.com/1.jpg"}]}
        | {"alt_text": "Een rode fiets"},
        {"type": "link", "url": "https://krant.example/1", "title": "Krant"},
        {"type": "video", "provider": "youtube", "url": "https://youtu.be/1"},
        {"type": "audio", "provider": "tumblr", "url": "https://a.tumblr.com/1.mp3"},
        words(""),
    ]
    found = one(post(content=content))
    assert (found.post_id, found.native_id, found.kind) == ("7", "t:acme1/7", "post")
    assert found.text == "kim zie actie\nEen rode fiets"
    assert found.links == (
        "https://acme.nl/actie",
        "https://krant.example/1",
        "https://youtu.be/1",
        "https://a.tumblr.com/1.mp3",
    )
    assert found.mentions == ("kim",)
    assert found.tags == ("acme", "nieuwe fiets")
    assert found.created_at == NEWEST
    assert found.url == "https://www.tumblr.com/acme/7/fiets"
    assert (found.author_id, found.author_handle) == ("t:acme1", "acme")
    assert (found.author_name, found.author_url) == ("Acme fietsen", "https://acme.tumblr.com/")
    assert found.root_id == "7"
    for field in ("likes_count", "replies_count", "language", "edited_at", "parent_id"):
        assert getattr(found, field) is None, field


def test_a_poll_says_its_question_and_its_choices() -> None:
    choices = [{"client_id": "c1", "answer_text": "Ja"}, {"client_id": "c2", "answer_text": "Nee"}]
    poll = {"type": "poll", "client_id": "c0", "question": "Naar het werk?", "answers": choices}
    assert one(post(content=[words("Fiets jij?"), poll])).text == (
        "Fiets jij?\nNaar het werk?\nJa\nNee"
    )


def test_no_notes_are_no_likes_no_reblogs_and_no_answers() -> None:
    found = one(post(note_count=0))
    assert (found.likes_count, found.reposts_count, found.replies_count) == (0, 0, 0)


def test_a_large_id_is_not_rounded() -> None:
    number = 18_446_744_073_709_551_615
    assert one(post(number)).post_id == str(number)


def reblog(**more: Any) -> Element:
    trail = [step(1, "kim", "Wat een fiets"), step(2, "sam", "Mooi, en duur")]
    about = {"reblogged_from_id": "3", "reblogged_root_id": "1", "reblogged_root_name": "kim"}
    return post(7, NEWEST, **{"trail": trail, **about, **more})


def test_a_reblog_without_words_of_its_own_is_a_repost_of_who_spoke_last() -> None:
    found = one(reblog(content=[]))
    assert (found.kind, found.reposted_id, found.quoted_id) == ("repost", "2", None)
    assert (found.root_id, found.text) == ("1", "")


def test_a_reblog_with_words_is_a_quote_and_only_those_words_count() -> None:
    found = one(reblog(content=[words("Helemaal mee eens")]))
    assert (found.kind, found.quoted_id, found.reposted_id) == ("quote", "2", None)
    assert (found.root_id, found.text) == ("1", "Helemaal mee eens")


def test_a_trail_that_is_broken_leaves_the_names_the_post_gives() -> None:
    broken = {"broken_blog_name": "weg", "content": [words("was hier")]}
    found = one(reblog(trail=[broken], content=[]))
    assert (found.reposted_id, found.root_id) == ("3", "1")


def test_an_answer_to_an_ask_names_and_quotes_who_asked() -> None:
    layout = [
        {"type": "ask", "blocks": [0], "attribution": {"type": "blog", "blog": {"name": "k"}}}
    ]
    named = [{"type": "mention", "start": 0, "end": 3, "blog": {"name": "ander"}}]
    question = words("Wanneer?\nOf nooit?") | {"formatting": named}
    found = one(post(content=[question, words("Morgen!")], layout=layout))
    assert (found.text, found.mentions) == ("> Wanneer?\n> Of nooit?\nMorgen!", ("k",))


def test_the_types_of_old() -> None:
    bare = {key: value for key, value in post().items() if key not in {"content", "layout"}}
    body = (
        '<p>Een <b>nieuwe</b> fiets</p><p><a href="https://href.li/?https://acme.nl">hier</a></p>'
    )
    text = one(bare | {"type": "text", "title": "Nieuw", "body": body})
    assert (text.title, text.text) == ("Nieuw", "Een nieuwe fiets\n\nhier")
    assert text.links == ("https://acme.nl",)
    link = one(bare | {"type": "link", "url": "https://acme.nl/1", "description": "<p>Kijk</p>"})
    assert (link.text, link.links) == ("Kijk", ("https://acme.nl/1",))
    answer = {"type": "answer", "question": "Wat?", "answer": "<p>Dit</p>"}
    asked = one(bare | answer | {"asking_name": "Anonymous"})
    assert (asked.text, asked.mentions) == ("> Wat?\n\nDit", ())
    assert one(bare | answer | {"asking_name": "kim"}).mentions == ("kim",)


def test_a_reblog_of_old_counts_only_its_comment() -> None:
    bare = {key: value for key, value in reblog().items() if key not in {"content", "layout"}}
    mine = {"post": {"id": "7"}, "content_raw": "<p>Van mij</p>", "is_current_item": True}
    old = {"type": "text", "body": "<blockquote>alles</blockquote><p>Van mij</p>"}
    trail = [*bare["trail"], mine]
    assert one(bare | old | {"trail": trail}).text == "Van mij"
    commented = one(bare | old | {"reblog": {"comment": "<p>Ook</p>"}, "trail": trail})
    assert (commented.text, commented.quoted_id) == ("Ook", "2")
    assert one(bare | old | {"reblog": {"comment": ""}}).kind == "repost"


@pytest.mark.parametrize("state", ["private", "draft", "queued", "unapproved"])
def test_what_is_not_published_is_private(state: str) -> None:
    assert one(post(state=state)).visibility == "private"


def test_a_post_that_lost_its_blocks_is_set_apart() -> None:
    bare = {key: value for key, value in post().items() if key != "content"}
    (odd,) = rejected(understood(listed(bare)))
    assert odd.path == "$.response.posts[0].content"


# What may be inspected


def note(kind: str = "reply", at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "type": kind,
        "timestamp": int(at.timestamp()),
        "blog_name": "kim",
        "blog_uuid": "t:kim1",
        "blog_url": "https://kim.tumblr.com/",
    } | more


def notes(*elements: Element, cursor: str | None = None) -> dict[str, Any]:
    href = "https://evil.example/?api_key=k3y"
    following = {"href": href, "query_params": {"before_timestamp": cursor}}
    links = {"_links": {"next": following}} if cursor else {}
    return envelope({"notes": list(elements), "total_notes": 3, **links})


def test_notes_are_answers_and_reblogs_with_words() -> None:
    answer = note(reply_text="Waar te koop?", formatting=[{"type": "mention", "blog": BLOG}])
    quote = note("reblog", post_id="8", added_text="Wil ik", reblog_parent_post_id="7")
    found = posts(understood(notes(answer, quote, note("like"), note("reblog", post_id="9"))))
    first, second = found
    moment = int(NEWEST.timestamp())
    assert (first.kind, first.post_id) == ("reply", f"7/kim/{moment}")
    assert (first.parent_id, first.root_id, first.text) == ("7", "7", "Waar te koop?")
    assert (first.author_id, first.author_handle) == ("t:kim1", "kim")
    assert (first.mentions, first.native_id, first.created_at) == (("acme",), None, NEWEST)
    assert (second.kind, second.post_id, second.native_id) == ("quote", "8", "t:kim1/8")
    assert (second.quoted_id, second.root_id, second.text) == ("7", "7", "Wil ik")


def test_a_note_names_whose_post_it_answers_or_passes_on() -> None:
    """Answers stand under the post of the blog that was asked; posts before that night too."""
    parent = {"reblog_parent_blog_name": "lee", "reblog_parent_post_id": "7"}
    said = notes(note(reply_text="Ja"), note("reblog", post_id="8", added_text="Ik", **parent))

    def whom(blog: str) -> list[str | None]:
        url = ADDRESS.replace("/acme/", f"/{blog}/")
        reply = msgspec.structs.replace(reply_with(said), url=url)
        return [each.parent_author_id for each in posts(list(understand(tumblr, [reply])))]

    assert whom("acme") == whom("acme.tumblr.com") == ["acme", "lee"]
    assert whom("t:acme1") == ["t:acme1", "lee"]
    assert whom("www.acme.nl") == [None, "lee"]


def test_a_note_may_tell_its_time_in_millionths() -> None:
    fine = note(reply_text="Ja") | {"timestamp": NEWEST.timestamp() * 1e6}
    (found,) = posts(understood(notes(fine)))
    assert found.created_at == NEWEST


def test_an_odd_post_is_told_with_its_place() -> None:
    (odd,) = rejected(understood(envelope([post(), post(8, NEWEST, tags=[3])])))
    assert odd.path == "$.response[1].tags[0]"


@pytest.mark.parametrize(
    ("response", "count"),
    [
        ([post(), {"object_type": "ad", "id": "1"}], 1),
        ({"liked_posts": [post()], "liked_count": 1}, 1),
        (post(), 1),
        ({"blog": BLOG}, 0),
        ({"user": {"name": "acme"}}, 0),
        ({"notifications": [], "_links": {}}, 0),
        ({"id": "7"}, 0),
        ([], 0),
    ],
)
def test_any_reply_may_be_read(response: Any, count: int) -> None:
    assert len(posts(understood(envelope(response)))) == count


@pytest.mark.parametrize(
    "response", ["a text", None, {"unheard": 1}, {"blog": BLOG, "total_posts": 3}]
)
def test_what_is_no_answer_is_told(response: Any) -> None:
    with pytest.raises(PayloadError):
        understood(envelope(response))


# What is asked


def test_tags_are_looked_for_from_ever_earlier_moments() -> None:
    held = [post(number, NOW - timedelta(hours=number)) for number in range(1, 40)]
    listing = before(*held)
    server = Server({"tagged": lambda moment: envelope(listing(moment)["response"]["posts"])})
    found = posts(ask("mentions", server, terms=("Acme Fietsen",), tags=("#acme", "acme fietsen")))
    assert {each.post_id for each in found} == {str(number) for number in range(1, 40)}
    first = server.asked[0].url.params
    assert {each.url.params["tag"] for each in server.asked} == {"acme fietsen", "acme"}
    assert (first["npf"], first["limit"], first["api_key"]) == ("true", "20", "k3y")


def test_a_hole_in_a_list_of_tagged_posts_is_stepped_over() -> None:
    old = post(5, NOW - timedelta(hours=40))

    def holey(moment: int) -> dict[str, Any]:
        hours = (NOW.timestamp() - moment) / 3600
        return envelope([old] if 30 < hours < 45 else [])

    server = Server({"tagged": holey})
    assert [each.post_id for each in posts(ask("mentions", server, tags=("acme",)))] == ["5"]
    asked = [int(each.url.params["before"]) for each in server.asked]
    steps = [first - second for first, second in pairwise(asked)]
    assert [each // 3600 for each in steps[:3]] == [6, 12, 24]
    assert asked == sorted(asked, reverse=True)


def test_a_tag_without_end_is_given_up_with_a_gap() -> None:
    def endless(moment: int) -> dict[str, Any]:
        return envelope([post(moment, datetime.fromtimestamp(moment - 1, UTC))])

    found = ask("mentions", Server({"tagged": endless}), tags=("acme",))
    (gap,) = gaps(found)
    assert gap.gap_from == SINCE
    assert len(posts(found)) == tumblr_ask.MOST_CALLS


def test_a_timeline_goes_on_below_a_post_that_is_pinned() -> None:
    pinned = post(999, NOW - timedelta(days=700))
    held = [post(number, NOW - timedelta(hours=number)) for number in range(1, 45)]
    listing = before(*held)

    def answer(moment: int) -> dict[str, Any]:
        rest = listing(moment)["response"]["posts"]
        return listed(*([pinned, *rest[:19]] if moment > NOW.timestamp() else rest))

    server = Server({"blog/acme/posts": answer})
    found = posts(ask("timeline", server, accounts=("@acme",)))
    assert {each.post_id for each in found} >= {str(number) for number in range(1, 45)}


def test_an_inbox_is_what_is_said_under_posts_of_thirty_days() -> None:
    held = [
        post(1, NOW - timedelta(days=1)),
        post(2, NOW - timedelta(days=2), note_count=0),
        reblog(id=3, id_string="3", timestamp=int((NOW - timedelta(days=3)).timestamp())),
        post(4, NOW - timedelta(days=20)),
        post(5, NOW - timedelta(days=31)),
    ]
    fresh, stale = note("reply", NOW, reply_text="Nu"), note("reply", NEWEST, reply_text="Toen")
    server = Server(
        {
            "blog/acme/posts": before(*held),
            "blog/acme/notes?1": notes(fresh, cursor="22"),
            "blog/acme/notes?1?22": notes(stale, cursor="11"),
            "blog/acme/notes?4": notes(),
        }
    )
    found = posts(ask("inbox", server, accounts=("acme",)))
    assert [each.text for each in found] == ["Nu", "Toen"]
    assert found[0].parent_id == "1"
    asked = [each.url.params for each in server.asked if each.url.path.endswith("notes")]
    assert [each["id"] for each in asked] == ["1", "1", "4"]
    assert {each["mode"] for each in asked} == {"conversation"}
    assert {each.url.host for each in server.asked} == {"api.tumblr.com"}


def test_a_post_is_asked_for_by_the_lasting_name_of_its_blog() -> None:
    """Who takes another name has deleted nothing."""
    renamed = post(1, blog_name="nieuw", post_url="https://nieuw.tumblr.com/post/1")
    server = Server({"blog/t:acme1/posts?1": listed(renamed)})
    (found,) = posts(ask("refresh", server, [one(post(1))]))
    assert (found.author_id, found.author_handle, found.deleted_at) == ("t:acme1", "nieuw", None)


def test_a_thread_is_what_was_said_under_a_post() -> None:
    answer = note(reply_text="Waar?")
    server = Server({"blog/t:acme1/notes?7": notes(answer)})
    start = one(post())
    (found,) = posts(ask("thread", server, start))
    assert (found.text, found.parent_id) == ("Waar?", "7")
    assert ask("thread", server, found) == []


@pytest.mark.parametrize("verb", ["timeline", "inbox"])
def test_a_blog_that_is_gone_is_told_by_its_name(verb: str) -> None:
    body = {"meta": {"status": 404, "msg": "Not Found"}, "response": []}
    with pytest.raises(AccountGone, match="weg: "):
        ask(verb, lambda _: httpx.Response(404, json=body), accounts=("weg",))


def test_refresh_tells_what_is_gone_but_not_what_is_only_hidden() -> None:
    hidden = envelope([], 404, errors=[{"title": "Not Found", "code": 4012, "detail": "log in"}])
    server = Server(
        {
            "blog/t:acme1/posts?1": listed(post(1, tags=["anders"])),
            "blog/t:acme1/posts?3": hidden,
        }
    )
    known = [one(post(number)) for number in (1, 2, 3)]
    answer = posts(understood(notes(note(reply_text="Waar?"))))
    changed, gone = posts(ask("refresh", server, [*known, *answer]))
    assert (changed.post_id, changed.tags, changed.deleted_at) == ("1", ("anders",), None)
    assert (gone.post_id, gone.text, gone.author_id) == ("2", "", None)
    assert gone.deleted_at is not None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, "<html>Not here</html>", PayloadError),
        (429, "Limit Exceeded", RateLimited),
        (401, json.dumps(envelope([], 401)), SourceRefused),
        (503, "down", SourceUnavailable),
    ],
)
def test_a_refusal_is_never_taken_for_a_deletion(
    status: int, body: str, error: type[LuisterError]
) -> None:
    with pytest.raises(LuisterError) as told:
        ask("refresh", lambda _: httpx.Response(status, text=body), [one(post())])
    assert type(told.value) is error


# What is refused


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, 0, PayloadError),
        (401, 1016, SourceRefused),
        (403, 0, SourceRefused),
        (404, 0, SourceGone),
        (404, 4012, SourceRefused),
        (500, 0, SourceUnavailable),
        (429, 0, RateLimited),
    ],
)
def test_the_status_in_the_envelope_counts(
    status: int, code: int, error: type[LuisterError]
) -> None:
    body = envelope([], status, errors=[{"title": "Nee", "code": code, "detail": "om een reden"}])
    with pytest.raises(LuisterError) as told:
        understood(body)
    assert type(told.value) is error
    assert status == 429 or "om een reden" in told.value.what


def test_the_limits_of_the_hour_and_the_day() -> None:
    hour = {"x_ratelimit_perhour_remaining": "0", "x_ratelimit_perhour_reset": "1800"}
    day = {"x_ratelimit_perday_remaining": "0", "x_ratelimit_perday_reset": "40000"}
    left = {"x_ratelimit_perhour_remaining": "12", "x_ratelimit_perhour_reset": "1800"}
    body = listed()
    assert tumblr.pause(reply_with(body, **hour)) == 1800
    assert tumblr.pause(reply_with(body, **hour, **day)) == 40_000
    assert tumblr.pause(reply_with(body, **left)) is None
    told = tumblr.refusal(reply_with(b"Limit Exceeded", 429, **day))
    assert isinstance(told, RateLimited)
    assert told.seconds == 40_000


def test_every_answer_is_a_call_of_the_day() -> None:
    assert tumblr.spent(reply_with(listed())) == {"calls": 1}
    assert tumblr.ACCESS.quotas["calls"].limit == 5_000


def test_the_key_is_shown_nowhere() -> None:
    source = Source(name="tumblr", platform="tumblr", accounts=("acme",))
    with (
        client_for(
            tumblr, source, lambda _: httpx.Response(403), TUMBLR_CONSUMER_KEY="k3y-t0p"
        ) as client,
        pytest.raises(SourceRefused) as told,
    ):
        list(tumblr.timeline(source, client, SINCE))
    assert "k3y-t0p" not in str(told.value)


def test_a_slip_in_the_configuration_is_told() -> None:
    with pytest.raises(ConfigError, match="no name of a blog"):
        ask("timeline", Server({}), accounts=("Acme/../fietsen",))
    source = Source(name="tumblr", platform="tumblr", tags=("acme",))
    with client_for(tumblr, source, None) as client, pytest.raises(ConfigError, match="KEY"):
        list(tumblr.mentions(source, client, SINCE))


def test_a_reblog_names_whose_post_it_passes_on() -> None:
    trail = [step(1, "kim", "one"), step(2, "lee", "two")]
    from_lee = {"reblogged_from_id": "2", "reblogged_from_name": "lee"}
    known = {
        "reblogged_from_id": "2",
        "reblogged_from_uuid": "t:lee1",
        "reblogged_from_name": "lee",
    }
    things = [
        post(7, trail=trail, **from_lee),
        post(8, content=[], trail=trail[:1], **from_lee),
        post(9, content=[], **known),
        post(10, **from_lee),
        post(11),
    ]
    found = posts(understood(listed(*things)))
    assert [each.parent_author_id for each in found] == ["lee", "kim", "t:lee1", "lee", None]
