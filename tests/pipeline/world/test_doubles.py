"""The platforms' own manners: paging, tokens, limits, visibility, deleted posts."""

import json
from datetime import timedelta
from urllib.parse import quote

import feedparser
import pytest

from pipeline.world.bluesky import BlueskyDouble
from pipeline.world.exchange import Request
from pipeline.world.feeds import FeedDouble
from pipeline.world.hackernews import HackerNewsDouble
from pipeline.world.identity import at_uri, did, guid, hacker_id, snowflake, uri
from pipeline.world.mastodon import MastodonDouble
from pipeline.world.view import View

from .conftest import TODAY

TOKEN = {"authorization": "Bearer token"}


@pytest.fixture(scope="session")
def view(world):
    return View(world, TODAY)


@pytest.fixture(scope="session")
def mastodon(view):
    return MastodonDouble(view, "token", "http://test")


@pytest.fixture(scope="session")
def bluesky(view):
    return BlueskyDouble(view, "password", "http://test")


@pytest.fixture(scope="session")
def hackernews(view):
    return HackerNewsDouble(view)


@pytest.fixture(scope="session")
def feeds(view):
    return FeedDouble(view, "http://test")


def get(double, target, headers=None):
    answer = double.answer(Request.of("GET", target, headers))
    is_json = "json" in answer.content_type and answer.body
    return answer, json.loads(answer.body) if is_json else None


class TestMastodon:
    def test_lookup_knows_local_and_whole_names(self, mastodon):
        for name in ("havenvonk", "havenvonk@plein.example", "@havenvonk"):
            _, account = get(mastodon, f"/api/v1/accounts/lookup?acct={quote(name)}")
            assert account["acct"] == "havenvonk"
        answer, body = get(mastodon, "/api/v1/accounts/lookup?acct=nobody")
        assert answer.status == 404
        assert body == {"error": "Record not found"}

    def test_next_links_walk_through_everything_once(self, mastodon, world):
        _, account = get(mastodon, "/api/v1/accounts/lookup?acct=havenvonk")
        target = f"/api/v1/accounts/{account['id']}/statuses?limit=7"
        seen = []
        while target:
            answer, page = get(mastodon, target)
            seen += [each["id"] for each in page]
            link = answer.headers.get("Link", "").partition(">")[0]
            target = link.removeprefix("<http://test")
        said = [each for each in world.said if each.author is world.own.account("mastodon")]
        assert seen == [snowflake(each) for each in reversed(said) if each.at <= TODAY]

    def test_min_id_gives_the_oldest_above_and_since_id_the_newest(self, mastodon):
        _, newest = get(mastodon, "/api/v1/timelines/public?limit=40")
        floor = newest[-1]["id"]
        _, just_above = get(mastodon, f"/api/v1/timelines/public?limit=5&min_id={floor}")
        _, top = get(mastodon, f"/api/v1/timelines/public?limit=5&since_id={floor}")
        ids = [each["id"] for each in newest]
        assert [each["id"] for each in just_above] == ids[-6:-1]
        assert [each["id"] for each in top] == ids[:5]

    def test_ids_tell_the_time(self, view):
        said = view.by_platform["mastodon"][5]
        assert int(snowflake(said)) >> 16 == round(said.at.timestamp() * 1000)

    def test_search_and_notifications_need_the_token(self, mastodon):
        _, found = get(mastodon, "/api/v2/search?q=Havenvonk&type=statuses")
        assert found["statuses"] == []
        answer, _ = get(mastodon, "/api/v2/search?q=Havenvonk&offset=20")
        assert answer.status == 401
        answer, _ = get(mastodon, "/api/v1/notifications")
        assert answer.status == 401
        answer, body = get(mastodon, "/api/v1/notifications", {"authorization": "Bearer other"})
        assert (answer.status, body["error"]) == (401, "The access token is invalid")

    def test_search_finds_whole_words_newest_first(self, mastodon):
        _, found = get(mastodon, "/api/v2/search?q=haven+vonk&limit=40&type=statuses", TOKEN)
        assert found["statuses"]
        for each in found["statuses"]:
            assert "haven vonk" in each["content"].lower()
        ids = [int(each["id"]) for each in found["statuses"]]
        assert ids == sorted(ids, reverse=True)
        _, second = get(mastodon, "/api/v2/search?q=havenvonk&limit=20&offset=20", TOKEN)
        _, first = get(mastodon, "/api/v2/search?q=havenvonk&limit=40", TOKEN)
        assert second["statuses"] == first["statuses"][20:]

    def test_a_direct_message_is_seen_by_whom_it_names_only(self, mastodon, world):
        own = world.own.account("mastodon")
        direct = next(
            each
            for each in world.said
            if each.visibility == "direct" and own in each.mentions and each.at < TODAY
        )
        target = f"/api/v1/statuses/{snowflake(direct)}"
        assert get(mastodon, target)[0].status == 404
        assert get(mastodon, target, TOKEN)[1]["visibility"] == "direct"

    def test_notification_ids_are_not_status_ids(self, mastodon):
        target = "/api/v1/notifications?types[]=mention&limit=80"
        answer, notices = get(mastodon, target, TOKEN)
        assert {each["type"] for each in notices} == {"mention"}
        assert not {each["id"] for each in notices} & {each["status"]["id"] for each in notices}
        assert f"max_id={notices[-1]['id']}" in answer.headers["Link"]

    def test_several_statuses_leave_out_what_is_not_there(self, mastodon, view):
        first, second = view.by_platform["mastodon"][:2]
        target = f"/api/v1/statuses?id[]={snowflake(first)}&id[]=1&id[]={snowflake(second)}"
        _, found = get(mastodon, target)
        assert [each["uri"] for each in found] == [uri(first), uri(second)]

    def test_context_holds_the_way_up_and_all_below(self, mastodon, view):
        said = next(
            each
            for each in view.by_platform["mastodon"]
            if each.parent and each.parent.parent and view.exists(each.parent.parent)
        )
        _, context = get(mastodon, f"/api/v1/statuses/{snowflake(said.root)}/context")
        assert snowflake(said) in {each["id"] for each in context["descendants"]}
        _, context = get(mastodon, f"/api/v1/statuses/{snowflake(said)}/context")
        assert [each["id"] for each in context["ancestors"]][-1] == snowflake(said.parent)

    def test_an_edit_shows_its_time_and_its_history(self, mastodon, view):
        said = next(each for each in view.by_platform["mastodon"] if each.edited_at(TODAY))
        _, status = get(mastodon, f"/api/v1/statuses/{snowflake(said)}", TOKEN)
        assert status["edited_at"]
        assert "(aangepast)" in status["content"]
        _, history = get(mastodon, f"/api/v1/statuses/{snowflake(said)}/history", TOKEN)
        assert [("(aangepast)" in each["content"]) for each in history] == [False, True]

    def test_markup_is_escaped_and_names_are_links(self, mastodon):
        _, found = get(mastodon, "/api/v2/search?q=script+kijk&limit=40", TOKEN)
        for each in found["statuses"]:
            assert "<script>" not in each["content"]
            assert "&lt;script&gt;" in each["content"]

    def test_every_answer_tells_the_quota(self, mastodon):
        answer, _ = get(mastodon, "/api/v2/instance")
        assert answer.headers["X-RateLimit-Limit"] == "300"


class TestBluesky:
    def test_only_the_company_signs_in(self, bluesky):
        body = json.dumps({"identifier": "havenvonk.example", "password": "password"}).encode()
        path = "/xrpc/com.atproto.server.createSession"
        session = bluesky.answer(Request.of("POST", path, {}, body))
        assert json.loads(session.body)["did"] == did(bluesky.me)
        wrong = bluesky.answer(Request.of("POST", path, {}, body.replace(b'password"}', b'x"}')))
        assert wrong.status == 401
        assert json.loads(wrong.body)["error"] == "AuthenticationRequired"

    def signed(self, bluesky):
        return {"authorization": f"Bearer {bluesky.access_token}"}

    def test_search_needs_a_session(self, bluesky):
        assert get(bluesky, "/xrpc/app.bsky.feed.searchPosts?q=x")[0].status == 403

    def test_search_walks_by_cursor(self, bluesky):
        seen, cursor = [], ""
        while True:
            target = f"/xrpc/app.bsky.feed.searchPosts?q=havenvonk&limit=9&cursor={cursor}"
            _, page = get(bluesky, target, self.signed(bluesky))
            seen += [each["uri"] for each in page["posts"]]
            if "cursor" not in page:
                break
            cursor = page["cursor"]
        assert len(seen) == len(set(seen)) == page["hitsTotal"] > 20

    def test_search_honours_its_filters(self, bluesky, view):
        until = (TODAY - timedelta(days=3)).isoformat().replace("+00:00", "Z")
        target = f"/xrpc/app.bsky.feed.searchPosts?q=havenvonk&limit=100&until={quote(until)}"
        _, page = get(bluesky, target, self.signed(bluesky))
        assert all(each["indexedAt"] < until for each in page["posts"])
        _, german = get(bluesky, target + "&lang=de", self.signed(bluesky))
        assert all(each["record"]["langs"] == ["de"] for each in german["posts"])
        answer, _ = get(bluesky, target.replace("100", "101"), self.signed(bluesky))
        assert answer.status == 400

    def test_facets_count_bytes(self, bluesky, view):
        said = next(
            each
            for each in view.by_platform["bluesky"]
            if each.mentions and not each.text.isascii() and each.text.find("@") > 5
        )
        _, found = get(bluesky, f"/xrpc/app.bsky.feed.getPosts?uris={quote(at_uri(said))}")
        record = found["posts"][0]["record"]
        index = record["facets"][0]["index"]
        cut = record["text"].encode()[index["byteStart"] : index["byteEnd"]].decode()
        assert cut.startswith("@")

    def test_author_feed_tells_why_a_repost_is_there(self, bluesky, world):
        _, page = get(
            bluesky, "/xrpc/app.bsky.feed.getAuthorFeed?actor=havenvonk.example&limit=100"
        )
        reasons = [each["reason"] for each in page["feed"] if "reason" in each]
        assert reasons
        assert {each["by"]["handle"] for each in reasons} == {"havenvonk.example"}

    def test_posts_come_in_batches_of_25(self, bluesky):
        uris = "&".join(f"uris=at%3A%2F%2Fdid{number}" for number in range(26))
        assert get(bluesky, f"/xrpc/app.bsky.feed.getPosts?{uris}")[0].status == 400

    def test_who_opted_out_carries_the_label(self, bluesky, view):
        said = next(each for each in view.by_platform["bluesky"] if each.author.opted_out)
        _, found = get(bluesky, f"/xrpc/app.bsky.feed.getPosts?uris={quote(at_uri(said))}")
        labels = found["posts"][0]["author"]["labels"]
        assert [each["val"] for each in labels] == ["!no-unauthenticated"]

    def test_a_missing_post_has_no_thread(self, bluesky, view):
        gone = quote(f"at://{did(view.world.own.account('bluesky'))}/app.bsky.feed.post/2222")
        answer, body = get(bluesky, f"/xrpc/app.bsky.feed.getPostThread?uri={gone}")
        assert (answer.status, body["error"]) == (400, "NotFound")

    def test_a_foreign_token_is_refused(self, bluesky):
        headers = {"authorization": "Bearer other"}
        answer, body = get(bluesky, "/xrpc/app.bsky.notification.listNotifications", headers)
        assert (answer.status, body["error"]) == (400, "InvalidToken")


class TestHackerNews:
    def test_tags_are_and_by_comma_or_in_brackets(self, hackernews):
        path = "/api/v1/search_by_date?hitsPerPage=100&tags="
        _, both = get(hackernews, f"{path}(story,comment)")
        _, stories = get(hackernews, f"{path}story")
        _, own = get(hackernews, f"{path}comment,author_havenvonk")
        assert stories["nbHits"] < both["nbHits"]
        assert all(each["author"] == "havenvonk" for each in own["hits"])
        assert all("comment_text" in each for each in own["hits"])

    def test_beyond_the_cap_there_is_a_message_with_status_200(self, view):
        small = HackerNewsDouble(view, cap=10)
        _, page = get(small, "/api/v1/search_by_date?query=&hitsPerPage=5&page=1")
        assert len(page["hits"]) == 5
        answer, page = get(small, "/api/v1/search_by_date?query=&hitsPerPage=5&page=2")
        assert answer.status == 200
        assert page["hits"] == []
        assert page["nbHits"] == 0
        assert "you can only fetch the 10 hits" in page["message"]

    def test_numeric_filters_slice_time(self, hackernews):
        _, all_hits = get(hackernews, "/api/v1/search_by_date?query=&hitsPerPage=100")
        middle = all_hits["hits"][len(all_hits["hits"]) // 2]["created_at_i"]
        target = (
            f"/api/v1/search_by_date?query=&hitsPerPage=100&numericFilters=created_at_i%3E{middle}"
        )
        _, newer = get(hackernews, target)
        assert all(each["created_at_i"] > middle for each in newer["hits"])
        assert 0 < newer["nbHits"] < all_hits["nbHits"]

    def test_the_tree_holds_every_comment(self, hackernews, view):
        story = next(each for each in view.by_platform["hackernews"] if each.parent is None)
        _, tree = get(hackernews, f"/api/v1/items/{hacker_id(story)}")

        def count(node):
            return sum(1 + count(child) for child in node["children"])

        assert count(tree) == sum(1 for _ in view.descendants(story))
        assert get(hackernews, "/api/v1/items/1")[0].status == 404

    def test_firebase_keeps_the_place_of_what_is_deleted(self, world):
        gone = next(each for each in world.said if each.platform == "hackernews" and each.parent)
        gone_at = gone.deleted_at
        gone.deleted_at = gone.at + timedelta(hours=1)
        try:
            double = HackerNewsDouble(View(world, TODAY))
            _, item = get(double, f"/v0/item/{hacker_id(gone)}.json")
        finally:
            gone.deleted_at = gone_at
        assert item["deleted"] is True
        assert "by" not in item
        assert get(double, "/v0/item/1.json")[1] is None


class TestFeeds:
    @pytest.mark.parametrize("path", ["/havenvonk/feed/", "/duinvolt/atom/"])
    def test_a_blog_is_a_feed(self, feeds, path):
        answer, _ = get(feeds, path)
        parsed = feedparser.parse(answer.body)
        assert not parsed.bozo
        assert parsed.entries
        assert all(each.title and each.link and each.published_parsed for each in parsed.entries)

    def test_comments_tell_what_they_answer(self, feeds, view):
        answer, _ = get(feeds, "/havenvonk/comments/feed/")
        parsed = feedparser.parse(answer.body)
        comments = [each for each in view.by_platform["feed"] if each.kind == "comment"]
        own = [each for each in comments if each.root.author.name == "Havenvonk"]
        assert {each.id for each in parsed.entries} == {guid(each) for each in own}
        assert any("#comment-" in each.summary for each in parsed.entries)

    def test_json_feed(self, feeds):
        answer, body = get(feeds, "/polderwatt/feed.json")
        assert answer.content_type == "application/feed+json"
        assert body["version"] == "https://jsonfeed.org/version/1.1"
        assert body["items"]

    def test_news_search_finds_words(self, feeds):
        answer, _ = get(feeds, "/news/search?q=Havenvonk")
        titles = [each.title for each in feedparser.parse(answer.body).entries]
        assert titles
        assert all("Havenvonk" in each for each in titles)
        assert not feedparser.parse(get(feeds, "/news/search?q=niemand")[0].body).entries

    def test_who_has_it_already_gets_nothing(self, feeds):
        answer, _ = get(feeds, "/havenvonk/feed/")
        known = {"if-none-match": answer.headers["ETag"]}
        again, _ = get(feeds, "/havenvonk/feed/", known)
        assert (again.status, again.body) == (304, b"")

    def test_an_unknown_address_is_404(self, feeds):
        assert get(feeds, "/nobody/feed/")[0].status == 404
