"""TikTok: one business account, and four interfaces that name the same things apart."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx
import pytest

from connectors import tiktok
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
)
from pipeline.errors import (
    ConfigError,
    LuisterError,
    PayloadError,
    RateLimited,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

SECRETS = {
    "TIKTOK_CLIENT_KEY": "app-key",
    "TIKTOK_CLIENT_SECRET": "app-secret",
    "TIKTOK_REFRESH_TOKEN": "kept-token",
}
SINCE = NEWEST - timedelta(days=7)
GRANT = {"code": 0, "data": {"access_token": "day-token", "open_id": "biz-1"}}
VIDEO = 7300000000000000001
SITE = "https://www.tiktok.com"


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def video(number: int = VIDEO, at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "item_id": str(number),
        "caption": "New bike #Fiets @kim.k https://acme.nl/bike",
        "create_time": seconds(at),
        "share_url": f"{SITE}/@acme.bikes/video/{number}?utm_campaign=tt4d&utm_source=x",
        "video_views": 900,
        "likes": 12,
        "comments": 2,
        "shares": 0,
    } | more


def comment(number: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "comment_id": str(number),
        "video_id": str(VIDEO),
        "create_time": str(seconds(at)),
        "text": "Mooi @acme.bikes #wow",
        "likes": 3,
        "replies": 0,
        "owner": False,
        "status": "PUBLIC",
        "username": "kim.k",
        "display_name": "Kim",
        "unique_identifier": "uid-kim",
        "user_id": "old-1",
    } | more


def mentioning_video(number: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "item_id": str(number),
        "caption": "Riding @acme.bikes",
        "create_time": str(seconds(at)),
        "video_link": f"{SITE}/@kim.k/video/{number}",
        "creator_handle_name": "kim.k",
        "views": 50,
        "likes": 4,
        "comments": 1,
        "shares": 2,
    } | more


def mentioning_comment(number: int, at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "item_id": "55",
        "video_link": f"{SITE}/@lee/video/55",
        "comment_id": str(number),
        "comment_text": "ask @acme.bikes",
        "comment_create_time": str(seconds(at)),
        "comment_likes": 0,
        "commenter_handle_name": "noor",
        "commenter_display_name": "Noor",
    } | more


class TestTiktok(ConnectorContract):
    platform = "tiktok"
    source = Source(name="tiktok", platform="tiktok", accounts=("acme.bikes",))
    verb = "timeline"
    promised = "create_time"
    secrets: ClassVar = SECRETS
    can_be_private = False

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return video(number, created_at)

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        if request.url.path.endswith("/refresh_token/"):
            return httpx.Response(200, json=GRANT)
        index = int(request.url.params["cursor"])
        chosen: Any = pages[index]
        found = pages[0] if chosen == "again" else chosen
        is_last = index + 1 == len(pages) and chosen != "again"
        following = 0 if chosen == "again" else index + 1
        data = {"videos": list(found), "has_more": not is_last, "cursor": following}
        return httpx.Response(200, json={"code": 0, "message": "OK", "data": data})


class Server:
    """Lists by path, each of one page unless it is a list of pages; remembers what was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path.removeprefix("/open_api/v1.3/").strip("/")
        if path == "tt_user/oauth2/refresh_token":
            return httpx.Response(200, json=GRANT)
        name = path.removeprefix("business/")
        found = self.answers[name]
        name = "videos" if name.endswith("video/list") else "comments"
        if callable(found):
            found = found(request.url.params)
        at = int(request.url.params["cursor"])
        pages = found if found and isinstance(found[0], list) else [found]
        more = at + 1 < len(pages)
        data = {name: pages[at], "has_more": more, "cursor": at + 1}
        return httpx.Response(200, json={"code": 0, "message": "OK", "data": data})

    def params(self, path: str) -> list[dict[str, str]]:
        return [dict(each.url.params) for each in self.asked if each.url.path.endswith(f"{path}/")]


def ask(verb: str, handler: Handler, *rest: Any) -> list[Read]:
    source = Source(name="tiktok", platform="tiktok", accounts=("acme.bikes",))
    with client_for(tiktok, source, handler, **SECRETS) as client:
        return list(getattr(tiktok, verb)(source, client, *(rest or (SINCE,))))


def understood(data: Any, **more: Any) -> list[Read]:
    body = json.dumps({"data": data, **more}).encode()
    return list(understand(tiktok, [Reply(url="", body=body, observed_at=NEWEST)]))


def the_post(data: Any) -> Post:
    (post,) = posts(understood(data))
    return post


# What an item says


def test_a_video_of_the_account() -> None:
    post = the_post({"videos": [video()]})
    assert (post.post_id, post.native_id, post.kind) == (str(VIDEO), str(VIDEO), "post")
    assert (post.author_id, post.author_handle) == ("acme.bikes", "acme.bikes")
    assert post.author_url == f"{SITE}/@acme.bikes"
    assert post.url == f"{SITE}/@acme.bikes/video/{VIDEO}"
    assert (post.tags, post.mentions) == (("Fiets",), ("kim.k",))
    assert post.links == ("https://acme.nl/bike",)
    assert (post.likes_count, post.replies_count, post.reposts_count) == (12, 2, 0)
    assert (post.views_count, post.created_at) == (900, NEWEST)


def test_a_video_of_the_display_interface() -> None:
    shown = {
        "id": str(VIDEO),
        "title": "Short",
        "video_description": "",
        "create_time": seconds(NEWEST),
        "share_url": f"{SITE}/@acme.bikes/video/{VIDEO}?utm=1",
        "like_count": 0,
        "comment_count": 5,
        "share_count": 6,
        "view_count": 7,
    }
    post = the_post({"videos": [shown], "has_more": False})
    assert (post.native_id, post.author_id, post.text) == (str(VIDEO), "acme.bikes", "")
    assert (post.likes_count, post.replies_count) == (0, 5)
    assert (post.reposts_count, post.views_count) == (6, 7)
    assert the_post({"videos": [shown | {"video_description": None}]}).text == "Short"


def test_a_video_of_the_research_interface_has_a_number_too_great_for_a_float() -> None:
    asked = {"id": 7123456789012345679, "create_time": 1_700_000_000, "username": "kim.k"}
    post = the_post({"videos": [asked | {"hashtag_names": ["one", "two"]}]})
    assert (post.post_id, post.native_id) == ("7123456789012345679", None)
    assert post.url == f"{SITE}/@kim.k/video/7123456789012345679"
    assert post.tags == ("one", "two")
    assert (post.likes_count, post.views_count) == (None, None)


def test_comments_and_answers_of_the_business_interface() -> None:
    answer = comment(12, parent_comment_id="11", username=None, text="")
    top, below = posts(understood({"comments": [comment(11, replies=1), answer]}))
    assert (top.post_id, top.native_id) == ("11", f"{VIDEO}/11")
    assert (top.kind, top.parent_id, top.root_id) == ("comment", str(VIDEO), str(VIDEO))
    assert (top.author_id, top.author_handle, top.author_name) == ("kim.k", "kim.k", "Kim")
    assert (top.likes_count, top.replies_count, top.created_at) == (3, 1, NEWEST)
    assert (top.tags, top.mentions, top.url) == (("wow",), ("acme.bikes",), None)
    assert (below.kind, below.parent_id, below.root_id) == ("reply", "11", str(VIDEO))
    assert (below.author_id, below.author_handle) == ("uid-kim", None)
    assert (below.author_url, below.text) == (None, "")


def test_answers_inside_a_comment_are_apart() -> None:
    nested = comment(11, reply_list=[comment(12, parent_comment_id="11", text="Secret answer")])
    top, below = posts(understood({"comments": [nested]}))
    assert (top.post_id, below.post_id, below.parent_id) == ("11", "12", "11")
    assert "Secret answer" not in top.payload
    assert json.loads(top.payload)["likes"] == 3


def test_a_hidden_comment_is_not_for_everybody() -> None:
    assert the_post({"comments": [comment(11, status="HIDDEN")]}).is_keepable is False


@pytest.mark.parametrize("above", [VIDEO, str(VIDEO), 0, "0", None])
def test_a_comment_that_answers_its_video_is_no_reply(above: Any) -> None:
    post = the_post({"comments": [comment(11, parent_comment_id=above)]})
    assert (post.kind, post.parent_id) == ("comment", str(VIDEO))


def test_a_video_and_a_comment_that_name_the_account() -> None:
    named = the_post({"videos": [mentioning_video(9)]})
    assert (named.author_id, named.native_id, named.mentions) == ("kim.k", None, ("acme.bikes",))
    assert (named.views_count, named.reposts_count) == (50, 2)
    asked = mentioning_comment(8, comment_text="ask @acme.bikes #bike @https://acme.nl")
    said = the_post({"comments": [asked]})
    assert (said.post_id, said.native_id, said.kind) == ("8", None, "comment")
    assert (said.parent_id, said.root_id, said.parent_author_id) == ("55", "55", "lee")
    assert (said.author_id, said.author_name, said.likes_count) == ("noor", "Noor", 0)
    assert (said.tags, said.mentions) == (("bike",), ("acme.bikes",))
    assert (said.links, said.url) == (("https://acme.nl",), f"{SITE}/@lee/video/55")
    assert said.text == asked["comment_text"]


def test_one_video_or_comment_that_was_asked_for() -> None:
    assert the_post({"video": [mentioning_video(9)]}).post_id == "9"
    assert the_post({"comment": mentioning_comment(8)}).post_id == "8"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"videos": [video(create_time="soon")]}, "no time"),
        ({"videos": [video(item_id=None)]}, "without its id"),
        ({"comments": [comment(1, comment_id=None)]}, "without its id"),
        ({"comments": [{"comment_text": "hi"}]}, "comment_id"),
        ({"comments": [mentioning_comment(1, comment_id="")]}, "without its id"),
    ],
)
def test_what_is_not_understood_is_set_apart(data: Any, reason: str) -> None:
    (odd,) = rejected(understood(data))
    assert reason in odd.reason


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"user": {"open_id": "x"}}, "error": {"code": "ok"}},
        {"code": 0, "data": {"access_token": "x", "open_id": "y"}},
        {"event": "comment.update", "client_key": "k", "content": "{}", "user_openid": "y"},
    ],
)
def test_replies_without_posts_are_no_error(body: Any) -> None:
    reply = Reply(url="", body=json.dumps(body).encode(), observed_at=NEWEST)
    assert list(understand(tiktok, [reply])) == []


def test_data_that_holds_something_else_is_an_error() -> None:
    with pytest.raises(PayloadError, match="neither videos"):
        understood({"has_more": False, "cursor": 0})


# What is asked


def test_timeline_logs_in_and_asks_as_the_account() -> None:
    server = Server({"video/list": [video()]})
    (post,) = posts(ask("timeline", server))
    assert post.post_id == str(VIDEO)
    grant, listing = server.asked
    assert json.loads(grant.content) == {
        "client_id": "app-key",
        "client_secret": "app-secret",
        "grant_type": "refresh_token",
        "refresh_token": "kept-token",
    }
    assert listing.headers["access-token"] == "day-token"
    assert "authorization" not in listing.headers
    params = dict(listing.url.params)
    assert (params["business_id"], params["max_count"], params["cursor"]) == ("biz-1", "20", "0")
    assert "share_url" in json.loads(params["fields"])


def test_without_its_secrets_a_source_is_told() -> None:
    source = Source(name="tiktok", platform="tiktok")
    with client_for(tiktok, source, None) as client, pytest.raises(ConfigError, match="CLIENT_KEY"):
        list(tiktok.timeline(source, client, SINCE))


def test_an_empty_page_is_not_the_last() -> None:
    server = Server({"video/list": [[video(1)], [], [video(2)]]})
    assert [post.post_id for post in posts(ask("timeline", server))] == ["1", "2"]


def test_inbox_reads_new_comments_and_their_answers_under_videos_of_a_month() -> None:
    def comments(params: Any) -> Any:
        assert params["status"] == "PUBLIC"
        return [comment(11, replies=1), comment(13, NEWEST - timedelta(days=2))]

    def answers(params: Any) -> Any:
        assert (params["comment_id"], params["video_id"]) == ("11", str(VIDEO))
        return [comment(12)]

    now = datetime.now(tz=NEWEST.tzinfo)
    silent = video(2, now, comments=0)
    old = video(3, LONG_AGO)
    server = Server(
        {
            "video/list": [video(VIDEO, now), silent, old],
            "comment/list": comments,
            "comment/reply/list": answers,
        }
    )
    found = posts(ask("inbox", server, now - timedelta(days=7)))
    assert [post.post_id for post in found] == ["11", "12", "13"]
    assert (found[1].kind, found[1].parent_id) == ("reply", "11")
    (asked,) = server.params("comment/list")
    assert (asked["video_id"], asked["sort_field"]) == (str(VIDEO), "create_time")
    assert asked["sort_order"] == "desc"


def test_comments_are_read_until_they_are_old_but_never_past_500_as_those_come_unsorted() -> None:
    old = NEWEST - timedelta(days=60)
    now = datetime.now(tz=NEWEST.tzinfo)
    pages = [[comment(11, now)], [comment(12, old)], [comment(13, old)]]
    videos = {"video/list": [video(VIDEO, now)], "comment/list": pages}
    found = posts(ask("inbox", Server(videos), now - timedelta(days=7)))
    assert [post.post_id for post in found] == ["11", "12"]

    def unsorted(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("comment/list/"):
            return Server(videos)(request)
        at = {"0": 0, "500": 1, "530": 2}[request.url.params["cursor"]]
        cursor = [500, 530, 560][at]
        data = {"comments": pages[at], "has_more": at < 2, "cursor": cursor}
        return httpx.Response(200, json={"code": 0, "data": data})

    found = posts(ask("inbox", unsorted, now - timedelta(days=7)))
    assert [post.post_id for post in found] == ["11", "12", "13"]


def test_mentions_are_videos_and_comments() -> None:
    server = Server(
        {
            "mention/video/list": [[mentioning_video(9)], [mentioning_video(10, LONG_AGO)], []],
            "mention/comment/list": [mentioning_comment(8)],
        }
    )
    reads = ask("mentions", server)
    assert [post.post_id for post in posts(reads)] == ["9", "10", "8"]
    assert gaps(reads) == []
    first, _ = server.params("mention/video/list")
    assert (first["sort_field"], first["sort_type"]) == ("CREATE_TIME", "DESC")
    (second,) = server.params("mention/comment/list")
    assert second["sort_field"] == "COMMENT_CREATE_TIME"
    assert "comment_text" in json.loads(second["fields"])


def test_a_full_list_of_mentions_is_a_gap() -> None:
    many = [
        [mentioning_video(page * 100 + at, NEWEST - timedelta(minutes=page)) for at in range(100)]
        for page in range(10)
    ]
    server = Server({"mention/video/list": many, "mention/comment/list": []})
    (gap,) = gaps(ask("mentions", server))
    assert (gap.gap_from, gap.gap_to) == (SINCE, NEWEST - timedelta(minutes=9))


def test_a_thread_is_the_video_and_all_under_it() -> None:
    server = Server(
        {
            "video/list": [video()],
            "comment/list": [comment(11, LONG_AGO, replies=1), comment(13)],
            "comment/reply/list": [comment(12)],
        }
    )
    known = the_post({"comments": [comment(13)]})
    found = posts(ask("thread", server, known))
    assert [post.post_id for post in found] == [str(VIDEO), "11", "12", "13"]
    (asked,) = server.params("video/list")
    assert json.loads(asked["filters"]) == {"video_ids": [str(VIDEO)]}


def test_of_videos_of_others_nothing_can_be_asked() -> None:
    known = the_post({"videos": [mentioning_video(9)]})
    server = Server({})
    assert ask("thread", server, known) == []
    assert ask("refresh", server, [known]) == []
    assert server.asked == []


def test_refresh_asks_in_batches_and_tells_what_is_gone() -> None:
    videos = posts(understood({"videos": [video(number) for number in range(100, 121)]}))
    comments = posts(understood({"comments": [comment(11), comment(12)]}))
    server = Server(
        {
            "video/list": lambda params: [
                video(int(number), likes=99)
                for number in json.loads(params["filters"])["video_ids"]
                if number != "103"
            ],
            "comment/list": [[comment(12, text="Edited")], []],
        }
    )
    found = posts(ask("refresh", server, [*videos, *comments]))
    gone = [post.post_id for post in found if post.deleted_at]
    assert gone == ["103", "11"]
    assert len(found) == 23
    assert {post.likes_count for post in found[:19]} == {99}
    assert len(server.params("video/list")) == 2
    asked, _ = server.params("comment/list")
    assert json.loads(asked["comment_ids"]) == ["11", "12"]


def test_refresh_does_not_take_what_it_cannot_read_for_gone() -> None:
    known = posts(understood({"videos": [video(1), video(2)]}))
    reads = ask("refresh", Server({"video/list": [video(1), video(2, likes="many")]}), known)
    assert [post.post_id for post in posts(reads)] == ["1"]
    assert len(rejected(reads)) == 1


def test_refresh_does_not_take_half_an_answer_for_the_whole() -> None:
    def partly(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/refresh_token/"):
            return httpx.Response(200, json=GRANT)
        data = {"videos": [video(1)], "has_more": False}
        return httpx.Response(200, json={"code": 20001, "message": "partly", "data": data})

    known = posts(understood({"videos": [video(1), video(2)]}))
    assert [post.post_id for post in posts(ask("refresh", partly, known))] == ["1"]


# What is refused


@pytest.mark.parametrize(
    ("code", "message", "error"),
    [
        (40001, "No permission", SourceRefused),
        (40105, "Access token is incorrect or has been revoked", SourceRefused),
        (40100, "Slow down", RateLimited),
        (40016, "Requests made too frequently", RateLimited),
        (40002, "Invalid video_id", PayloadError),
        (50000, "System error", SourceUnavailable),
    ],
)
def test_business_codes_count_though_the_status_is_200(
    code: int, message: str, error: type[LuisterError]
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/refresh_token/"):
            return httpx.Response(200, json=GRANT)
        return httpx.Response(200, json={"code": code, "message": message, "data": {}})

    with pytest.raises(error, match=str(code)):
        ask("timeline", handler)
    with pytest.raises(error):
        ask("refresh", handler, posts(understood({"videos": [video()]})))


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("access_token_invalid", SourceRefused),
        ("scope_not_authorized", SourceRefused),
        ("rate_limit_exceeded", RateLimited),
        ("daily_quota_limit_exceeded", RateLimited),
        ("internal_error", SourceUnavailable),
        ("invalid_params", PayloadError),
    ],
)
def test_words_of_the_other_interfaces(code: str, error: type[LuisterError]) -> None:
    with pytest.raises(error, match=code):
        understood({}, error={"code": code, "message": "", "log_id": "1"})


def test_a_refused_login_is_a_refusal() -> None:
    body = {"error": "invalid_grant", "error_description": "gone", "log_id": "1"}
    with pytest.raises(SourceRefused, match="invalid_grant"):
        ask("timeline", lambda _: httpx.Response(200, json=body))


@pytest.mark.parametrize(
    ("message", "seconds"), [("QPS limit", 60.0), ("over the limit of a day", 12 * 3600.0)]
)
def test_how_long_a_limit_lasts(message: str, seconds: float) -> None:
    body = json.dumps({"code": 40100, "message": message}).encode()
    told = tiktok.refusal(Reply(url="", body=body, observed_at=NEWEST))
    assert isinstance(told, RateLimited)
    assert told.seconds == seconds


def test_a_limit_that_tells_its_seconds_in_a_header_is_left_to_it() -> None:
    body = json.dumps({"code": 40100, "message": "Slow down"}).encode()
    asked = {"retry-after": "5"}
    both = Reply(url="", status=429, headers=asked, body=body, observed_at=NEWEST)
    assert tiktok.refusal(both) is None
    for status, headers in ((429, {}), (200, asked)):
        reply = Reply(url="", status=status, headers=headers, body=body, observed_at=NEWEST)
        assert isinstance(tiktok.refusal(reply), RateLimited)


def test_success_in_part_is_success() -> None:
    assert posts(understood({"videos": [video()]}, code=20001, message="partly"))
