"""YouTube: videos found and asked for again, threads cut into comments, and quotas by the day."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import httpx
import pytest

from connectors import youtube
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
    BudgetSpent,
    LuisterError,
    PayloadError,
    RateLimited,
    SecretError,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

SINCE = NEWEST - timedelta(days=7)
ACME = "UCacmeacmeacmeacmeacme00"
KIM = "UCkimkimkimkimkimkimki00"
BASE = "https://www.googleapis.com/youtube/v3"


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def video(name: str = "bikebikebik", at: datetime = NEWEST, /, **snippet: Any) -> Element:
    told = {
        "publishedAt": stamp(at),
        "channelId": KIM,
        "title": "Review of the Acme cargo bike",
        "description": "Thanks @AcmeNL! https://acme.example/bike #cargobike",
        "channelTitle": "Kim rides",
        "tags": ["not a hashtag"],
    }
    return {
        "kind": "youtube#video",
        "id": name,
        "snippet": told | snippet,
        "statistics": {"viewCount": "1200", "likeCount": "34", "commentCount": "0"},
        "status": {"privacyStatus": "public"},
    }


def found(name: str, at: datetime = NEWEST, **snippet: Any) -> Element:
    told = {"publishedAt": stamp(at), "channelId": KIM, "title": "Acme &amp; me"} | snippet
    return {
        "kind": "youtube#searchResult",
        "id": {"kind": "youtube#video", "videoId": name},
        "snippet": told,
    }


def comment(name: str = "UgA", at: datetime = NEWEST, /, **snippet: Any) -> Element:
    told = {
        "authorDisplayName": "@kimrides",
        "authorChannelUrl": f"http://www.youtube.com/channel/{KIM}",
        "authorChannelId": {"value": KIM},
        "textDisplay": "Lovely bike",
        "textOriginal": "Lovely bike",
        "likeCount": 3,
        "publishedAt": stamp(at),
        "updatedAt": stamp(at),
    }
    return {"kind": "youtube#comment", "id": name, "snippet": told | snippet}


def talk(top: Element, *replies: Element, total: int | None = None, **snippet: Any) -> Element:
    told = {
        "channelId": ACME,
        "videoId": "bikebikebik",
        "topLevelComment": top,
        "totalReplyCount": len(replies) if total is None else total,
        "isPublic": True,
    }
    whole: Element = {"kind": "youtube#commentThread", "id": top["id"], "snippet": told | snippet}
    return whole | ({"replies": {"comments": list(replies)}} if replies else {})


def listed(kind: str, elements: Sequence[Element], token: str | None = None) -> Element:
    page: Element = {"kind": f"youtube#{kind}ListResponse", "etag": "x", "items": list(elements)}
    return page | ({"nextPageToken": token} if token else {})


def fault(reason: str, code: int = 403) -> httpx.Response:
    told = {"message": "no", "domain": "youtube", "reason": reason}
    return httpx.Response(code, json={"error": {"code": code, "message": "no", "errors": [told]}})


CHANNEL = {
    "kind": "youtube#channel",
    "id": ACME,
    "contentDetails": {"relatedPlaylists": {"uploads": "UUacme"}},
}


class YouTube:
    """An API that knows some videos and gives every other list page by page."""

    def __init__(self, videos: Sequence[Element] = (), **lists: Any) -> None:
        self.videos = {each["id"]: each for each in videos}
        self.lists = {"channels": [[CHANNEL]]} | lists
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path, params = request.url.path.rpartition("/")[2], request.url.params
        if path == "videos":
            names = params["id"].split(",")
            known = [self.videos[name] for name in names if name in self.videos]
            return httpx.Response(200, json=listed("video", known))
        pages = self.lists[path]
        if callable(pages):
            answer: httpx.Response = pages(params)
            return answer
        number = int(params.get("pageToken", "0"))
        token = str(number + 1) if number + 1 < len(pages) else None
        return httpx.Response(200, json=listed(path.removesuffix("s"), pages[number], token))

    def paths(self) -> list[str]:
        return [request.url.path.rpartition("/")[2] for request in self.asked]

    def queries(self, path: str) -> list[httpx.QueryParams]:
        return [each.url.params for each in self.asked if each.url.path.endswith(f"/{path}")]


class TestYouTube(ConnectorContract):
    platform = "youtube"
    source = Source(name="films", platform="youtube", terms=("Acme",))
    secrets: ClassVar = {"YOUTUBE_API_KEY": "k3y"}
    promised = "snippet"

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        state = {"privacyStatus": "private" if private else "public"}
        return video(f"video{number}", created_at) | {"status": state}

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        held = [list(page) for page in pages if not isinstance(page, str)]
        if request.url.path.endswith("/videos"):
            server = YouTube([each for page in held for each in page])
            return server(request)
        number = int(request.url.params.get("pageToken", "0"))
        chosen = number % len(held)
        after = request.url.params["publishedAfter"]
        hits = [
            found(each["id"], datetime.fromisoformat(at))
            for each in held[chosen]
            if (at := each.get("snippet", {}).get("publishedAt", stamp(NEWEST))) > after
        ]
        token = str(chosen + 1) if chosen + 1 < len(pages) else None
        return httpx.Response(200, json=listed("search", hits, token))


def ask(
    verb: str, handler: Handler, *rest: Any, key: str | None = "k3y", **source: Any
) -> list[Read]:
    asked = Source(name="films", platform="youtube", **source)
    secrets = {} if key is None else {"YOUTUBE_API_KEY": key}
    with client_for(youtube, asked, handler, **secrets) as client:
        return list(getattr(youtube, verb)(asked, client, *(rest or (SINCE,))))


def understood(body: Any, url: str = f"{BASE}/x") -> list[Read]:
    reply = Reply(url=url, body=json.dumps(body).encode(), observed_at=NEWEST)
    return list(understand(youtube, [reply]))


def a_comment(name: str, **more: Any) -> Post:
    kind = "reply" if "." in name else "comment"
    return Post(platform="youtube", post_id=name, kind=kind, observed_at=NEWEST, **more)


# What an item says


def test_a_video() -> None:
    (post,) = posts(understood(listed("video", [video("bikebikebik", defaultLanguage="nl")])))
    assert (post.post_id, post.kind, post.root_id) == ("bikebikebik", "post", "bikebikebik")
    assert post.url == "https://www.youtube.com/watch?v=bikebikebik"
    assert post.title == "Review of the Acme cargo bike"
    assert post.text.startswith("Thanks @AcmeNL!")
    assert (post.mentions, post.tags) == (("AcmeNL",), ("cargobike",))
    assert post.links == ("https://acme.example/bike",)
    assert (post.views_count, post.likes_count, post.replies_count) == (1200, 34, 0)
    assert (post.author_id, post.author_name) == (KIM, "Kim rides")
    assert post.author_url == f"https://www.youtube.com/channel/{KIM}"
    assert (post.language, post.author_handle, post.edited_at) == ("nl", None, None)


def test_an_address_behind_an_at_sign_names_nobody() -> None:
    told = video("bikebikebik")
    told["snippet"]["description"] = "Our new bike @https://acme.example by @AcmeNL"
    (post,) = posts(understood(listed("video", [told])))
    assert (post.mentions, post.links) == (("AcmeNL",), ("https://acme.example",))


def test_hidden_numbers_are_unknown_and_not_zero() -> None:
    hidden = video() | {"statistics": {"viewCount": "5"}}
    (post,) = posts(understood(listed("video", [hidden])))
    assert (post.views_count, post.likes_count, post.replies_count) == (5, None, None)


def test_a_number_that_is_none_is_rejected() -> None:
    odd = video() | {"statistics": {"viewCount": "many"}}
    (told,) = rejected(understood(listed("video", [odd])))
    assert told.path.startswith("$.items[0]")


@pytest.mark.parametrize(("state", "kept"), [("public", True), ("unlisted", True), ("odd", False)])
def test_only_what_everybody_may_watch_is_kept(state: str, kept: bool) -> None:
    (post,) = posts(understood(listed("video", [video() | {"status": {"privacyStatus": state}}])))
    assert post.is_keepable is kept


def test_what_a_search_finds_has_its_words_as_html() -> None:
    channel: Element = {"kind": "youtube#searchResult", "id": {"kind": "youtube#channel"}}
    hit = found("a1", description="it&#39;s ...", channelTitle="R&amp;B")
    (post,) = posts(understood(listed("search", [hit, channel])))
    assert (post.title, post.text, post.author_name) == ("Acme & me", "it's ...", "R&B")
    assert (post.post_id, post.views_count) == ("a1", None)


def test_an_entry_of_a_playlist_tells_the_time_and_owner_of_the_video() -> None:
    snippet = {
        "publishedAt": stamp(NEWEST + timedelta(days=1)),
        "channelId": ACME,
        "channelTitle": "Acme",
        "title": "Ride",
        "resourceId": {"kind": "youtube#video", "videoId": "v1"},
        "videoOwnerChannelId": KIM,
        "videoOwnerChannelTitle": "Kim rides",
    }
    entry = {
        "kind": "youtube#playlistItem",
        "id": "UUx",
        "snippet": snippet,
        "contentDetails": {"videoId": "v1", "videoPublishedAt": stamp(NEWEST)},
    }
    deleted = entry | {"snippet": snippet | {"title": "Deleted video"}}
    private = entry | {"snippet": snippet | {"title": "Private video"}}
    open_one, gone, hidden = posts(understood(listed("playlistItem", [entry, deleted, private])))
    assert (open_one.post_id, open_one.created_at, open_one.author_id) == ("v1", NEWEST, KIM)
    assert (gone.deleted_at, gone.title, gone.text) == (NEWEST, None, "")
    assert (hidden.is_keepable, hidden.title) == (False, None)


def test_a_thread_becomes_a_comment_and_its_replies() -> None:
    top = comment("UgA", textOriginal="Hi @acme\n#bikes https://acme.example", videoId="v9")
    reply = comment(
        "UgA.b", parentId="UgA", authorDisplayName="Acme", authorChannelId={"value": ACME}
    )
    first, second = posts(understood(listed("commentThread", [talk(top, reply, total=6)])))
    assert (first.kind, first.parent_id, first.root_id) == ("comment", "v9", "v9")
    assert first.url == "https://www.youtube.com/watch?v=v9&lc=UgA"
    assert (first.replies_count, first.likes_count, first.edited_at) == (6, 3, None)
    assert (first.author_id, first.author_handle, first.author_name) == (
        KIM,
        "kimrides",
        "@kimrides",
    )
    assert (first.mentions, first.tags, first.links) == (
        ("acme",),
        ("bikes",),
        ("https://acme.example",),
    )
    assert first.parent_author_id == ACME
    assert json.loads(first.payload) == top
    assert (second.kind, second.parent_id, second.root_id) == ("reply", "UgA", "bikebikebik")
    assert (second.author_id, second.author_handle, second.parent_author_id) == (ACME, None, KIM)
    assert second.replies_count is None


def test_a_reply_names_its_thread_in_its_own_id() -> None:
    (post,) = posts(understood(listed("comment", [comment("UgA.b")])))
    assert (post.kind, post.parent_id, post.root_id, post.url) == ("reply", "UgA", None, None)


def test_a_comment_of_an_account_that_is_closed_has_no_author() -> None:
    closed = comment("UgA", authorChannelUrl="", authorDisplayName="")
    del closed["snippet"]["authorChannelId"]
    empty = comment("UgB", authorChannelId={}, authorDisplayName="")
    first, second = posts(understood(listed("comment", [closed, empty])))
    for post in (first, second):
        assert (post.author_id, post.author_name, post.author_url) == (None, None, None)


def test_whom_a_comment_addresses_may_stand_in_the_comment_itself() -> None:
    top = comment("UgA", channelId=ACME)
    reply = comment("UgA.b", channelId=ACME)
    first, second = posts(understood(listed("comment", [top, reply])))
    assert (first.parent_author_id, second.parent_author_id) == (ACME, None)


def test_an_edited_comment_tells_when() -> None:
    later = NEWEST + timedelta(hours=1)
    (post,) = posts(understood(listed("comment", [comment("UgA", updatedAt=stamp(later))])))
    assert (post.created_at, post.edited_at) == (NEWEST, later)


def test_displayed_words_are_html_unless_they_were_asked_for_as_plain_text() -> None:
    shown = 'a &lt; b<br>see <a href="https://a.example/">a.example</a>'
    body = listed("comment", [comment("UgA", textDisplay=shown, textOriginal=None)])
    (post,) = posts(understood(body))
    assert post.text == "a < b\nsee a.example"
    assert post.links == ("https://a.example/",)
    plain = listed("comment", [comment("UgA", textDisplay="a <b> &lt;", textOriginal=None)])
    (same,) = posts(understood(plain, f"{BASE}/comments?textFormat=plainText"))
    assert same.text == "a <b> &lt;"


def test_links_that_youtube_makes_of_hashtags_and_times_are_none() -> None:
    made = (
        '<a href="http://www.youtube.com/results?search_query=%23bike">#bike</a> '
        '<a href="https://www.youtube.com/watch?v=v1&amp;t=3">0:03</a>'
    )
    told = comment("UgA", textDisplay=made, textOriginal="#bike 0:03", videoId="v1")
    (post,) = posts(understood(listed("comment", [told])))
    assert (post.links, post.tags) == ((), ("bike",))


@pytest.mark.parametrize(
    "hidden",
    [
        talk(comment("UgA"), comment("UgA.b"), isPublic=False),
        talk(comment("UgA", moderationStatus="heldForReview")),
        talk(comment("UgA", moderationStatus="likelySpam")),
    ],
)
def test_comments_that_wait_for_their_channel_are_not_kept(hidden: Element) -> None:
    found = posts(understood(listed("commentThread", [hidden])))
    assert found
    assert not any(post.is_keepable for post in found)


def test_a_broken_thread_is_set_apart() -> None:
    broken = {"kind": "youtube#commentThread", "id": "UgA", "snippet": {"videoId": "v1"}}
    whole = talk(comment("UgB"))
    reads = understood(listed("commentThread", [broken, whole]))
    (odd,) = rejected(reads)
    assert "topLevelComment" in odd.reason
    assert [post.post_id for post in posts(reads)] == ["UgB"]


def test_a_single_resource_is_read_and_other_lists_hold_no_posts() -> None:
    assert [post.post_id for post in posts(understood(video("v1")))] == ["v1"]
    subscription = {"kind": "youtube#subscription", "id": "s"}
    assert understood(listed("subscription", [subscription])) == []
    assert understood(listed("channel", [CHANNEL])) == []
    (odd,) = rejected(understood({"kind": "youtube#video", "id": "v1"}))
    assert odd.path == "$"
    with pytest.raises(PayloadError, match="not an answer of YouTube"):
        understood({"kind": "other#list", "items": []})
    with pytest.raises(PayloadError, match="without items"):
        understood({"kind": "youtube#videoListResponse"})


def test_a_time_of_another_zone_is_told_in_utc_and_one_of_none_is_rejected() -> None:
    for told, moments in (("2026-11-20T14:00:00+02:00", [NEWEST]), ("2026-11-20T12:00:00", [])):
        reads = understood(listed("video", [video("v1", NEWEST, publishedAt=told)]))
        assert [post.created_at for post in posts(reads)] == moments
        assert len(rejected(reads)) == 1 - len(moments)
        assert all(post.created_at.utcoffset() == timedelta(0) for post in posts(reads))


# What is asked


def test_mentions_are_found_in_one_search_and_asked_for_again_in_one_batch() -> None:
    server = YouTube([video("v1"), video("v2")], search=[[found("v1"), found("v2")], [found("v3")]])
    reads = ask(
        "mentions",
        server,
        terms=("Acme", "Acme bikes"),
        tags=("acmeride",),
        language="nl",
        options={"region": "NL"},
    )
    assert [post.post_id for post in posts(reads)] == ["v1", "v2"]
    assert server.paths() == ["search", "videos", "search", "videos"]
    first = server.queries("search")[0]
    assert first["q"] == 'Acme|"Acme bikes"|#acmeride'
    assert (first["type"], first["order"], first["maxResults"]) == ("video", "date", "50")
    assert (first["relevanceLanguage"], first["regionCode"]) == ("nl", "NL")
    assert first["publishedAfter"] == stamp(SINCE - timedelta(days=1))
    assert server.queries("videos")[0]["id"] == "v1,v2"
    assert server.queries("videos")[0]["part"] == "snippet,statistics,status"


def test_without_terms_nothing_is_searched() -> None:
    server = YouTube()
    assert ask("mentions", server, accounts=(ACME,)) == []
    assert server.asked == []


def test_the_key_goes_in_a_header_and_into_no_address() -> None:
    server = YouTube(search=[[]])
    ask("mentions", server, terms=("Acme",))
    assert server.asked[0].headers["x-goog-api-key"] == "k3y"
    assert "k3y" not in str(server.asked[0].url)
    with pytest.raises(SecretError, match="YOUTUBE_API_KEY"):
        ask("mentions", server, terms=("Acme",), key=None)


class ManyVideos(YouTube):
    """A search that gives ten pages and no more, as the real one does."""

    def __init__(self, moments: Sequence[datetime]) -> None:
        self.all = [video(f"v{number}", at) for number, at in enumerate(moments)]
        super().__init__(self.all, search=self.search)

    def search(self, params: httpx.QueryParams) -> httpx.Response:
        before = params.get("publishedBefore", "9")
        fitting = [each for each in self.all if each["snippet"]["publishedAt"] <= before]
        number = int(params.get("pageToken", "0"))
        hits = [
            found(each["id"], datetime.fromisoformat(each["snippet"]["publishedAt"]))
            for each in fitting[number * 2 : number * 2 + 2]
        ]
        more = number < 9 and len(fitting) > number * 2 + 2
        return httpx.Response(200, json=listed("search", hits, str(number + 1) if more else None))


def test_beyond_the_reach_of_a_search_an_earlier_slice_goes_on() -> None:
    server = ManyVideos([NEWEST - timedelta(minutes=number) for number in range(45)])
    reads = ask("mentions", server, terms=("Acme",))
    assert len(posts(reads)) == 45
    assert gaps(reads) == []
    bounds = {each.get("publishedBefore") for each in server.queries("search")}
    assert bounds == {
        None,
        stamp(NEWEST - timedelta(minutes=19)),
        stamp(NEWEST - timedelta(minutes=38)),
    }


def test_a_slice_that_cannot_get_any_smaller_is_a_gap() -> None:
    server = ManyVideos([NEWEST] * 45)
    reads = ask("mentions", server, terms=("Acme",))
    assert len(posts(reads)) == 20
    (gap,) = gaps(reads)
    assert (gap.gap_from, gap.gap_to) == (SINCE, NEWEST)


def entry(name: str, at: datetime) -> Element:
    return {
        "kind": "youtube#playlistItem",
        "id": f"UU{name}",
        "snippet": {"title": "x", "resourceId": {"videoId": name}},
        "contentDetails": {"videoId": name, "videoPublishedAt": stamp(at)},
    }


def test_a_timeline_is_the_playlist_of_uploads_and_takes_no_search() -> None:
    old = NEWEST - timedelta(days=30)
    server = YouTube(
        [video("v1"), video("v2"), video("v3")],
        playlistItems=[
            [entry("v1", NEWEST), entry("v2", old)],
            [entry("v3", old)],
            [entry("v4", old)],
        ],
    )
    reads = ask("timeline", server, accounts=("@acme",))
    assert [post.post_id for post in posts(reads)] == ["v1", "v2", "v3"]
    assert server.paths() == [
        "channels",
        "playlistItems",
        "videos",
        "playlistItems",
        "videos",
    ]
    assert server.queries("channels")[0]["forHandle"] == "@acme"
    assert server.queries("playlistItems")[0]["playlistId"] == "UUacme"


def test_a_channel_without_videos_has_no_playlist_of_uploads() -> None:
    server = YouTube(playlistItems=lambda _: fault("playlistNotFound", 404))
    assert ask("timeline", server, accounts=(ACME,)) == []
    server = YouTube(playlistItems=lambda _: fault("quotaExceeded"))
    with pytest.raises(RateLimited):
        ask("timeline", server, accounts=(ACME,))


def test_a_channel_that_is_not_there_is_told() -> None:
    nobody = {"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 0}}
    server = YouTube(channels=lambda _: httpx.Response(200, json=nobody))
    with pytest.raises(AccountGone, match="@nobody"):
        ask("timeline", server, accounts=("@nobody",))


def test_a_channel_that_is_not_there_does_not_silence_the_others() -> None:
    def channels(params: httpx.QueryParams) -> httpx.Response:
        found = [] if "forHandle" in params else [CHANNEL]
        return httpx.Response(200, json=listed("channel", found))

    server = YouTube(channels=channels, playlistItems=[[]])
    with pytest.raises(AccountGone, match="@nobody: there is no such channel"):
        ask("timeline", server, accounts=("@nobody", ACME))

    assert server.queries("playlistItems")


def test_an_inbox_holds_what_others_said_and_the_replies_that_did_not_come_along() -> None:
    own = comment("UgB.own", authorChannelId={"value": ACME})
    pages = [
        [talk(comment("UgA")), talk(comment("UgB"), own, total=3)],
        [talk(comment("UgC", NEWEST - timedelta(days=60)))],
        [talk(comment("UgD", NEWEST - timedelta(days=90)))],
    ]
    server = YouTube(
        commentThreads=pages,
        comments=[[comment("UgB.x", parentId="UgB")], [own, comment("UgB.y", parentId="UgB")]],
    )
    found = posts(ask("inbox", server, accounts=(ACME,)))
    assert [post.post_id for post in found] == ["UgA", "UgB", "UgB.x", "UgB.y", "UgC"]
    assert {post.root_id for post in found} == {"bikebikebik"}
    assert {post.parent_author_id for post in found if post.kind == "reply"} == {KIM}
    asked = server.queries("commentThreads")
    assert len(asked) == 2
    assert (asked[0]["allThreadsRelatedToChannelId"], asked[0]["order"]) == (ACME, "time")
    assert (asked[0]["maxResults"], asked[0]["textFormat"]) == ("100", "plainText")
    assert [each["parentId"] for each in server.queries("comments")] == ["UgB", "UgB"]
    below = server.queries("comments")[0]
    assert (below["part"], below["maxResults"]) == ("snippet", "100")
    assert below["textFormat"] == "plainText"
    assert server.queries("channels")[0]["id"] == ACME


def test_a_thread_deleted_meanwhile_has_no_replies() -> None:
    server = YouTube(
        commentThreads=[[talk(comment("UgA"), total=2)]],
        comments=lambda _: fault("commentNotFound", 404),
    )
    assert [post.post_id for post in posts(ask("inbox", server, accounts=(ACME,)))] == ["UgA"]


def test_a_quota_used_up_among_comments_is_not_the_end_of_the_comments() -> None:
    server = YouTube(commentThreads=lambda _: fault("quotaExceeded"))
    with pytest.raises(RateLimited):
        ask("inbox", server, accounts=(ACME,))


def test_a_thread_is_the_video_and_all_under_it_own_replies_too() -> None:
    own = comment("UgA.b", authorChannelId={"value": ACME})
    server = YouTube([video()], commentThreads=[[talk(comment("UgA"), own)]])
    known = a_comment("UgA", root_id="bikebikebik")
    found = posts(ask("thread", server, known))
    assert [post.post_id for post in found] == ["bikebikebik", "UgA", "UgA.b"]
    assert server.queries("commentThreads")[0]["videoId"] == "bikebikebik"


def test_the_thread_of_a_video_of_which_only_the_id_is_known() -> None:
    server = YouTube([video()], commentThreads=[[talk(comment("UgA"))]])
    known = Post(platform="youtube", post_id="bikebikebik", kind="post", observed_at=NEWEST)
    found = posts(ask("thread", server, known))
    assert [post.post_id for post in found] == ["bikebikebik", "UgA"]


def test_comments_switched_off_leave_the_video() -> None:
    server = YouTube([video()], commentThreads=lambda _: fault("commentsDisabled"))
    (known,) = posts(understood(video()))
    assert [post.post_id for post in posts(ask("thread", server, known))] == ["bikebikebik"]


def test_the_thread_of_a_comment_without_a_video_is_found_by_its_id() -> None:
    top = comment("UgA")
    server = YouTube(commentThreads=[[talk(top, comment("UgA.b"), videoId=None)]])
    found = posts(ask("thread", server, a_comment("UgA.b", parent_id="UgA")))
    assert [post.post_id for post in found] == ["UgA", "UgA.b"]
    assert server.queries("commentThreads")[0]["id"] == "UgA"


def test_of_very_many_comments_the_older_ones_are_a_gap() -> None:
    pages = [
        [talk(comment(f"Ug{number}", NEWEST - timedelta(hours=number)))] for number in range(25)
    ]
    created = NEWEST - timedelta(days=3)
    server = YouTube([video("bikebikebik", created)], commentThreads=pages)
    (known,) = posts(understood(video()))
    reads = ask("thread", server, known)
    assert len(posts(reads)) == 21
    (gap,) = gaps(reads)
    assert (gap.gap_from, gap.gap_to) == (created, NEWEST - timedelta(hours=19))


def test_of_a_video_that_is_not_listed_the_rest_is_a_gap_too() -> None:
    pages = [[talk(comment(f"Ug{number}"))] for number in range(25)]
    server = YouTube(commentThreads=pages)
    (known,) = posts(understood(video()))

    (gap,) = gaps(ask("thread", server, known))

    assert (gap.gap_from, gap.gap_to) == (NEWEST, NEWEST)


def test_refresh_asks_videos_and_comments_in_batches_and_marks_what_is_gone() -> None:
    known = [
        *posts(understood(listed("video", [video("v1"), video("v2")]))),
        a_comment("UgA", root_id="v1", parent_id="v1", url="https://x/lc=UgA"),
        a_comment("UgA.b", root_id="v1"),
        a_comment("UgA.c", root_id="v1"),
    ]
    server = YouTube(
        [video("v1", NEWEST, title="New title")],
        commentThreads=[[talk(comment("UgA", likeCount=9), total=4, videoId="v1")]],
        comments=[[comment("UgA.b", parentId="UgA")]],
    )
    now = {post.post_id: post for post in posts(ask("refresh", server, known))}
    assert server.paths() == ["videos", "commentThreads", "comments"]
    assert server.queries("comments")[0]["id"] == "UgA.b,UgA.c"
    for path in ("comments", "commentThreads"):
        (asked,) = server.queries(path)
        assert (asked["part"], asked["textFormat"]) == ("snippet", "plainText")
    assert now["v1"].title == "New title"
    assert (now["UgA"].likes_count, now["UgA"].replies_count) == (9, 4)
    assert (now["UgA.b"].root_id, now["UgA.b"].parent_id) == ("v1", "UgA")
    gone = {name for name, post in now.items() if post.deleted_at is not None}
    assert gone == {"v2", "UgA.c"}
    assert (now["v2"].title, now["v2"].author_id) == (None, None)


def test_fifty_videos_are_one_request_and_twenty_comments_are_another() -> None:
    videos = [video(f"v{number}") for number in range(51)]
    names = [f"Ug{number}" for number in range(21)]

    def threads(params: httpx.QueryParams) -> httpx.Response:
        asked = [talk(comment(name)) for name in params["id"].split(",")]
        return httpx.Response(200, json=listed("commentThread", asked))

    server = YouTube(videos, commentThreads=threads)
    known = [*posts(understood(listed("video", videos))), *(a_comment(name) for name in names)]
    assert len(posts(ask("refresh", server, known))) == 72
    assert server.paths() == ["videos", "videos", "commentThreads", "commentThreads"]


def test_a_list_of_comments_that_fails_as_a_whole_is_halved_until_it_tells() -> None:
    def comments(params: httpx.QueryParams) -> httpx.Response:
        names = params["id"].split(",")
        if "UgA.gone" in names:
            return fault("commentNotFound", 404)
        return httpx.Response(200, json=listed("comment", [comment(name) for name in names]))

    names = ("UgA.1", "UgA.2", "UgA.gone", "UgA.3")
    reads = ask("refresh", YouTube(comments=comments), [a_comment(name) for name in names])
    gone = {post.post_id: post.deleted_at is not None for post in posts(reads)}
    assert gone == {"UgA.1": False, "UgA.2": False, "UgA.gone": True, "UgA.3": False}


@pytest.mark.parametrize("reason", ["quotaExceeded", "forbidden", "rateLimitExceeded"])
def test_refresh_takes_no_refusal_for_a_deletion(reason: str) -> None:
    server = YouTube(comments=lambda _: fault(reason), commentThreads=lambda _: fault(reason))
    for name in ("UgA", "UgA.b"):
        with pytest.raises(LuisterError) as error:
            ask("refresh", server, [a_comment(name)])
        assert isinstance(error.value, RateLimited | SourceRefused)


def test_an_item_that_is_not_understood_is_not_taken_for_gone() -> None:
    broken = comment("UgA.b")
    del broken["snippet"]["publishedAt"]
    reads = ask("refresh", YouTube(comments=[[broken]]), [a_comment("UgA.b")])
    assert len(rejected(reads)) == 1
    assert posts(reads) == []


# What is refused, and what it costs


@pytest.mark.parametrize(
    ("reason", "code", "error"),
    [
        ("quotaExceeded", 403, BudgetSpent),
        ("dailyLimitExceeded", 403, BudgetSpent),
        ("rateLimitExceeded", 403, RateLimited),
        ("rateLimitExceeded", 429, RateLimited),
        ("keyInvalid", 400, SourceRefused),
        ("forbidden", 403, SourceRefused),
        ("commentsDisabled", 403, SourceRefused),
        ("videoNotFound", 404, SourceGone),
        ("playlistNotFound", 404, SourceGone),
        ("invalidPageToken", 400, PayloadError),
        ("backendError", 500, SourceUnavailable),
        ("backendError", 503, SourceUnavailable),
    ],
)
def test_the_reason_of_a_refusal_counts(reason: str, code: int, error: type[LuisterError]) -> None:
    with pytest.raises(error, match=reason):
        ask("mentions", lambda _: fault(reason, code), terms=("Acme",))


@pytest.mark.parametrize(
    ("code", "error"), [(429, RateLimited), (500, SourceUnavailable), (404, SourceGone)]
)
def test_the_code_of_a_refusal_counts_when_it_has_no_reason(
    code: int, error: type[LuisterError]
) -> None:
    with pytest.raises(error):
        understood({"error": {"code": code, "message": "no"}})


def test_used_up_searches_leave_everything_else_to_be_asked() -> None:
    words = "Quota exceeded for quota metric 'Search Queries' and limit 'Search Queries per day'"
    server = YouTube(
        [video("v1")],
        search=lambda _: httpx.Response(
            429, json={"error": {"message": words, "errors": [{"reason": "rateLimitExceeded"}]}}
        ),
    )
    known = Post(platform="youtube", post_id="v1", kind="post", observed_at=NEWEST)
    asked = Source(name="tube", platform="youtube", terms=("Acme",))
    with client_for(youtube, asked, server, YOUTUBE_API_KEY="k3y") as client:
        with pytest.raises(BudgetSpent, match="the searches of the day are used up") as error:
            list(youtube.mentions(asked, client, SINCE))
        assert "luister.toml" not in error.value.todo, "no budget of ours is spent"
        (found,) = posts(list(youtube.refresh(asked, client, [known])))
    assert (found.post_id, found.deleted_at) == ("v1", None)


def test_a_quota_used_up_comes_back_at_midnight_in_california() -> None:
    body = fault("quotaExceeded").content
    winter = datetime(2026, 11, 20, 12, tzinfo=UTC)
    summer = datetime(2026, 7, 20, 12, tzinfo=UTC)
    for now, hours in ((winter, 20), (summer, 19)):
        told = youtube.refusal(Reply(url=BASE, status=403, body=body, observed_at=now))
        assert isinstance(told, RateLimited)
        assert told.seconds == hours * 3600


def test_the_token_server_refuses_in_a_form_of_its_own() -> None:
    for told, error in (
        ({"error": "invalid_grant", "error_description": "gone"}, SourceRefused),
        ({"error": "odd"}, PayloadError),
    ):
        with pytest.raises(error):
            understood(told)
    for status, error in ((401, SourceRefused), (404, SourceGone), (500, SourceUnavailable)):
        with pytest.raises(error):
            ask(
                "mentions",
                lambda _, s=status: httpx.Response(s, json={"error": "odd"}),
                terms=("a",),
            )


def test_every_verb_needs_the_key() -> None:
    assert youtube.ACCESS.secrets == ("YOUTUBE_API_KEY",)
    assert set(youtube.ACCESS.needs) == {"mentions", "timeline", "inbox", "thread", "refresh"}
    assert set(youtube.ACCESS.needs.values()) == {youtube.ACCESS.secrets}


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("/youtube/v3/search?q=a", {"searches": 1}),
        ("/youtube/v3/videos?id=a", {"units": 1}),
        ("/youtube/v3/commentThreads?videoId=a", {"units": 1}),
        ("/elsewhere", {}),
    ],
)
def test_searches_and_units_are_counted_apart(path: str, taken: dict[str, int]) -> None:
    reply = Reply(url=f"https://www.googleapis.com{path}", observed_at=NEWEST)
    assert youtube.spent(reply) == taken
    assert set(taken) <= set(youtube.ACCESS.quotas)
