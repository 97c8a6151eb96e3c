"""LinkedIn: a page's posts, the notices of what others do with them, and names spelled twice."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import unquote

import httpx
import pytest

from connectors import linkedin
from connectors.linkedin_pages import VERSION
from connectors.linkedin_words import named_in, plain, tags_in
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
    LuisterError,
    PayloadError,
    RateLimited,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)
from pipeline.post import Post, Read
from pipeline.source import Reply, Source

PAGE = "urn:li:organization:12345"
KIM = "urn:li:person:k1mk1m"
POST = "urn:li:share:700"
ACTIVITY = "urn:li:activity:701"
SINCE = NEWEST - timedelta(days=7)
SITE = "https://www.linkedin.com"


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def page_post(number: int = 700, at: datetime = NEWEST, /, **more: Any) -> Element:
    return {
        "id": f"urn:li:share:{number}",
        "author": PAGE,
        "commentary": "New bikes",
        "lifecycleState": "PUBLISHED",
        "visibility": "PUBLIC",
        "createdAt": ms(at),
        "publishedAt": ms(at),
        "lastModifiedAt": ms(at),
        "distribution": {"feedDistribution": "MAIN_FEED"},
        "lifecycleStateInfo": {"isEditedByAuthor": False},
    } | more


def spelled(number: int) -> str:
    return f"urn:li:comment:({ACTIVITY},{number})"


def comment(number: int, text: str = "Nice bike", /, **more: Any) -> Element:
    return {
        "id": str(number),
        "commentUrn": spelled(number),
        "actor": KIM,
        "created": {"actor": KIM, "time": ms(NEWEST)},
        "lastModified": {"actor": KIM, "time": ms(NEWEST)},
        "message": {"attributes": [], "text": text},
        "object": ACTIVITY,
        "likesSummary": {"totalLikes": 3, "aggregatedTotalLikes": 4},
        "commentsSummary": {"totalFirstLevelComments": 0},
    } | more


def notice(action: str, /, at: datetime = NEWEST, **more: Any) -> Element:
    return {
        "action": action,
        "notificationId": -7,
        "lastModifiedAt": ms(at),
        "organizationalEntity": PAGE,
        "subscriber": KIM,
        "sourcePost": ACTIVITY,
        "decoratedSourcePost": {"entity": POST, "owner": PAGE, "text": "New bikes"},
    } | more


def commented(number: int, text: str = "Nice", /, **more: Any) -> Element:
    said = {"entity": spelled(number), "owner": KIM, "text": text, "object": ACTIVITY} | more
    return {
        "generatedActivity": f"urn:li:comment:(activity:701,{number})",
        "decoratedGeneratedActivity": {"comment": said},
    }


def shared(number: int, text: str = "") -> Element:
    said = {"entity": f"urn:li:share:{number}", "owner": KIM, "text": text}
    return {
        "generatedActivity": f"urn:li:share:{number}",
        "decoratedGeneratedActivity": {"share": said},
    }


class TestLinkedin(ConnectorContract):
    platform = "linkedin"
    source = Source(name="linkedin", platform="linkedin", accounts=(PAGE,))
    verb = "timeline"
    promised = "author"
    secrets: ClassVar = {"LINKEDIN_ACCESS_TOKEN": "t0ken"}

    def element(self, number: int, created_at: datetime, *, private: bool = False) -> Element:
        return page_post(number, created_at, visibility="CONNECTIONS" if private else "PUBLIC")

    def page(self, request: httpx.Request, pages: Sequence[Sequence[Element]]) -> httpx.Response:
        if request.url.path == "/rest/socialMetadata":
            return httpx.Response(200, json={"results": {}})
        if request.url.path != "/rest/posts":
            return httpx.Response(200, json={"elements": [], "paging": {"links": []}})
        index = int(request.url.params["start"]) // 100
        chosen: Any = pages[index]
        found = pages[0] if chosen == "again" else chosen
        links = [] if index + 1 == len(pages) and chosen != "again" else [{"rel": "next"}]
        return httpx.Response(200, json={"elements": list(found), "paging": {"links": links}})


class Server:
    """An answer for each path; remembers what it was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = unquote(request.url.path).removeprefix("/rest/")
        found = self.answers.get(path, {"status": 404, "code": "NOT_FOUND", "message": "none"})
        status = found.get("status", 200) if isinstance(found, dict) else 200
        return httpx.Response(status, json=found)

    @property
    def lines(self) -> list[str]:
        return [each.url.raw_path.decode() for each in self.asked]


def ask(verb: str, handler: Handler, *rest: Any, **source: Any) -> list[Read]:
    asked = Source(name="linkedin", platform="linkedin", **{"accounts": (PAGE,), **source})
    with client_for(linkedin, asked, handler, LINKEDIN_ACCESS_TOKEN="t0ken") as client:
        return list(getattr(linkedin, verb)(asked, client, *(rest or (SINCE,))))


def understood(body: Any, url: str = "") -> list[Read]:
    reply = Reply(url=url, body=json.dumps(body).encode(), observed_at=NEWEST)
    return list(understand(linkedin, [reply]))


def the_post(**more: Any) -> Post:
    (post,) = posts(understood(page_post(**more)))
    return post


def the_notice(action: str, **more: Any) -> Post:
    (post,) = posts(understood({"notifications": [notice(action, **more)]}))
    return post


# What a post says


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"media": {"id": "urn:li:document:1", "title": "Kijk"}}, "Kijk"),
        ({"media": {"id": "urn:li:video:1", "title": "IMG_2034.MOV"}}, "Kijk"),
        ({"media": {"id": "urn:li:document:1", "title": "jaar verslag.pdf"}}, "Kijk"),
        ({"media": {"id": "urn:li:document:1", "title": 2026}}, "Kijk\n2026"),
        ({"media": {"id": "urn:li:document:1", "title": ["Odd"]}}, "Kijk"),
        ({"media": {"id": "urn:li:document:1", "title": "Over Node.js"}}, "Kijk\nOver Node.js"),
        ({"multiImage": {"images": [{"altText": "Een fiets"}] * 2}}, "Kijk\nEen fiets"),
    ],
)
def test_what_a_post_shows_is_said_once(content: dict[str, Any], text: str) -> None:
    assert the_post(commentary="Kijk", content=content).text == text


def test_titles_and_descriptions_of_what_is_shown_are_said_in_the_post() -> None:
    pictures = {"images": [{"id": "urn:li:image:1", "altText": "Een fiets"}, {"id": "i"}]}
    film = {"id": "urn:li:video:1", "title": "Zo repareert u een band", "altText": None}
    several, one_film = (
        page_post(1, commentary="Kijk", content={"multiImage": pictures}),
        page_post(2, commentary="Kijk", content={"media": film}),
    )
    assert [post.text for post in posts(understood({"elements": [several, one_film]}))] == [
        "Kijk\nEen fiets",
        "Kijk\nZo repareert u een band",
    ]


def test_a_poll_is_said_in_its_post() -> None:
    options = [{"text": "Red", "voteCount": 3, "isVotedByViewer": False}, {"text": "Blue"}]
    poll = {"question": "Which?", "options": options, "uniqueVotersCount": 3}
    told = page_post(1, content={"poll": poll, "article": None})
    gone = page_post(2, content={"poll": poll}, lifecycleState="DELETED")
    asked, removed = posts(understood({"elements": [told, gone]}))
    assert asked.text == "New bikes\nWhich?\nRed\nBlue"
    assert removed.text == ""


def test_a_post_of_a_page() -> None:
    post = the_post(
        commentary=r"Hi @[Kim \(K\)](urn:li:person:k1m), {hashtag|\#|bikes} \#1 at https://a.nl/x",
        content={"article": {"source": "https://acme.nl/bike", "title": "A bike"}},
    )
    assert (post.post_id, post.kind, post.author_id) == (POST, "post", PAGE)
    assert post.text == "Hi Kim \\(K\\), #bikes #1 at https://a.nl/x".replace("\\", "")
    assert post.mentions == ("urn:li:person:k1m",)
    assert post.tags == ("bikes",)
    assert post.links == ("https://a.nl/x", "https://acme.nl/bike")
    assert post.url == f"{SITE}/feed/update/{POST}/"
    assert post.author_url == f"{SITE}/company/12345/"
    assert (post.author_name, post.likes_count, post.replies_count) == (None, None, None)
    assert (post.edited_at, post.deleted_at, post.visibility) == (None, None, "public")


def test_marks_and_escapes_of_the_little_text() -> None:
    assert plain(r"50\% \*off\* \{now\}\_ \\o/") == r"50% *off* {now}_ \o/"
    assert plain("@[Acme](urn:li:organization:1) & @[B](urn:li:person:x-Y_1)") == "Acme & B"
    assert plain("@[not closed](") == "@[not closed]("
    assert tags_in(r"#a \#b {hashtag|\#|c_d} x#e https://f.nl/#g #a") == ("a", "c_d")
    named = r"@[Kim](urn:li:person:k\_\_1m) {hashtag|\#|e\_bike} #cargo\_bike"
    assert plain(named) == "Kim #e_bike #cargo_bike"
    assert named_in(named) == ("urn:li:person:k__1m",)
    assert tags_in(named) == ("e_bike", "cargo_bike")


def test_when_a_post_was_edited() -> None:
    later = ms(NEWEST + timedelta(hours=2))
    edited = the_post(lastModifiedAt=later, lifecycleStateInfo={"isEditedByAuthor": True})
    assert edited.edited_at == NEWEST + timedelta(hours=2)
    assert the_post(lastModifiedAt=later).edited_at is None
    assert the_post(lastModifiedAt=later, lifecycleStateInfo=None).edited_at is None


def test_a_post_passed_on_with_and_without_words() -> None:
    context = {"parent": "urn:li:share:9", "root": "urn:li:share:8"}
    quote = the_post(reshareContext=context)
    repost = the_post(reshareContext=context, commentary="")
    assert (quote.kind, quote.quoted_id, quote.reposted_id) == ("quote", "urn:li:share:9", None)
    assert (repost.kind, repost.quoted_id, repost.reposted_id) == ("repost", None, "urn:li:share:9")


@pytest.mark.parametrize(
    ("told", "visibility"),
    [
        ({"visibility": "PUBLIC"}, "public"),
        ({"visibility": "CONNECTIONS"}, "followers"),
        ({"visibility": "LOGGED_IN"}, "private"),
        ({"visibility": "CONTAINER"}, "private"),
        ({"distribution": {"feedDistribution": "NONE"}}, "unlisted"),
        ({"lifecycleState": "DRAFT"}, "private"),
        ({"lifecycleState": "PUBLISH_REQUESTED"}, "private"),
    ],
)
def test_who_may_read_a_post(told: dict[str, Any], visibility: str) -> None:
    assert the_post(**told).visibility == visibility


def test_a_post_that_was_taken_back_has_no_words() -> None:
    content = {"article": {"source": "https://acme.nl/bike"}}
    post = the_post(lifecycleState="ARCHIVED", content=content, commentary="#oops")
    assert post.deleted_at == NEWEST
    assert (post.text, post.links, post.tags) == ("", (), ())


# What a comment says


def test_a_comment_and_an_answer_to_it() -> None:
    named = {"start": 0, "length": 4, "value": {"organization": {"organization": PAGE}}}
    first = comment(1, "Acme #wow", message={"attributes": [named], "text": "Acme #wow"})
    answer = comment(2, parentComment=f"urn:li:comment:(activity:701,{1})", likesSummary={})
    url = f"https://api.linkedin.com/rest/socialActions/{POST}/comments?start=0"
    top, below = posts(understood({"elements": [first, answer]}, url))
    assert (top.post_id, top.kind) == (spelled(1), "comment")
    assert top.aliases == ("urn:li:comment:(activity:701,1)",)
    assert (top.parent_id, top.root_id) == (POST, POST)
    assert (top.mentions, top.tags, top.text) == ((PAGE,), ("wow",), "Acme #wow")
    assert (top.likes_count, top.replies_count) == (3, 0)
    assert (top.author_id, top.author_name, top.author_url) == (KIM, None, None)
    spelling = "urn%3Ali%3Acomment%3A%28activity%3A701%2C1%29"
    assert top.url == f"{SITE}/feed/update/{ACTIVITY}/?commentUrn={spelling}"
    assert (below.kind, below.parent_id) == ("reply", top.post_id)
    assert below.likes_count is None


def test_a_comment_whose_address_is_not_known_stands_under_its_activity() -> None:
    bare = comment(1, lastModified={"time": ms(NEWEST + timedelta(minutes=5))})
    del bare["commentUrn"], bare["commentsSummary"]
    (found,) = posts(understood({"elements": [bare]}))
    assert (found.post_id, found.root_id, found.parent_id) == (spelled(1), ACTIVITY, ACTIVITY)
    assert found.edited_at == NEWEST + timedelta(minutes=5)
    assert found.replies_count is None


# What a notice tells


def test_a_comment_on_the_pages_post() -> None:
    post = the_notice("COMMENT", **commented(5, "Look https://a.nl #x"))
    assert (post.post_id, post.kind, post.author_id) == (spelled(5), "comment", KIM)
    assert (post.native_id, post.aliases) == (spelled(5), ("urn:li:comment:(activity:701,5)",))
    assert (post.parent_id, post.root_id, post.parent_author_id) == (POST, POST, PAGE)
    assert (post.created_at, post.edited_at, post.deleted_at) == (NEWEST, None, None)
    assert (post.text, post.links, post.tags) == ("Look https://a.nl #x", ("https://a.nl",), ("x",))


def test_an_answer_to_a_comment_names_it() -> None:
    for said in ({"object": "urn:li:comment:(activity:701,5)"}, {"parentComment": spelled(5)}):
        post = the_notice("COMMENT", **commented(6, **said))
        assert (post.kind, post.parent_id, post.root_id) == ("reply", spelled(5), POST)
        assert post.parent_author_id is None


def test_an_edit_and_a_deletion() -> None:
    edit = the_notice("COMMENT_EDIT", **commented(5, "Better"))
    assert (edit.text, edit.created_at, edit.edited_at) == ("Better", None, NEWEST)
    gone = the_notice("COMMENT_DELETE", **commented(5, "Better"))
    bare = the_notice("COMMENT_DELETE", generatedActivity="urn:li:comment:(activity:701,5)")
    for each in (gone, bare):
        assert (each.post_id, each.text, each.author_id) == (spelled(5), "", None)
        assert (each.created_at, each.deleted_at) == (None, NEWEST)


def test_a_share_is_a_quote_or_a_repost_and_a_mention_is_a_post() -> None:
    quote = the_notice("SHARE", **shared(9, "See this"))
    repost = the_notice("SHARE", **shared(9))
    mention = the_notice("SHARE_MENTION", **shared(9, "Acme is great"))
    assert (quote.kind, quote.quoted_id, quote.parent_author_id) == ("quote", POST, PAGE)
    assert (repost.kind, repost.reposted_id, repost.mentions) == ("repost", POST, ())
    assert (mention.kind, mention.mentions, mention.quoted_id) == ("post", (PAGE,), None)
    assert {each.post_id for each in (quote, repost, mention)} == {"urn:li:share:9"}


def test_a_notice_that_does_not_show_the_pages_post_names_its_activity() -> None:
    bare = {"decoratedSourcePost": None}
    said = the_notice("COMMENT", **commented(5), **bare)
    assert (said.parent_id, said.root_id, said.parent_author_id) == (ACTIVITY, ACTIVITY, None)
    quote = the_notice("SHARE", **shared(9, "See"), **bare)
    assert (quote.quoted_id, quote.parent_author_id) == (ACTIVITY, None)
    repost = the_notice("SHARE", **shared(9), **bare)
    assert (repost.reposted_id, repost.native_id) == (ACTIVITY, "urn:li:share:9")


def test_a_mention_that_shows_only_its_source() -> None:
    source = {"entity": "urn:li:ugcPost:4", "owner": KIM, "text": "Acme!"}
    post = the_notice("SHARE_MENTION", decoratedSourcePost=source)
    assert (post.post_id, post.text) == ("urn:li:ugcPost:4", "Acme!")
    assert post.aliases == (ACTIVITY,)


def test_likes_are_no_posts_and_what_is_not_shown_is_set_apart() -> None:
    body = {"notifications": [notice("LIKE"), notice("COMMENT"), notice("SHARE")]}
    reads = understood(body)
    assert posts(reads) == []
    assert [each.path for each in rejected(reads)] == ["$.notifications[1]", "$.notifications[2]"]


@pytest.mark.parametrize("key", ["action", "lastModifiedAt", "organizationalEntity"])
def test_a_notice_without_what_is_promised_is_set_apart(key: str) -> None:
    broken = notice("COMMENT", **commented(5))
    del broken[key]
    (odd,) = rejected(understood({"notifications": [broken]}))
    assert key in odd.reason


def test_what_has_no_urn_is_set_apart() -> None:
    reads = understood({"elements": [page_post(id=""), comment(1, actor="kim")]})
    assert [each.path for each in rejected(reads)] == ["$.elements[0].id", "$.elements[1].actor"]


def test_a_notice_alone_is_read_too() -> None:
    (post,) = posts(understood(notice("COMMENT", **commented(5))))
    assert post.post_id == spelled(5)


@pytest.mark.parametrize(
    "body",
    [
        {"reactionSummaries": {}, "entity": POST},
        {"elements": [{"actor": KIM, "object": ACTIVITY, "reactionType": "LIKE"}]},
        {"results": {POST: {"reactionSummaries": {"LIKE": {"count": 2}}}}},
        {"localizedName": "Acme", "id": 12345},
        {"localizedName": "Acme", "status": 200, "code": "FINE"},
        {"firstDegreeSize": 4},
    ],
)
def test_replies_without_posts_are_no_error(body: dict[str, Any]) -> None:
    assert understood(body) == []


# What is asked


def test_timeline_adds_counts_and_own_comments() -> None:
    counts = {
        "reactionSummaries": {"LIKE": {"count": 2}, "PRAISE": {"count": 1}},
        "commentSummary": {"count": 5, "topLevelCount": 4},
    }
    own = commented(8, "Thanks!", owner=PAGE)
    server = Server(
        {
            "posts": {"elements": [page_post(), page_post(699)]},
            "socialMetadata": {"results": {POST: counts}},
            "organizationalEntityNotifications": {"elements": [notice("ADMIN_COMMENT", **own)]},
        }
    )
    first, second, said = posts(ask("timeline", server))
    assert (first.likes_count, first.replies_count) == (3, 5)
    assert (second.likes_count, second.replies_count) == (None, None)
    assert (said.author_id, said.kind, said.text) == (PAGE, "comment", "Thanks!")
    listing, counting, _ = server.asked
    assert listing.headers["authorization"] == "Bearer t0ken"
    assert listing.headers["linkedin-version"] == VERSION
    assert listing.headers["x-restli-protocol-version"] == "2.0.0"
    assert listing.headers["x-restli-method"] == "FINDER"
    assert server.lines[0] == (
        "/rest/posts?q=author&author=urn%3Ali%3Aorganization%3A12345"
        "&sortBy=LAST_MODIFIED&start=0&count=100"
    )
    assert server.lines[1] == (
        "/rest/socialMetadata?ids=List(urn%3Ali%3Ashare%3A700,urn%3Ali%3Ashare%3A699)"
    )
    assert counting.headers["x-restli-method"] == "BATCH_GET"
    assert "actions=List(ADMIN_COMMENT)" in server.lines[2]


def test_no_reactions_are_zero_and_no_counts_unknown() -> None:
    server = Server(
        {
            "posts": {"elements": [page_post()]},
            f"socialMetadata/{POST}": {"reactionSummaries": {}},
            "organizationalEntityNotifications": {"elements": []},
        }
    )
    (post,) = posts(ask("timeline", server))
    assert (post.likes_count, post.replies_count) == (0, None)


@pytest.mark.parametrize("numbers", [[700], [700, 699]])
def test_a_token_that_may_not_count_still_reads(numbers: list[int]) -> None:
    refused = {"status": 403, "code": "ACCESS_DENIED", "message": "no"}
    server = Server(
        {
            "posts": {"elements": [page_post(number) for number in numbers]},
            "socialMetadata": refused,
            f"socialMetadata/{POST}": refused,
            "organizationalEntityNotifications": {"elements": []},
        }
    )
    found = posts(ask("timeline", server))
    assert [post.likes_count for post in found] == [None] * len(numbers)


def test_the_version_and_the_server_can_be_chosen() -> None:
    server = Server(
        {"posts": {"elements": []}, "organizationalEntityNotifications": {"elements": []}}
    )
    ask("timeline", server, server="https://proxy.example/", options={"version": 202701})
    assert server.asked[0].headers["linkedin-version"] == "202701"
    assert server.asked[0].url.host == "proxy.example"


def test_a_full_page_without_links_is_followed() -> None:
    many = [page_post(number) for number in range(900, 800, -1)]

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/rest/posts":
            return httpx.Response(200, json={"results": {}, "elements": []})
        is_first = request.url.params["start"] == "0"
        return httpx.Response(200, json={"elements": many if is_first else [page_post(1)]})

    assert len(posts(ask("timeline", handler))) == 101


def test_counts_are_asked_for_in_pieces() -> None:
    many = [page_post(number) for number in range(900, 840, -1)]
    server = Server(
        {
            "posts": {"elements": many},
            "socialMetadata": {"results": {}},
            "organizationalEntityNotifications": {"elements": []},
        }
    )
    assert len(posts(ask("timeline", server))) == 60
    asked = [line.count("share") for line in server.lines if "socialMetadata" in line]
    assert asked == [50, 10]


def test_inbox_tells_what_was_said_last_last() -> None:
    later = NEWEST + timedelta(hours=1)
    elements = [
        notice("COMMENT_DELETE", later + timedelta(hours=1), **commented(6)),
        notice("COMMENT_EDIT", later, **commented(5, "Better")),
        notice("COMMENT", **commented(5, "Good")),
        notice("COMMENT", **commented(5, "Good")),
        notice("SHARE_MENTION", **shared(9, "Acme")),
    ]
    server = Server({"organizationalEntityNotifications": {"elements": elements}})
    found = posts(ask("inbox", server))
    assert [each.text for each in found] == ["Good", "Acme", "Better", ""]
    (line,) = server.lines
    assert line == (
        "/rest/organizationalEntityNotifications?q=criteria"
        "&actions=List(COMMENT,COMMENT_EDIT,COMMENT_DELETE,SHARE,SHARE_MENTION)"
        "&organizationalEntity=urn%3Ali%3Aorganization%3A12345"
        f"&timeRange=(start:{ms(SINCE)},end:{ms(SINCE + timedelta(days=3650))})"
        "&start=0&count=100"
    )


def test_what_a_notice_only_names_is_asked_for() -> None:
    named = {"decoratedSourcePost": None, "decoratedGeneratedActivity": None}
    mentioning, hidden = "urn:li:share:9", "urn:li:ugcPost:8"
    elements = [
        notice("COMMENT", generatedActivity="urn:li:comment:(activity:701,5)", **named),
        notice("SHARE_MENTION", generatedActivity=mentioning, **named),
        notice("SHARE_MENTION", **named | {"sourcePost": "urn:li:ugcPost:7"}),
        notice("SHARE", generatedActivity=hidden, **named),
        notice("LIKE", **named),
    ]
    server = Server(
        {
            "organizationalEntityNotifications": {"elements": elements},
            f"socialActions/{ACTIVITY}/comments/5": comment(5, "Nice"),
            f"posts/{mentioning}": page_post(9, author=KIM, commentary="Acme!"),
            "posts/urn:li:ugcPost:7": page_post(7, author=KIM, id="urn:li:ugcPost:7"),
            f"posts/{hidden}": {"status": 403, "code": "X", "message": "no"},
        }
    )
    reads = ask("inbox", server)
    found = {post.post_id: post for post in posts(reads)}
    assert found.keys() == {spelled(5), mentioning, "urn:li:ugcPost:7"}
    assert (found[spelled(5)].text, found[spelled(5)].root_id) == ("Nice", ACTIVITY)
    assert found[mentioning].mentions == found["urn:li:ugcPost:7"].mentions == (PAGE,)
    assert rejected(reads) == []
    assert len(server.asked) == 5


def test_what_is_older_than_the_notices_is_a_gap() -> None:
    server = Server({"organizationalEntityNotifications": {"elements": []}})
    long_ago = NEWEST - timedelta(days=365)
    (gap,) = gaps(ask("inbox", server, long_ago))
    assert gap.gap_from == long_ago
    assert "60 days" in gap.reason


def test_an_account_must_be_the_name_of_a_page() -> None:
    with pytest.raises(ConfigError, match="urn:li:organization"):
        ask("inbox", Server({}), accounts=("acme",))


def test_a_thread_is_the_post_its_comments_and_their_answers() -> None:
    answer = comment(2, parentComment=spelled(1))
    answered = comment(1, commentsSummary={"totalFirstLevelComments": 1})
    server = Server(
        {
            f"posts/{POST}": page_post(),
            f"socialActions/{POST}/comments": {"elements": [answered, {"message": 7}, comment(3)]},
            f"socialActions/{spelled(1)}/comments": {"elements": [answer]},
        }
    )
    known = the_notice("COMMENT", **commented(1))
    reads = ask("thread", server, known)
    root, *below = posts(reads)
    assert [each.path for each in rejected(reads)] == ["$.elements[1].message"]
    assert (root.post_id, root.aliases) == (POST, (ACTIVITY,))
    assert [each.post_id for each in below] == [spelled(1), spelled(2), spelled(3)]
    assert {each.root_id for each in below} == {POST}
    assert below[1].parent_id == spelled(1)
    first = "/rest/socialActions/urn%3Ali%3Ashare%3A700/comments?start=0&count=100"
    second = "urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A701%2C1%29/comments?start=0&count=100"
    assert server.lines[:2] == [first, f"/rest/socialActions/{second}"]


@pytest.mark.parametrize("status", [403, 404])
def test_a_thread_that_only_members_see_is_empty(status: int) -> None:
    closed = {"status": status, "code": "X", "message": "no"}
    server = Server({f"posts/{POST}": closed, f"socialActions/{POST}/comments": closed})
    assert ask("thread", server, the_post()) == []


def test_refresh_tells_changed_and_gone_from_refused() -> None:
    known = [the_post(id=f"urn:li:share:{number}") for number in (700, 701, 702, 703, 704)]
    server = Server(
        {
            "posts": {
                "results": {POST: page_post(commentary="Newer")},
                "statuses": {POST: 200, "urn:li:share:701": 404, "urn:li:share:702": 403},
                "errors": {
                    "urn:li:share:701": {"status": 404, "message": "none"},
                    "urn:li:share:702": {"status": 403, "message": "no"},
                },
            },
            "posts/urn:li:share:703": page_post(703),
            "socialMetadata": {"results": {}},
        }
    )
    found = posts(ask("refresh", server, known))
    assert [(each.post_id[-3:], each.deleted_at is None) for each in found] == [
        ("700", True),
        ("701", False),
        ("703", True),
        ("704", False),
    ]
    assert found[0].text == "Newer"
    assert found[1].text == ""
    urns = ",".join(f"urn%3Ali%3Ashare%3A{number}" for number in range(700, 705))
    assert server.lines[0] == f"/rest/posts?ids=List({urns})"


def test_refresh_asks_for_comments_by_post() -> None:
    known = [the_notice("COMMENT", **commented(number)) for number in (1, 2)]
    path = f"socialActions/{POST}/comments"
    server = Server(
        {
            path: {"results": {"1": comment(1, "Edited")}, "statuses": {}, "errors": {}},
            f"{path}/2": {"status": 403, "code": "X", "message": "no"},
        }
    )
    (found,) = posts(ask("refresh", server, known))
    assert (found.post_id, found.text, found.root_id) == (spelled(1), "Edited", POST)
    assert server.lines == [
        "/rest/socialActions/urn%3Ali%3Ashare%3A700/comments?ids=List(1,2)",
        "/rest/socialActions/urn%3Ali%3Ashare%3A700/comments/2",
    ]


def test_refresh_does_not_take_a_limit_for_a_deletion() -> None:
    limit = {"status": 429, "code": "TOO_MANY_REQUESTS", "message": "day limit"}
    known = [the_post(), the_post(id="urn:li:share:701")]
    for some in (known, known[:1]):
        with pytest.raises(RateLimited):
            ask("refresh", Server({"posts": limit, f"posts/{POST}": limit}), some)


# What is refused


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (401, "INVALID_ACCESS_TOKEN", SourceRefused),
        (403, "ACCESS_DENIED", SourceRefused),
        (404, "NOT_FOUND", SourceGone),
        (426, "NONEXISTENT_VERSION", ConfigError),
        (400, "VERSION_MISSING", ConfigError),
        (400, "ILLEGAL_ARGUMENT", PayloadError),
        (429, "TOO_MANY_REQUESTS", RateLimited),
        (500, "INTERNAL_SERVER_ERROR", SourceUnavailable),
    ],
)
def test_each_refusal_has_its_error(status: int, code: str, error: type[LuisterError]) -> None:
    body = {"status": status, "serviceErrorCode": 100, "code": code, "message": "Sorry"}
    with pytest.raises(error, match="Sorry"):
        ask("timeline", lambda _: httpx.Response(status, json=body))
    with pytest.raises(error):
        understood(body)


def test_a_days_quota_comes_back_at_midnight() -> None:
    body = json.dumps({"status": 429, "message": "APPLICATION DAY limit"}).encode()
    told = linkedin.refusal(Reply(url="", status=429, body=body, observed_at=NEWEST))
    assert isinstance(told, RateLimited)
    assert told.seconds == 12 * 3600
    asked = {"retry-after": "60"}
    patient = Reply(url="", status=429, body=body, headers=asked, observed_at=NEWEST)
    assert linkedin.refusal(patient) is None
    refused = Reply(url="", body=body.replace(b"429", b"403"), headers=asked, observed_at=NEWEST)
    assert isinstance(linkedin.refusal(refused), SourceRefused)
