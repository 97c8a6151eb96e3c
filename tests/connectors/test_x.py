"""X: two spellings of everything, versions with ids of their own, and every post has its price."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import httpx
import pytest

from connectors import x
from connectors.paging import understand
from connectors.testing import (
    LONG_AGO,
    NEWEST,
    ConnectorContract,
    Element,
    Handler,
    client_for,
    gaps,
    posts,
    rejected,
    until_error,
)
from connectors.x_post import born_at
from pipeline.errors import (
    ConfigError,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post, Read, Rejected
from pipeline.source import Reply, Source

API = "https://api.x.com/2"
PROBLEM = "https://api.twitter.com/2/problems"
NOW = datetime.now(UTC)
SINCE = NOW - timedelta(days=2)
KIM: Element = {
    "id": "11",
    "username": "kim_fietst",
    "name": "Kim",
    "created_at": "2015-02-03T04:05:06.000Z",
    "protected": False,
    "public_metrics": {"followers_count": 120, "following_count": 80, "tweet_count": 3000},
}
LOCKED: Element = {"id": "12", "username": "op_slot", "name": "Slot", "protected": True}


def number(at: datetime, sequence: int = 0) -> str:
    """An id as X would have given it at that moment."""
    since_start = round(at.timestamp() * 1000) - 1_288_834_974_657
    return str((since_start << 22) + sequence)


def sent(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def tweet(at: datetime = NEWEST, sequence: int = 0, /, **more: Any) -> Element:
    name = number(at, sequence)
    return {
        "id": name,
        "text": "Een nieuwe fiets van Acme",
        "created_at": sent(at),
        "author_id": "11",
        "conversation_id": name,
        "edit_history_tweet_ids": [name],
        "lang": "nl",
        "public_metrics": {
            "like_count": 3,
            "reply_count": 0,
            "retweet_count": 2,
            "quote_count": 1,
            "impression_count": 400,
        },
    } | more


def page(*data: Element, token: str | None = None, **more: Any) -> dict[str, Any]:
    meta = {"result_count": len(data)} | ({"next_token": token} if token else {})
    found = {"data": list(data)} if data else {}
    return {**found, "includes": {"users": [KIM]}, "meta": meta} | more


def problem(kind: str, name: str | None = None, **more: Any) -> dict[str, Any]:
    about = {} if name is None else {"resource_id": name, "resource_type": "tweet", "value": name}
    return {"title": "Not Found Error", "detail": kind, "type": f"{PROBLEM}/{kind}", **about} | more


class TestX(ConnectorContract):
    platform = "x"
    source = Source(name="x", platform="x", terms=("Acme",))
    secrets: ClassVar = {"X_BEARER_TOKEN": "t0ken"}
    promised = "text"

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return tweet(created_at, number, author_id="12" if private else "11")

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        at = int(request.url.params.get("next_token", "0"))
        chosen: Any = pages[at]
        found = pages[0] if chosen == "again" else chosen
        token = str(at + 1) if at + 1 < len(pages) else "0" if chosen == "again" else None
        body = page(*found, token=token, includes={"users": [KIM, LOCKED]})
        return httpx.Response(200, json=body)


class Server:
    """Answers by path, or by path and one parameter; remembers what it was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path.removeprefix("/2/")
        place = request.url.params.get("next_token") or request.url.params.get("pagination_token")
        name = path if place is None else f"{path}?{place}"
        return httpx.Response(200, json=self.answers.get(name, page()))

    def params(self, index: int = 0) -> httpx.QueryParams:
        return self.asked[index].url.params

    @property
    def paths(self) -> list[str]:
        return [each.url.path.removeprefix("/2/") for each in self.asked]


def ask(verb: str, handler: Handler, *rest: Any, **source: Any) -> list[Read]:
    asked = Source(name="x", platform="x", **source)
    with client_for(x, asked, handler, X_BEARER_TOKEN="t0ken") as client:
        return list(getattr(x, verb)(asked, client, *(rest or (SINCE,))))


def reply_with(body: Any, status: int = 200, **headers: str) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(url=API, status=status, headers=named, body=raw, observed_at=NEWEST)


def understood(body: Any) -> list[Read]:
    return list(understand(x, [reply_with(body)]))


def one(element: Element, **includes: Any) -> Post:
    body = {"data": [element], "includes": {"users": [KIM], **includes}}
    (post,) = posts(understood(body))
    return post


# What a post says


def test_a_post_with_its_author() -> None:
    entities = {
        "mentions": [{"username": "Acme", "id": "9"}, {"username": "acme_hulp"}],
        "hashtags": [{"tag": "Fietsen"}],
        "urls": [{"url": "https://t.co/a", "expanded_url": "https://acme.nl/fiets"}],
    }
    post = one(tweet(text="Snel &amp; mooi &lt;3 &amp;lt;", entities=entities))
    assert post.post_id == post.native_id == post.root_id == number(NEWEST)
    assert (post.kind, post.text, post.language) == ("post", "Snel & mooi <3 &lt;", "nl")
    assert post.url == f"https://x.com/kim_fietst/status/{post.post_id}"
    assert (post.author_id, post.author_handle, post.author_name) == ("11", "kim_fietst", "Kim")
    assert post.author_url == "https://x.com/kim_fietst"
    assert (post.author_followers_count, post.author_following_count) == (120, 80)
    assert (post.author_posts_count, post.author_is_bot) == (3000, None)
    assert post.author_created_at == datetime(2015, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert (post.likes_count, post.replies_count, post.reposts_count) == (3, 0, 2)
    assert (post.quotes_count, post.views_count) == (1, 400)
    assert post.mentions == ("Acme", "acme_hulp")
    assert (post.tags, post.links) == (("Fietsen",), ("https://acme.nl/fiets",))
    assert (post.edited_at, post.deleted_at, post.parent_id, post.aliases) == (None, None, None, ())


def test_the_new_spelling_says_the_same() -> None:
    name, other = number(NEWEST), number(NEWEST - timedelta(hours=1))
    old = tweet(
        referenced_tweets=[{"type": "quoted", "id": other}],
        note_tweet={"text": "Een lang verhaal"},
    )
    new = {key: value for key, value in old.items() if "tweet" not in key}
    new |= {"edit_history_post_ids": [name], "note_post": {"text": "Een lang verhaal"}}
    new |= {"referenced_posts": [{"type": "quoted", "id": other}]}
    new |= {"public_metrics": {"like_count": 3, "reply_count": 0, "repost_count": 2}}
    author = KIM | {"public_metrics": {"followers_count": 120, "post_count": 3000}}
    renamed = one(new, users=[author])
    first = one(old)
    for field in ("post_id", "kind", "quoted_id", "text", "reposts_count", "author_posts_count"):
        assert getattr(renamed, field) == getattr(first, field), field


def test_a_repost_in_the_new_spelling() -> None:
    original = tweet(NEWEST - timedelta(days=1), text="Alles over Acme")
    references = [{"type": "reposted", "id": original["id"]}]
    post = one(tweet(text="RT @a: Al…", referenced_posts=references), posts=[original])
    assert (post.kind, post.reposted_id, post.text) == ("repost", original["id"], "Alles over Acme")
    assert post.reposts_count is None


def test_what_was_not_asked_for_is_unknown_but_an_id_tells_its_time() -> None:
    moment = datetime(2026, 11, 20, 9, 8, 7, 654_000, tzinfo=UTC)
    (post,) = posts(understood({"data": [{"id": number(moment), "text": "Acme"}]}))
    assert post.created_at == moment.replace(microsecond=0)
    assert post.url == f"https://x.com/i/web/status/{post.post_id}"
    for field in ("author_id", "author_handle", "language", "root_id", "likes_count"):
        assert getattr(post, field) is None, field


def test_ids_of_the_first_years_tell_no_time() -> None:
    assert born_at("20") is None


def test_a_reply_wins_over_a_quote_and_both_are_kept() -> None:
    parent, quoted = number(NEWEST - timedelta(days=1)), number(NEWEST - timedelta(days=2))
    references = [{"type": "quoted", "id": quoted}, {"type": "replied_to", "id": parent}]
    post = one(tweet(referenced_tweets=references, in_reply_to_user_id="9", conversation_id=parent))
    assert (post.kind, post.parent_id, post.quoted_id) == ("reply", parent, quoted)
    assert (post.parent_author_id, post.root_id) == ("9", parent)


def test_a_repost_has_the_words_of_the_original_and_no_numbers_of_its_own() -> None:
    before = NEWEST - timedelta(days=1)
    long = {"text": "Lang verhaal over Acme", "entities": {"hashtags": [{"tag": "lang"}]}}
    original = tweet(before, text="Lang…", lang="en", note_tweet=long, author_id="9")
    references = [{"type": "retweeted", "id": original["id"]}, {"type": "quoted", "id": "77"}]
    repost = tweet(text="RT @acme: Lang…", referenced_tweets=references)
    post = one(repost, tweets=[original])
    assert (post.kind, post.reposted_id, post.quoted_id) == ("repost", original["id"], None)
    assert (post.text, post.language, post.tags) == ("Lang verhaal over Acme", "en", ("lang",))
    assert post.author_handle == "kim_fietst"
    assert (post.likes_count, post.reposts_count, post.replies_count) == (None, None, None)
    assert one(repost).text == "RT @acme: Lang…"


def test_all_versions_of_an_edited_post_are_one_post() -> None:
    first, second = NEWEST, NEWEST + timedelta(minutes=9)
    history = [number(second), number(first)]
    post = one(tweet(second, edit_history_tweet_ids=history))
    assert (post.post_id, post.native_id) == (number(first), number(second))
    assert post.aliases == (number(second),)
    assert (post.created_at, post.edited_at) == (first, second)
    assert post.root_id == post.post_id
    assert post.url is not None
    assert post.url.endswith(number(second))


def test_links_are_what_people_share_not_what_x_adds() -> None:
    name, quoted = number(NEWEST), number(NEWEST - timedelta(days=1))
    urls = [
        {"expanded_url": f"https://twitter.com/kim_fietst/status/{name}/photo/1"},
        {"expanded_url": f"https://x.com/acme/status/{quoted}/video/1"},
        {"expanded_url": f"https://twitter.com/i/web/status/{name}"},
        {"expanded_url": f"https://x.com/acme/status/{quoted}?s=20"},
        {"expanded_url": "https://pic.x.com/abc", "media_key": "3_1"},
        {"expanded_url": "https://bit.ly/1", "unwound_url": "https://acme.nl/lang"},
        {"expanded_url": "https://x.com/acme/status/5"},
        {"url": "javascript:alert(1)"},
    ]
    references = [{"type": "quoted", "id": quoted}]
    post = one(tweet(entities={"urls": urls}, referenced_tweets=references))
    assert post.links == ("https://acme.nl/lang", "https://x.com/acme/status/5")


def test_a_repost_of_a_quote_does_not_share_what_was_quoted() -> None:
    urls = [{"expanded_url": "https://x.com/acme/status/5"}]
    quoting = {"entities": {"urls": urls}, "referenced_tweets": [{"type": "quoted", "id": "5"}]}
    original = tweet(NEWEST - timedelta(days=1), **quoting)
    references = [{"type": "retweeted", "id": original["id"]}]
    assert one(tweet(referenced_tweets=references), tweets=[original]).links == ()


@pytest.mark.parametrize(
    ("sent_as", "language"),
    [("iw", "he"), ("in", "id"), ("und", None), ("zxx", None), ("qme", None), ("nl", "nl")],
)
def test_only_languages_are_languages(sent_as: str, language: str | None) -> None:
    assert one(tweet(lang=sent_as)).language == language


@pytest.mark.parametrize(
    ("element", "author", "visibility"),
    [
        ({}, {}, "public"),
        ({}, {"protected": True}, "followers"),
        ({"withheld": {"copyright": False, "country_codes": ["DE"]}}, {}, "withheld"),
        ({"withheld": {"copyright": True}}, {}, "withheld"),
        ({}, {"withheld": {"country_codes": ["TR"], "scope": "user"}}, "withheld"),
        ({"withheld": {"copyright": False, "country_codes": []}}, {}, "public"),
    ],
)
def test_only_what_everybody_may_read_is_public(
    element: Element, author: Element, visibility: str
) -> None:
    assert one(tweet(**element), users=[KIM | author]).visibility == visibility


def test_an_article_has_a_title() -> None:
    assert one(tweet(article={"title": "Over Acme"})).title == "Over Acme"


def test_an_article_says_more_than_the_post_that_carries_it() -> None:
    article = {"title": "Over Acme", "preview_text": "Hoe het…", "plain_text": "Hoe het begon."}
    assert one(tweet(text="https://t.co/a", article=article)).text == (
        "https://t.co/a\nHoe het begon."
    )
    del article["plain_text"]
    assert one(tweet(text="https://t.co/a", article=article)).text == "https://t.co/a\nHoe het…"
    assert one(tweet()).title is None


def test_the_label_of_an_automated_account() -> None:
    robot = KIM | {"affiliation": {"description": "Automated"}}
    assert one(tweet(), users=[robot]).author_is_bot is True


# What may be inspected


def test_an_event_tells_of_a_new_post_and_of_a_deleted_one() -> None:
    made = {"event_type": "post.create", "payload": tweet(), "includes": {"users": [KIM]}}
    (post,) = posts(understood({"data": made}))
    assert (post.text, post.author_handle) == ("Een nieuwe fiets van Acme", "kim_fietst")
    payload = {"id": post.post_id, "author_id": "11"}
    deleted = {"event_type": "post.delete", "payload": payload}
    (gone,) = posts(understood({"data": deleted | {"includes": {"users": [{"data": KIM}]}}}))
    assert (gone.post_id, gone.deleted_at, gone.created_at) == (post.post_id, NEWEST, NEWEST)
    assert (gone.text, gone.author_id) == ("", None)
    chat = {"event_type": "chat.received", "payload": {"id": "1", "text": "geheim"}}
    assert understood({"data": chat}) == []
    followed = {"event_type": "follow.follow", "payload": {"source": {"id": "1"}}}
    assert understood({"data": followed}) == []


def test_a_list_of_compliance_tells_what_must_go() -> None:
    lines = [
        {"id": number(NEWEST), "action": "delete", "reason": "deleted"}
        | {"created_at": sent(NEWEST), "redacted_at": "2026-11-21T10:00:00.000Z"},
        {"id": number(NEWEST, 1), "action": "delete", "reason": "scrub_geo"},
        {"id": number(NEWEST, 2), "action": "delete", "reason": "suspended"},
        {"id": "12", "action": "delete", "reason": "suspended", "created_at": sent(NEWEST)},
    ]
    found = posts(understood("\n".join(map(json.dumps, lines)).encode()))
    assert [post.post_id for post in found] == [number(NEWEST), number(NEWEST, 2)]
    assert [post.deleted_at for post in found] == [datetime(2026, 11, 21, 10, tzinfo=UTC), NEWEST]


@pytest.mark.parametrize(
    "body",
    [
        {"meta": {"result_count": 0}},
        {"meta": {"result_count": 0}, "errors": [problem("resource-not-found", "5")]},
        {"data": [KIM], "includes": {"tweets": [tweet()]}},
        {"data": KIM},
        {"data": [{"start": "a", "end": "b", "tweet_count": 3}], "meta": {"total_tweet_count": 3}},
        {"data": [{"id": "1", "name": "A list", "member_count": 3}]},
        {"data": [{"id": "1", "state": "live"}]},
        {"data": [{"id": "1", "event_type": "MessageCreate", "text": "geheim"}]},
        {"data": [{"id": "1", "value": "acme"}], "meta": {"sent": "now"}},
        {"data": {"deleted": True}},
        {"data": {"project_cap": "1", "project_usage": "0"}},
        {"token_type": "bearer", "access_token": "abc"},
    ],
)
def test_what_holds_no_posts_gives_none(body: Any) -> None:
    assert understood(body) == []


def test_a_post_alone_and_a_post_of_an_archive() -> None:
    other = tweet(NEWEST - timedelta(days=1), text="Alles", type="retweeted")
    flat = tweet(author=KIM, referenced_tweets=[other], text="RT @x: Al…")
    (post,) = posts(understood(flat))
    assert (post.author_handle, post.text) == ("kim_fietst", "Alles")


def test_a_line_that_is_not_understood_has_its_number() -> None:
    body = b'{"data": {"id": "30000000000", "text": "a"}}\n{"data": {"id": "no", "text": "a"}}'
    (odd,) = rejected(understood(body))
    assert odd.path == "line 2 $.data.id"


# What is asked


def test_mentions_are_one_query_as_long_as_it_fits() -> None:
    server = Server({"tweets/search/recent": page(tweet())})
    found = ask(
        "mentions",
        server,
        terms=("Acme", 'Acme "Pro" fiets', "acme.nl"),
        tags=("acme", "#fietsen"),
        urls=("https://www.acme.nl/actie/",),
        accounts=("acme",),
        language="nl",
        options={"narrow": "-giveaway"},
    )
    assert len(posts(found)) == 1
    assert gaps(found) == []
    (asked,) = server.asked
    assert asked.url.params["query"] == (
        '("Acme" OR "Acme Pro fiets" OR "acme.nl" OR url:"acme.nl" OR #acme OR #fietsen'
        ' OR url:"www.acme.nl/actie") -is:retweet -giveaway lang:nl'
    )
    assert asked.headers["authorization"] == "Bearer t0ken"
    assert asked.url.params["start_time"] == SINCE.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert asked.url.params["max_results"] == "100"
    assert asked.url.params["expansions"] == "author_id,attachments.poll_ids"
    assert {"article", "note_tweet", "withheld"} <= set(asked.url.params["tweet.fields"].split(","))
    assert "protected" in asked.url.params["user.fields"].split(",")


@pytest.mark.parametrize(
    ("language", "code"),
    [("he", "iw"), ("id", "in"), ("nl-NL", "nl"), ("zh-TW", "zh-TW"), ("NL", "nl")],
)
def test_a_language_is_asked_for_by_the_code_x_knows(language: str, code: str) -> None:
    server = Server({})
    ask("mentions", server, terms=("Acme",), language=language)
    assert server.params()["query"].endswith(f" lang:{code}")


def test_a_tag_of_several_words_is_one_on_x() -> None:
    server = Server({})
    ask("mentions", server, tags=("#nieuwe fiets", "fiets-fabriek", "#"))
    assert server.params()["query"].startswith("(#nieuwefiets OR #fietsfabriek) ")


def test_no_time_is_asked_for_that_has_hardly_passed() -> None:
    server = Server({})
    ask("mentions", server, datetime.now(UTC), terms=("Acme",))
    assert server.params()["start_time"] < datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_many_words_make_more_queries_of_which_none_is_too_long() -> None:
    server = Server({})
    terms = tuple(f"fietsfabriek nummer {each}" for each in range(60))
    ask("mentions", server, terms=terms)
    queries = [each.url.params["query"] for each in server.asked]
    assert len(queries) > 1
    assert max(map(len, queries)) <= 512
    assert all(f'"{term}"' in " ".join(queries) for term in terms)


def test_one_word_longer_than_a_query_is_told() -> None:
    with pytest.raises(ConfigError, match="longer than X allows"):
        ask("mentions", Server({}), terms=("a" * 600,))


def test_mentions_hold_the_accounts_when_the_inbox_is_not_read() -> None:
    server = Server({})
    ask("mentions", server, accounts=("@Acme",), verbs=("mentions",))
    assert "@Acme OR to:Acme" in server.params()["query"]
    nothing = Server({})
    assert ask("mentions", nothing, accounts=("Acme",)) == []
    assert nothing.asked == []


def test_recent_search_knows_seven_days_and_says_so_once_it_matters() -> None:
    server = Server({})
    assert ask("mentions", server, NOW - timedelta(days=8), terms=("Acme",)) == []
    assert "start_time" not in server.params()
    (gap,) = gaps(ask("mentions", server, NOW - timedelta(days=30), terms=("Acme",)))
    assert gap.gap_from == NOW - timedelta(days=30)
    assert abs(gap.gap_to - (datetime.now(UTC) - timedelta(days=7))) < timedelta(minutes=10)


def test_the_archive_has_no_window_and_longer_queries() -> None:
    server = Server({})
    terms = tuple(f"fietsfabriek nummer {each}" for each in range(30))
    found = ask("mentions", server, LONG_AGO, terms=terms, options={"archive": True})
    assert found == []
    assert server.paths == ["tweets/search/all"]
    assert server.params()["start_time"] == "2025-11-20T12:00:00Z"
    assert server.params()["max_results"] == "500"


def test_pages_keep_the_question_and_an_empty_page_may_lead_on() -> None:
    server = Server(
        {
            "tweets/search/recent": page(token="b"),
            "tweets/search/recent?b": page(tweet(NOW)),
        }
    )
    assert len(posts(ask("mentions", server, terms=("Acme",)))) == 1
    first, second = server.params(0), server.params(1)
    assert {**second} == {**first, "next_token": "b"}


def accounts(*names: str) -> dict[str, Any]:
    return {"data": [{"id": str(at), "username": name} for at, name in enumerate(names, 1)]}


@pytest.mark.parametrize(
    "odd",
    [
        {"attachments": []},
        {"attachments": {"media": {"type": "photo"}, "poll": "5"}},
        {"attachments": {"poll": {"options": [{"label": None}, "Rood"]}, "media": [None]}},
        {"article": []},
        {"article": {"title": 7, "plain_text": ["Over", "Acme"]}},
    ],
)
def test_an_odd_attachment_costs_no_post(odd: dict[str, Any]) -> None:
    found = one(tweet(text="Welke kleur?", **odd))
    assert (found.text, found.title) == ("Welke kleur?", None)


def test_an_odd_attachment_beside_a_post_costs_it_nothing() -> None:
    asked = tweet(text="Welke kleur?", attachments={"poll_ids": ["5"], "media_keys": ["3_7"]})
    polls: list[Any] = [{"id": "5", "options": [{"label": 1}, {"label": "Wit &amp; grijs"}]}]
    media: list[Any] = [{"media_key": "3_7", "alt_text": ["Een fiets"]}]
    assert one(asked, polls=polls, media=media).text == "Welke kleur?\nWit & grijs"


def test_a_poll_that_is_told_twice_is_said_once() -> None:
    poll = {"id": "5", "options": [{"label": "Rood"}, {"label": "Wit"}]}
    asked = tweet(text="Welke kleur?", attachments={"poll_ids": ["5"], "poll": poll})
    assert one(asked, polls=[poll]).text == "Welke kleur?\nRood\nWit"


def test_what_could_be_chosen_in_a_poll_and_what_pictures_show_are_words() -> None:
    poll = {"id": "5", "options": [{"position": 1, "label": "Rood"}, {"label": "Blauw & wit"}]}
    picture = {"media_key": "3_7", "type": "photo", "alt_text": "Een fiets"}
    asked = tweet(text="Welke kleur?", attachments={"poll_ids": ["5"], "media_keys": ["3_7"]})
    post = one(asked, polls=[poll, {"id": "6", "options": [{"label": "?"}]}], media=[picture])
    assert post.text == "Welke kleur?\nRood\nBlauw & wit\nEen fiets"
    inside = tweet(text="Welke kleur?", attachments={"poll": poll, "media": [picture]})
    assert one(inside).text == post.text
    assert one(tweet(attachments={"media_keys": ["3_8"]}), media=[picture]).text == tweet()["text"]


def test_a_timeline_has_reposts_with_their_whole_words() -> None:
    server = Server(
        {
            "users/by": accounts("Acme"),
            "users/1/tweets": page(tweet(NOW), token="b"),
            "users/1/tweets?b": page(tweet(NOW - timedelta(hours=1))),
        }
    )
    assert len(posts(ask("timeline", server, accounts=("acme",)))) == 2
    assert server.paths == ["users/by", "users/1/tweets", "users/1/tweets"]
    assert server.params(0)["usernames"] == "acme"
    assert server.params(1)["expansions"] == "author_id,attachments.poll_ids,referenced_tweets.id"
    assert "exclude" not in server.params(1)
    assert server.params(1)["start_time"] == SINCE.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert server.params(2)["pagination_token"] == "b"


def test_an_account_that_is_not_there_is_told_when_the_others_were_read() -> None:
    lost = [problem("resource-not-found", "weg", resource_type="user")]
    server = Server(
        {
            "users/by": accounts("Acme") | {"errors": lost},
            "users/1/tweets": page(tweet(NOW)),
        }
    )
    source = Source(name="x", platform="x", accounts=("weg", "acme"))
    with client_for(x, source, server, X_BEARER_TOKEN="t0ken") as client:
        seen, error = until_error(x.timeline(source, client, SINCE))
    assert len(posts(seen)) == 1
    assert isinstance(error, SourceGone)
    assert "weg" in str(error)


def test_a_timeline_ends_at_3200_posts_and_says_so() -> None:
    last = NOW - timedelta(minutes=3199)

    def endless(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("users/by"):
            return httpx.Response(200, json=accounts("acme"))
        at = int(request.url.params.get("pagination_token", "0"))
        found = [tweet(NOW - timedelta(minutes=at * 100 + each)) for each in range(100)]
        return httpx.Response(200, json=page(*found, token=str(at + 1) if at < 31 else None))

    found = ask("timeline", endless, LONG_AGO, accounts=("acme",))
    assert len(posts(found)) == 3200
    (gap,) = gaps(found)
    assert gap.gap_from == LONG_AGO
    assert abs(gap.gap_to - last) < timedelta(seconds=1)
    assert gaps(ask("timeline", endless, NOW - timedelta(days=1), accounts=("acme",))) == []


def test_the_inbox_finds_what_mentions_answers_and_quotes_an_account() -> None:
    server = Server({"tweets/search/recent": page(tweet(NOW))})
    assert len(posts(ask("inbox", server, accounts=("@Acme",), language="nl"))) == 1
    assert server.paths == ["tweets/search/recent"]
    assert server.params()["query"] == (
        '(@Acme OR to:Acme OR url:"x.com/Acme/status" OR url:"twitter.com/Acme/status") -is:retweet'
    )


def test_the_first_inbox_goes_back_further_than_search_does() -> None:
    old = tweet(NOW - timedelta(days=12))
    server = Server({"users/by": accounts("acme"), "users/1/mentions": page(old)})
    since = NOW - timedelta(days=30)
    found = ask("inbox", server, since, accounts=("acme",))
    assert [post.post_id for post in posts(found)] == [old["id"]]
    assert gaps(found) == []
    assert server.paths == ["tweets/search/recent", "users/by", "users/1/mentions"]
    assert server.params(2)["start_time"] == since.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert server.params(2)["end_time"] < (NOW - timedelta(days=6)).isoformat()


def test_a_thread_has_what_stands_above_and_all_below() -> None:
    root, parent = tweet(NOW - timedelta(days=30)), tweet(NOW - timedelta(days=9))
    references = [{"type": "replied_to", "id": parent["id"]}]
    start = one(tweet(NOW, conversation_id=root["id"], referenced_tweets=references))
    other = tweet(NOW, 5, conversation_id=root["id"])
    server = Server({"tweets": page(root, parent), "tweets/search/recent": page(other)})
    found = posts(ask("thread", server, start))
    assert [post.post_id for post in found] == [root["id"], parent["id"], other["id"]]
    assert server.params(0)["ids"] == f"{root['id']},{parent['id']}"
    assert server.params(1)["query"] == f"(conversation_id:{root['id']}) -is:retweet"


def test_a_thread_from_its_first_post_asks_for_all_its_versions() -> None:
    names = [number(NEWEST), number(NEWEST + timedelta(minutes=1))]
    start = one(tweet(NEWEST + timedelta(minutes=1), edit_history_tweet_ids=names))
    server = Server({})
    ask("thread", server, start)
    (asked,) = server.asked
    assert (
        f"(conversation_id:{names[0]} OR conversation_id:{names[1]})" in asked.url.params["query"]
    )


def test_a_thread_whose_upper_posts_are_gone_has_the_others() -> None:
    root = number(NEWEST - timedelta(days=9))
    start = one(tweet(NOW, conversation_id=root))
    lost = {"errors": [problem("resource-not-found", root)]}
    server = Server({"tweets": lost, "tweets/search/recent": page(tweet(NOW, 5))})
    gone, other = posts(ask("thread", server, start))
    assert (gone.post_id, gone.text, gone.author_id) == (root, "", None)
    assert gone.deleted_at is not None
    assert gone.created_at == NEWEST - timedelta(days=9)
    assert other.deleted_at is None


def test_a_thread_takes_no_other_trouble_for_a_deletion() -> None:
    start = one(tweet(NOW, conversation_id="123"))
    trouble = {"errors": [problem("resource-unavailable", "123")]}
    server = Server({"tweets": trouble, "tweets/search/recent": page(tweet(NOW, 5))})
    (other,) = posts(ask("thread", server, start))
    assert other.deleted_at is None


# What has become of known posts


def known(*elements: Element) -> list[Post]:
    return [one(each) for each in elements]


def test_refresh_tells_what_changed_and_what_is_gone() -> None:
    kept, deleted, hidden, odd = (tweet(NEWEST, each) for each in range(4))
    errors = [
        problem("resource-not-found", deleted["id"]),
        problem("not-authorized-for-resource", hidden["id"]),
        problem("resource-unavailable", odd["id"]),
    ]
    counts = {"public_metrics": {"like_count": 9}}
    server = Server({"tweets": page(kept | counts, errors=errors)})
    found = posts(ask("refresh", server, known(kept, deleted, hidden, odd)))
    assert [post.post_id for post in found] == [kept["id"], deleted["id"], hidden["id"]]
    assert (found[0].likes_count, found[0].deleted_at) == (9, None)
    for gone in found[1:]:
        assert gone.deleted_at is not None
        assert (gone.text, gone.author_id) == ("", None)


def test_refresh_when_everything_is_gone() -> None:
    lost = tweet()
    server = Server({"tweets": {"errors": [problem("resource-not-found", lost["id"])]}})
    (gone,) = posts(ask("refresh", server, known(lost)))
    assert gone.deleted_at is not None


def test_a_post_that_is_withheld_or_protected_by_now_must_go() -> None:
    first, second = tweet(NEWEST, 1), tweet(NEWEST, 2)
    now = [first | {"withheld": {"country_codes": ["NL"]}}, second | {"author_id": "12"}]
    server = Server({"tweets": page(*now, includes={"users": [KIM, LOCKED]})})
    found = posts(ask("refresh", server, known(first, second)))
    assert [post.post_id for post in found] == [first["id"], second["id"]]
    assert all(post.deleted_at and not post.text for post in found)


def test_of_an_edited_post_the_latest_version_is_asked_for() -> None:
    before = tweet()
    names = [number(NEWEST), number(NEWEST + timedelta(minutes=2))]
    old = before | {"edit_history_tweet_ids": names}
    new = tweet(NEWEST + timedelta(minutes=2), edit_history_tweet_ids=names, text="Beter")

    def versions(request: httpx.Request) -> httpx.Response:
        asked = request.url.params["ids"]
        return httpx.Response(200, json=page({names[0]: old, names[1]: new}[asked]))

    (post,) = posts(ask("refresh", versions, known(before)))
    assert (post.post_id, post.native_id, post.text) == (names[0], names[1], "Beter")


def test_a_hundred_posts_are_asked_for_at_once_and_originals_only_for_reposts() -> None:
    plain = [tweet(NEWEST, each) for each in range(100)]
    repost = tweet(NEWEST, 200, referenced_tweets=[{"type": "retweeted", "id": "9"}])
    server = Server({})
    ask("refresh", server, known(repost, *plain))
    assert [len(each.url.params["ids"].split(",")) for each in server.asked] == [100, 1]
    assert server.params(0)["expansions"] == "author_id,attachments.poll_ids"
    assert server.params(1)["expansions"] == "author_id,attachments.poll_ids,referenced_tweets.id"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (429, {"title": "Too Many Requests", "detail": "Too Many Requests"}, RateLimited),
        (503, {"title": "Service Unavailable"}, SourceUnavailable),
        (401, {"title": "Unauthorized", "type": "about:blank", "status": 401}, SourceRefused),
        (200, {"unheard": "of"}, PayloadError),
        (200, {"errors": [{"message": "Over capacity", "code": 130}]}, SourceUnavailable),
    ],
)
def test_a_refusal_is_never_taken_for_a_deletion(
    status: int, body: Any, error: type[LuisterError]
) -> None:
    source = Source(name="x", platform="x")
    answer = httpx.Response(status, json=body)
    with client_for(x, source, lambda _: answer, X_BEARER_TOKEN="t0ken") as client:
        seen, told = until_error(x.refresh(source, client, known(tweet())))
    assert seen == []
    assert type(told) is error


# What is refused


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (400, problem("invalid-request", errors=[{"message": "bad query"}]), PayloadError, "bad q"),
        (401, {"title": "Unauthorized", "status": 401}, SourceRefused, "Unauthorized"),
        (402, {"title": "CreditsDepleted", "type": f"{PROBLEM}/credits"}, SourceRefused, "Credits"),
        (403, problem("client-forbidden", title="Forbidden"), SourceRefused, "Forbidden"),
        (403, {"title": "SpendCapReached", "detail": "cap"}, SourceRefused, "nothing is paid for"),
        (404, problem("resource-not-found", title="Not Found"), SourceGone, "Not Found"),
        (200, {"errors": [{"code": 89, "message": "Invalid token"}]}, SourceRefused, "Invalid"),
        (200, {"errors": [{"code": 34, "message": "no page"}]}, SourceGone, "no page"),
        (200, {"errors": [{"code": 88, "message": "Rate limit"}]}, RateLimited, "Rate limit"),
        (200, {"title": "Unauthorized", "status": 401}, SourceRefused, "Unauthorized"),
        (200, {"errors": [problem("operational-disconnect")]}, SourceUnavailable, "operational"),
        (200, {"errors": [problem("resource-not-found", "1")]}, SourceGone, "not-found"),
        (200, {"errors": [problem("not-authorized-for-resource", "1")]}, SourceRefused, "not-a"),
    ],
)
def test_the_words_of_a_refusal_count(
    status: int, body: Any, error: type[LuisterError], words: str
) -> None:
    with pytest.raises(LuisterError, match=words) as told:
        ask("mentions", lambda _: httpx.Response(status, json=body), terms=("Acme",))
    assert type(told.value) is error


def test_who_has_no_credits_is_told_to_buy_some_and_is_not_asked_again() -> None:
    calls = 0

    def empty(_: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        return httpx.Response(402, json={"title": "CreditsDepleted", "detail": "no credits"})

    with pytest.raises(SourceRefused) as told:
        ask("mentions", empty, terms=("Acme",))
    assert calls == 1
    assert "console.x.com" in told.value.todo


def test_a_cap_on_posts_and_the_limit_of_a_day_last_longer_than_a_quarter() -> None:
    capped = {"title": "UsageCapExceeded", "type": f"{PROBLEM}/usage-capped", "period": "Monthly"}
    told = x.refusal(reply_with(capped, 429, x_rate_limit_reset="1"))
    assert isinstance(told, RateLimited)
    assert told.seconds == 86_400
    soon = str(round(NEWEST.timestamp()) + 7200)
    many = {"title": "Too Many Requests", "status": 429}
    day = {"x_app_limit_24hour_remaining": "0", "x_app_limit_24hour_reset": soon}
    told = x.refusal(reply_with(many, 429, **day))
    assert isinstance(told, RateLimited)
    assert told.seconds == 7200


def test_the_usual_limit_tells_when_it_is_lifted() -> None:
    reset = str(round(datetime.now(UTC).timestamp()) + 3600)
    limit = httpx.Response(
        429, json={"title": "Too Many Requests"}, headers={"x-rate-limit-reset": reset}
    )
    with pytest.raises(RateLimited) as told:
        ask("mentions", lambda _: limit, terms=("Acme",))
    assert told.value.seconds == pytest.approx(3600, abs=60)


def test_a_part_that_is_missing_is_no_refusal() -> None:
    body = page(tweet(), errors=[problem("resource-not-found", "5", parameter="pinned")])
    assert x.refusal(reply_with(body)) is None
    assert len(posts(understood(body))) == 1


@pytest.mark.parametrize("verb", ["mentions", "timeline", "inbox"])
def test_without_a_token_nothing_is_asked(verb: str) -> None:
    source = Source(name="x", platform="x", terms=("Acme",), accounts=("acme",))
    with client_for(x, source, None) as client, pytest.raises(ConfigError, match="X_BEARER_TOKEN"):
        list(getattr(x, verb)(source, client, SINCE))


@pytest.mark.parametrize(
    ("verb", "source", "words"),
    [
        ("inbox", {"accounts": ("Acme Fietsen",)}, "no name of an account"),
        ("inbox", {"accounts": ("acme",), "options": {"archiv": True}}, "archiv"),
        ("mentions", {"terms": ("?!",)}, "no word"),
        ("mentions", {"terms": ("Acme",), "options": {"narrow": ["-a"]}}, "narrow is a text"),
    ],
)
def test_a_slip_in_the_configuration_is_told(verb: str, source: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        ask(verb, Server({}), **source)


# What it costs


def test_posts_and_users_are_counted_once_a_reply() -> None:
    original = tweet(NEWEST - timedelta(days=1))
    body = page(tweet(), tweet(), tweet(NEWEST, 1), includes={"users": [KIM], "tweets": [original]})
    assert x.spent(reply_with(body)) == {"posts": 3, "users": 1}
    assert x.spent(reply_with({"data": [KIM, LOCKED]})) == {"users": 2}
    assert x.spent(reply_with(page(includes={}))) == {}
    assert x.spent(reply_with({"title": "CreditsDepleted"}, 402)) == {}
    assert x.spent(reply_with(b"<html>")) == {}


def test_what_is_spent_is_kept_by_the_client_and_has_a_price() -> None:
    source = Source(name="x", platform="x", terms=("Acme",))
    server = Server({"tweets/search/recent": page(tweet(NOW))})
    with client_for(x, source, server, X_BEARER_TOKEN="t0ken") as client:
        list(x.mentions(source, client, SINCE))
        assert client.usage.spent == {"posts": 1, "users": 1}
    quotas = x.ACCESS.quotas
    assert set(client.usage.spent) <= set(quotas)
    assert (quotas["posts"].limit, quotas["posts"].euro) == (3_000_000, 0.005)


def test_a_bare_list_of_posts_is_read_as_it_stands() -> None:
    reply = Reply(url="", body=json.dumps([tweet(), {"id": "x"}]).encode(), observed_at=NOW)
    found, odd = list(understand(x, [reply]))
    assert isinstance(found, Post)
    assert isinstance(odd, Rejected)
    assert odd.path.startswith("$[1]")
