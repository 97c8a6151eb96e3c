"""Instagram: own posts, comments with answers inside, hashtags that count, and webhooks."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from connectors import instagram
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
    ConfigError,
    PayloadError,
    RateLimited,
    SecretError,
    SourceGone,
    SourceRefused,
)
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

ACCOUNT = "17841400000000001"
SINCE = NEWEST - timedelta(days=7)
TOKEN = {"IG_ACCESS_TOKEN": "t0ken-of-instagram"}
GONE = {"error": {"message": "Object does not exist", "code": 100, "error_subcode": 33}}
UNUSED = {"error": {"message": "The requested resource does not exist", "code": 24}}


def iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def media(number: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "id": str(number),
        "caption": "New bikes #fiets",
        "media_type": "IMAGE",
        "media_product_type": "FEED",
        "permalink": f"https://www.instagram.com/p/C{number}/",
        "timestamp": iso(at),
        "username": "fietsfabriek",
        "owner": {"id": ACCOUNT},
        "like_count": 3,
        "comments_count": 0,
    } | more


def comment(number: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "id": str(number),
        "text": "Nice, @fietsfabriek!",
        "timestamp": iso(at),
        "username": "kim",
        "from": {"id": "77", "username": "kim"},
        "like_count": 0,
        "hidden": False,
    } | more


class TestInstagram(ConnectorContract):
    platform = "instagram"
    source = Source(name="instagram", platform="instagram", accounts=(ACCOUNT,))
    verb = "timeline"
    secrets = TOKEN
    promised = "id"
    can_be_private = False

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return media(number, created_at)

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        if request.url.path.endswith("/stories"):
            return httpx.Response(200, json={"data": []})
        number = int(request.url.params.get("after", "0"))
        chosen: Any = pages[number]
        found = pages[0] if chosen == "again" else chosen
        body: dict[str, Any] = {"data": list(found)}
        if number + 1 < len(pages) or chosen == "again":
            body["paging"] = paging("0" if chosen == "again" else str(number + 1))
        return httpx.Response(200, json=body)


def paging(after: str) -> dict[str, Any]:
    address = f"https://graph.facebook.com/next?access_token=t0ken&after={after}"
    return {"cursors": {"before": "b", "after": after}, "next": address}


class Api:
    """The API as a table of answers; remembers what it was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.method == "POST":
            return httpx.Response(200, json=[self.part(each) for each in batch_of(request)])
        name = request.url.path.removeprefix("/v25.0/")
        if "q" in request.url.params:
            name = f"{name}?{request.url.params['q']}"
        answer = self.answer(name)
        return httpx.Response(400 if "error" in answer else 200, json=answer)

    def part(self, asked: dict[str, str]) -> dict[str, Any]:
        answer = self.answer(asked["relative_url"].partition("?")[0])
        return {"code": 400 if "error" in answer else 200, "body": json.dumps(answer)}

    def answer(self, name: str) -> Any:
        return self.answers.get(name, {"data": []} if "/" in name else GONE)

    @property
    def paths(self) -> list[str]:
        return [each.url.path.removeprefix("/v25.0/") for each in self.asked]


def batch_of(request: httpx.Request) -> list[dict[str, str]]:
    form = parse_qs(request.content.decode())
    found: list[dict[str, str]] = json.loads(form["batch"][0])
    return found


def ask(verb: str, handler: Handler, *rest: Any, **more: Any) -> list[Read]:
    secrets = more.pop("secrets", TOKEN)
    fields: dict[str, Any] = {"accounts": (ACCOUNT,), **more}
    source = Source(name="instagram", platform="instagram", **fields)
    with client_for(instagram, source, handler, **secrets) as client:
        return list(getattr(instagram, verb)(source, client, *(rest or (SINCE,))))


def understood(body: Any, path: str = "x") -> list[Read]:
    url = f"https://graph.facebook.com/v25.0/{path}"
    reply = Reply(url=url, body=json.dumps(body).encode(), observed_at=NEWEST)
    return list(understand(instagram, [reply]))


def one(element: Element, path: str = "x") -> Post:
    (found,) = posts(understood({"data": [element]}, path))
    return found


# What an item says


def test_a_post_with_tags_mentions_and_counts() -> None:
    found = one(media(8, caption="Met @Acme.nl. #Fiets https://acme.nl/x kim@acme.nl #2026"))
    assert (found.post_id, found.native_id, found.aliases) == ("8", "8", ("C8",))
    assert (found.kind, found.root_id, found.parent_id) == ("post", "8", None)
    assert (found.author_id, found.author_handle) == (ACCOUNT, "fietsfabriek")
    assert found.author_url == "https://www.instagram.com/fietsfabriek/"
    assert (found.mentions, found.tags) == (("acme.nl",), ("Fiets",))
    assert found.links == ("https://acme.nl/x",)
    assert (found.likes_count, found.replies_count) == (3, 0)
    assert (found.reposts_count, found.views_count, found.edited_at) == (None, None, None)


def test_likes_that_the_owner_hides_are_unknown() -> None:
    hidden = media(8, like_count=None, caption=None)
    del hidden["comments_count"]
    found = one(hidden)
    assert (found.likes_count, found.replies_count, found.text) == (None, None, "")


def test_what_a_hashtag_finds_has_no_author() -> None:
    found = one({"id": "8", "caption": "Hi", "media_type": "IMAGE", "like_count": 1})
    assert (found.author_id, found.author_handle, found.author_url) == (None, None, None)
    assert found.created_at is None


def test_the_list_of_an_account_tells_whose_posts_these_are() -> None:
    silent = media(8)
    del silent["owner"], silent["username"]
    assert one(silent, f"{ACCOUNT}/media").author_id == ACCOUNT
    assert one(silent).author_id is None


def test_a_post_that_tags_the_account_names_it() -> None:
    caption = "With @acme, see us @https://acme.example"
    found = one(media(99, caption=caption, owner={"id": "5"}), f"{ACCOUNT}/tags")
    assert found.mentions == ("acme", ACCOUNT)


def test_comments_and_the_answers_inside_them() -> None:
    replies = {"data": [comment(10, username="acme", **{"from": {"id": "99"}})]}
    body = {"data": [comment(9, replies=replies)]}
    first, answer = posts(understood(body, "8/comments"))
    assert (first.kind, first.parent_id, first.root_id) == ("comment", "8", "8")
    assert (first.author_id, first.author_handle) == ("77", "kim")
    assert first.mentions == ("fietsfabriek",)
    assert (answer.kind, answer.parent_id, answer.root_id) == ("reply", "9", "8")
    assert (answer.author_id, answer.author_handle) == ("99", "acme")


def test_a_comment_says_itself_what_it_stands_under() -> None:
    found = one(comment(10, parent_id="9", media={"id": "8"}), "9/replies")
    assert (found.kind, found.parent_id, found.root_id) == ("reply", "9", "8")


def test_a_hidden_comment_may_not_be_kept() -> None:
    assert not one(comment(9, hidden=True)).is_keepable


def test_what_is_wrapped_is_found() -> None:
    wrapped = {"mentioned_media": media(8), "id": ACCOUNT}
    assert [each.post_id for each in posts(understood(wrapped))] == ["8"]
    about = {"mentioned_comment": comment(9, media={"id": "8"}), "id": ACCOUNT}
    (found,) = posts(understood(about))
    assert (found.post_id, found.root_id) == ("9", "8")
    business = {"id": "5", "username": "acme", "media": {"data": [{"id": "6", "caption": "Hi"}]}}
    (discovered,) = posts(understood({"business_discovery": business, "id": ACCOUNT}))
    assert (discovered.author_handle, discovered.author_id) == ("acme", "acme")


def test_people_hashtags_and_statistics_are_no_posts() -> None:
    person = {"id": "5", "username": "acme", "media_count": 4, "biography": "Bikes"}
    insight = {"name": "reach", "values": [{"value": 4}], "title": "Reach", "id": "8/insights"}
    assert understood({"data": [person, insight, {"id": "6", "name": "fiets"}]}) == []
    assert understood(person) == []


def test_the_pictures_of_a_post_are_no_posts() -> None:
    picture = {"id": "9", "media_type": "IMAGE", "permalink": "https://www.instagram.com/p/D9/"}
    assert understood({"data": [picture]}, "8/children") == []
    assert len(posts(understood(media(8, children={"data": [picture]})))) == 1


def test_a_comment_without_a_time_is_set_apart() -> None:
    broken = comment(9)
    del broken["timestamp"]
    (odd,) = rejected(understood({"data": [broken]}))
    assert odd.path == "$.data[0].timestamp"


def test_an_answer_inside_a_comment_stands_under_the_post_that_the_comment_names() -> None:
    inside = comment(9, replies={"data": [comment(10)]}, media={"id": "8"})
    said, answer = posts(understood(inside))
    assert (said.root_id, answer.parent_id, answer.root_id) == ("8", "9", "8")


# What webhooks say


def pushed(value: Any, field: str = "comments") -> list[Post]:
    change = {"field": field, "value": value}
    entry = {"id": ACCOUNT, "time": 1_795_000_000, "changes": [change]}
    return posts(understood({"object": "instagram", "entry": [entry]}))


def test_a_comment_comes_at_the_time_it_is_told() -> None:
    value = {
        "id": "9",
        "text": "Hi",
        "from": {"id": "77", "username": "kim"},
        "media": {"id": "8", "media_product_type": "FEED"},
    }
    (found,) = pushed(value)
    assert (found.kind, found.parent_id, found.root_id) == ("comment", "8", "8")
    assert (found.author_id, found.author_handle) == ("77", "kim")
    assert found.created_at == datetime.fromtimestamp(1_795_000_000, UTC)
    assert json.loads(found.payload) == value
    (answer,) = pushed(value | {"parent_id": "4"}, "live_comments")
    assert (answer.kind, answer.parent_id, answer.root_id) == ("reply", "4", "8")


def test_old_webhooks_tell_only_words() -> None:
    (found,) = pushed({"id": "9", "text": "Hi"})
    assert (found.text, found.author_id, found.parent_id, found.root_id) == ("Hi", None, None, None)


def test_the_other_shape_of_webhooks() -> None:
    value = {"id": "9", "text": "Hi", "media": {"id": "8"}}
    entry = {"id": ACCOUNT, "time": 1_795_000_000, "field": "comments", "value": [value]}
    (found,) = posts(understood([{"object": "instagram", "entry": [entry]}]))
    assert (found.post_id, found.root_id) == ("9", "8")


def test_mentions_stories_and_letters_hold_no_words() -> None:
    assert pushed({"media_id": "8", "comment_id": "9"}, "mentions") == []
    assert pushed({"media_id": "8", "impressions": 4}, "story_insights") == []
    letter = {"id": ACCOUNT, "time": 1_795_000_000_123, "messaging": [{}]}
    assert understood({"object": "instagram", "entry": [letter]}) == []
    with pytest.raises(PayloadError, match="neither changes nor letters"):
        understood({"object": "instagram", "entry": [{"id": ACCOUNT, "time": 5}]})


# What is asked


def test_timeline_holds_posts_and_stories_with_the_token_in_a_header_only() -> None:
    story = media(9, media_product_type="STORY")
    old = media(7, SINCE - timedelta(days=1))
    api = Api(
        {f"{ACCOUNT}/media": {"data": [media(8), old]}, f"{ACCOUNT}/stories": {"data": [story]}}
    )
    assert [each.post_id for each in posts(ask("timeline", api))] == ["8", "9"]
    assert api.paths == [f"{ACCOUNT}/media", f"{ACCOUNT}/stories"]
    for request in api.asked:
        assert request.headers["authorization"] == "Bearer t0ken-of-instagram"
        assert "t0ken" not in str(request.url)


def test_inbox_holds_comments_answers_and_tags_but_not_the_account_itself() -> None:
    old = NEWEST - timedelta(days=25)
    more = {"data": [comment(11)], "paging": paging("r")}
    own = comment(12, **{"from": {"id": ACCOUNT, "username": "fietsfabriek"}})
    api = Api(
        {
            f"{ACCOUNT}/media": {
                "data": [media(8, comments_count=4), media(7), media(6, old, comments_count=1)]
            },
            "8/comments": {"data": [comment(10, old, replies=more), own]},
            "10/replies": {"data": [comment(11), comment(13, parent_id="10")]},
            "6/comments": {"data": [comment(14)]},
            f"{ACCOUNT}/tags": {"data": [media(99, owner={"id": "5"}, username="kim")]},
        }
    )
    found = posts(ask("inbox", api))
    assert [each.post_id for each in found] == ["11", "13", "14", "99"]
    assert "7/comments" not in api.paths, "nobody commented on it"
    assert [each.parent_id for each in found] == ["10", "10", "6", None]
    assert [each.parent_author_id for each in found] == ["77", "77", ACCOUNT, None]


def test_mentions_look_up_only_hashtags_that_are_not_known_yet() -> None:
    api = Api(
        {
            f"{ACCOUNT}/recently_searched_hashtags": {"data": [{"id": "1", "name": "fiets"}]},
            "ig_hashtag_search?bike": {"data": [{"id": "2"}]},
            "1/recent_media": {"data": [media(8), media(7, SINCE - timedelta(days=3))]},
            "2/recent_media": {"data": [media(9)]},
        }
    )
    reads = ask("mentions", api, tags=("Fiets", "bike"))
    assert [each.post_id for each in posts(reads)] == ["8", "9"]
    assert api.paths.count("ig_hashtag_search") == 1
    assert api.asked[1].url.params["user_id"] == ACCOUNT
    (gap,) = gaps(reads)
    assert (gap.gap_from, gap.reason) == (SINCE, "a hashtag gives its last 24 hours")


def test_a_hashtag_that_nobody_used_has_no_posts() -> None:
    api = Api(
        {
            f"{ACCOUNT}/recently_searched_hashtags": {"data": []},
            "ig_hashtag_search?zzz": UNUSED,
            "ig_hashtag_search?fiets": {"data": [{"id": "1"}]},
            "1/recent_media": {"data": [media(8)]},
        }
    )
    assert len(posts(ask("mentions", api, tags=("zzz", "fiets")))) == 1


def test_a_hashtag_that_may_not_be_asked_for_ends_it() -> None:
    refused = {"error": {"message": "no permission", "code": 10}}
    api = Api(
        {f"{ACCOUNT}/recently_searched_hashtags": {"data": []}, "ig_hashtag_search?fiets": refused}
    )
    with pytest.raises(SourceRefused):
        ask("mentions", api, tags=("fiets",))


def test_more_than_thirty_hashtags_in_a_week_are_a_gap() -> None:
    known = [{"id": str(number), "name": f"tag{number}"} for number in range(1, 30)]
    api = Api(
        {
            f"{ACCOUNT}/recently_searched_hashtags": {"data": known},
            "ig_hashtag_search?fiets": {"data": [{"id": "50"}]},
        }
    )
    told = [each.reason for each in gaps(ask("mentions", api, tags=("fiets", "bike", "tag3")))]
    assert told[0] == "thirty hashtags in seven days: not asked for bike"
    assert {"50/recent_media", "3/recent_media"} <= set(api.paths)
    assert api.paths.count("ig_hashtag_search") == 1


def test_a_look_up_is_counted_and_nothing_else() -> None:
    search = "https://graph.facebook.com/v25.0/ig_hashtag_search?user_id=1&q=fiets"
    assert instagram.spent(Reply(url=search, observed_at=NEWEST)) == {"hashtags": 1}
    assert instagram.spent(Reply(url=search, status=400, observed_at=NEWEST)) == {}
    other = "https://graph.facebook.com/v25.0/1/recent_media"
    assert instagram.spent(Reply(url=other, observed_at=NEWEST)) == {}


def test_nothing_is_asked_without_hashtags() -> None:
    api = Api({})
    assert ask("mentions", api) == []
    assert api.asked == []


def test_a_thread_is_the_own_post_and_all_comments() -> None:
    api = Api({"8": media(8), "8/comments": {"data": [comment(9)]}})
    start = one(comment(9), "8/comments")
    assert [each.post_id for each in posts(ask("thread", api, start))] == ["8", "9"]
    silent = Api({})
    found = one({"id": "5", "caption": "Hi", "permalink": "https://www.instagram.com/p/C5/"})
    assert ask("thread", silent, found) == []
    assert silent.asked == []


def test_refresh_asks_in_one_batch_and_tells_what_is_gone() -> None:
    known = [one(media(8)), one(comment(9), "8/comments"), one(media(7))]
    api = Api({ACCOUNT: {"id": ACCOUNT}, "8": media(8, like_count=4), "9": comment(9)})
    now, same, gone = posts(ask("refresh", api, known))
    assert (now.likes_count, same.post_id) == (4, "9")
    assert (gone.post_id, gone.text, gone.author_id) == ("7", "", None)
    assert gone.deleted_at is not None
    assert len(api.asked) == 1


def test_refresh_leaves_alone_what_others_posted_and_what_ran_out() -> None:
    api = Api({})
    elsewhere = one(media(99, owner={"id": "5"}))
    story = one(media(9, permalink="https://www.instagram.com/stories/fietsfabriek/9/"))
    assert ask("refresh", api, [elsewhere, one({"id": "5", "caption": "Hi"}), story]) == []
    assert api.asked == []


def test_apps_with_instagram_login_ask_one_by_one() -> None:
    known = [one(media(8)), one(media(7))]
    api = Api({ACCOUNT: {"id": ACCOUNT}, "8": media(8)})
    now, gone = posts(ask("refresh", api, known, server="https://graph.instagram.com"))
    assert (now.post_id, gone.post_id) == ("8", "7")
    assert (now.deleted_at, gone.deleted_at is not None) == (None, True)
    assert {each.url.host for each in api.asked} == {"graph.instagram.com"}
    assert api.paths == [ACCOUNT, "8", "7"]
    assert "caption" in api.asked[1].url.params["fields"]


def test_a_token_that_does_not_see_its_own_account_proves_no_deletion() -> None:
    for server in (None, "https://graph.instagram.com"):
        with pytest.raises(SourceGone):
            ask("refresh", Api({}), [one(media(8))], server=server)


def test_a_limit_is_no_deletion() -> None:
    limit = {"error": {"message": "wait", "code": 4}}
    with pytest.raises(RateLimited):
        ask("refresh", Api({ACCOUNT: {"id": ACCOUNT}, "8": limit}), [one(media(8))])


def test_an_account_is_named_by_its_number_and_needs_a_token() -> None:
    with pytest.raises(ConfigError, match="by its number"):
        ask("timeline", Api({}), accounts=("fietsfabriek",))
    with pytest.raises(ConfigError, match="none is given"):
        ask("mentions", Api({}), accounts=(), tags=("fiets",))
    with pytest.raises(SecretError, match="IG_ACCESS_TOKEN"):
        ask("timeline", Api({}), secrets={})


@pytest.mark.parametrize("body", [{}, {"x": [1]}, {"paging": {}}, {"data": 5}, [5]])
def test_what_is_no_answer_of_the_platform_is_told(body: Any) -> None:
    with pytest.raises(PayloadError):
        understood(body)


def test_a_list_that_lost_its_elements_is_told() -> None:
    with pytest.raises(PayloadError, match="without its elements"):
        understood(media(8, comments={"paging": {}}))
