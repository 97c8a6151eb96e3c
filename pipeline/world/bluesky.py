"""A Bluesky server (PDS and AppView in one) as its XRPC methods show it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from pipeline.world import bluesky_shapes as shapes
from pipeline.world.exchange import Answer, Request, as_json, bounded
from pipeline.world.identity import did, handle
from pipeline.world.shape import Person, Said
from pipeline.world.view import View

MOST: Final = 100
MOST_URIS: Final = 25
SEARCH_END: Final = 10_000
_WORDS: Final = re.compile(r"\w+")


class BlueskyDouble:
    """Answers XRPC requests; only the company's account can sign in.

    Args:
        view: the world at one moment.
        password: the app password of the company's account.
        base: the address under which it is served, told as the account's own server.
    """

    def __init__(self, view: View, password: str, base: str) -> None:
        self._view = view
        self._password = password
        self._base = base
        self.me = view.world.own.account("bluesky")
        people = [each for each in view.world.people if each.platform == "bluesky"]
        self._people = {did(each): each for each in people} | {
            handle(each).lower(): each for each in people
        }
        self._posts = [each for each in view.by_platform["bluesky"] if each.kind != "repost"]
        self._spoken = {each.number: words(each.text) for each in self._posts}
        self._methods: dict[str, Callable[[Request], Answer]] = {
            "com.atproto.server.createSession": self._create_session,
            "com.atproto.server.refreshSession": self._refresh_session,
            "com.atproto.identity.resolveHandle": self._resolve_handle,
            "app.bsky.feed.searchPosts": self._search,
            "app.bsky.feed.getAuthorFeed": self._author_feed,
            "app.bsky.feed.getPostThread": self._post_thread,
            "app.bsky.feed.getPosts": self._get_posts,
            "app.bsky.feed.getQuotes": self._get_quotes,
            "app.bsky.feed.getRepostedBy": self._reposted_by,
            "app.bsky.notification.listNotifications": self._notifications,
            "app.bsky.actor.getProfile": self._profile,
            "app.bsky.actor.getProfiles": self._profiles,
        }

    @property
    def access_token(self) -> str:
        """What createSession gives for this account, until it is refreshed."""
        return f"access.{did(self.me)}"

    @property
    def refresh_token(self) -> str:
        """What refreshSession takes."""
        return f"refresh.{did(self.me)}"

    def answer(self, request: Request) -> Answer:
        """What the server says, always with its rate headers."""
        method = self._methods.get(request.path.removeprefix("/xrpc/"))
        if method is None:
            answer = refusal("MethodNotImplemented", "Method Not Implemented", 501)
        elif request.bearer not in {None, self.access_token, self.refresh_token}:
            answer = refusal("InvalidToken", "Token could not be verified")
        else:
            answer = method(request)
        reset = int(self._view.as_of.timestamp()) + 300
        quota = {
            "RateLimit-Limit": "3000",
            "RateLimit-Remaining": "2990",
            "RateLimit-Reset": str(reset),
            "RateLimit-Policy": "3000;w=300",
        }
        return Answer(answer.body, answer.status, answer.content_type, {**quota, **answer.headers})

    def _signed_in(self, request: Request) -> bool:
        return request.bearer == self.access_token

    def _create_session(self, request: Request) -> Answer:
        try:
            given = json.loads(request.body)
        except ValueError:
            return refusal("InvalidRequest", "Request body is not JSON")
        name = str(given.get("identifier", "")).lower().removeprefix("@")
        known = self._people.get(name)
        if known is not self.me or given.get("password") != self._password:
            return refusal("AuthenticationRequired", "Invalid identifier or password", 401)
        return self._session()

    def _refresh_session(self, request: Request) -> Answer:
        if request.bearer != self.refresh_token:
            return refusal("ExpiredToken", "Token has been revoked")
        return self._session()

    def _session(self) -> Answer:
        own = did(self.me)
        service = {
            "id": "#atproto_pds",
            "type": "AtprotoPersonalDataServer",
            "serviceEndpoint": self._base,
        }
        return as_json(
            {
                "accessJwt": self.access_token,
                "refreshJwt": self.refresh_token,
                "handle": handle(self.me),
                "did": own,
                "didDoc": {
                    "@context": ["https://www.w3.org/ns/did/v1"],
                    "id": own,
                    "alsoKnownAs": [f"at://{handle(self.me)}"],
                    "service": [service],
                },
                "email": "webcare@havenvonk.example",
                "emailConfirmed": True,
                "active": True,
            }
        )

    def _person(self, name: str) -> Person | None:
        return self._people.get(name.lower().removeprefix("@"))

    def _resolve_handle(self, request: Request) -> Answer:
        person = self._person(request.one("handle"))
        if person is None:
            return refusal("InvalidRequest", "Unable to resolve handle")
        return as_json({"did": did(person)})

    def _search(self, request: Request) -> Answer:
        if not self._signed_in(request):
            return refusal("Forbidden", "Forbidden", 403)
        if not request.one("limit", "25").isdigit() or int(request.one("limit", "25")) > MOST:
            return refusal("InvalidRequest", "Error: limit must be at most 100")
        parts = [words(each) for each in _parts(request.one("q"))]
        found = [each for each in self._posts if self._matches(request, each, parts)]
        offset = int(request.one("cursor")) if request.one("cursor").isdigit() else 0
        limit = bounded(request.one("limit"), 25, MOST)
        page = found[::-1][offset : offset + limit]
        body: dict[str, Any] = {"posts": [shapes.post(self._view, each) for each in page]}
        if offset + limit < min(len(found), SEARCH_END):
            body["cursor"] = str(offset + limit)
        return as_json({**body, "hitsTotal": len(found)})

    def _matches(self, request: Request, said: Said, parts: Sequence[str]) -> bool:
        at = shapes.moment(said.at)
        if request.one("since") and at < _comparable(request.one("since")):
            return False
        if request.one("until") and at >= _comparable(request.one("until")):
            return False
        author = self._person(request.one("author")) if request.one("author") else said.author
        mentioned = self._person(request.one("mentions")) if request.one("mentions") else None
        if author is not said.author or (mentioned and mentioned not in said.mentions):
            return False
        if request.one("lang") and request.one("lang") != said.language:
            return False
        if not set(request.many("tag")) <= set(said.tags):
            return False
        domain = request.one("domain")
        if domain and not any(f"//{domain}/" in each for each in said.links):
            return False
        return all(part in self._spoken[said.number] for part in parts)

    def _author_feed(self, request: Request) -> Answer:
        person = self._person(request.one("actor"))
        if person is None:
            return refusal("InvalidRequest", "Profile not found")
        said = self._view.by(person)
        if request.one("filter", "posts_with_replies") == "posts_no_replies":
            said = [each for each in said if each.parent is None]
        return self._timed(request, said, "feed", shapes.feed_item)

    def _timed(
        self,
        request: Request,
        said: Sequence[Said],
        name: str,
        shape: Callable[[View, Said], dict[str, Any]],
    ) -> Answer:
        """A page newest first, its cursor the time of its last item."""
        limit = bounded(request.one("limit"), 50, MOST)
        cursor = request.one("cursor")
        older = [each for each in said if not cursor or shapes.moment(each.at) < cursor]
        page = older[::-1][:limit]
        body: dict[str, Any] = {name: [shape(self._view, each) for each in page]}
        if len(older) > limit:
            body["cursor"] = shapes.moment(page[-1].at)
        return as_json(body)

    def _notifications(self, request: Request) -> Answer:
        if not self._signed_in(request):
            return refusal("AuthMissing", "Authentication Required", 401)
        reasons = set(request.many("reasons"))
        told = [
            each
            for each in shapes.notices(self._view, self.me)
            if not reasons or each["reason"] in reasons
        ]
        limit = bounded(request.one("limit"), 50, MOST)
        cursor = request.one("cursor")
        older = [each for each in told if not cursor or each["indexedAt"] < cursor]
        body: dict[str, Any] = {"notifications": older[::-1][:limit], "priority": False}
        if len(older) > limit:
            body["cursor"] = body["notifications"][-1]["indexedAt"]
        return as_json(body)

    def _found(self, uri: str) -> Said | None:
        """By an address whose authority is a DID or a handle."""
        authority, _, rest = uri.removeprefix("at://").partition("/")
        person = self._person(authority)
        return self._view.by_name.get(f"at://{did(person)}/{rest}") if person else None

    def _post_thread(self, request: Request) -> Answer:
        said = self._found(request.one("uri"))
        if said is None:
            return refusal("NotFound", f"Post not found: {request.one('uri')}")
        depth = bounded(request.one("depth"), 6, 1000)
        height = bounded(request.one("parentHeight"), 80, 1000)
        return as_json({"thread": shapes.thread(self._view, said, depth, height)})

    def _get_posts(self, request: Request) -> Answer:
        uris = request.many("uris")
        if len(uris) > MOST_URIS:
            return refusal("InvalidRequest", "Error: uris must not have more than 25 elements")
        found = [self._found(each) for each in uris]
        return as_json({"posts": [shapes.post(self._view, each) for each in found if each]})

    def _get_quotes(self, request: Request) -> Answer:
        said = self._found(request.one("uri"))
        quotes = self._view.quotes(said) if said else []
        answer = self._timed(request, quotes, "posts", shapes.post)
        return as_json({"uri": request.one("uri"), **json.loads(answer.body)})

    def _reposted_by(self, request: Request) -> Answer:
        said = self._found(request.one("uri"))
        people = [each.author for each in self._view.reposts(said)] if said else []
        body = [shapes.profile(self._view, each) for each in people[:MOST]]
        return as_json({"uri": request.one("uri"), "repostedBy": body})

    def _profile(self, request: Request) -> Answer:
        person = self._person(request.one("actor"))
        if person is None:
            return refusal("InvalidRequest", "Profile not found")
        return as_json(shapes.profile(self._view, person))

    def _profiles(self, request: Request) -> Answer:
        names = request.many("actors")
        if len(names) > MOST_URIS:
            return refusal("InvalidRequest", "Error: actors must not have more than 25 elements")
        found = [self._person(each) for each in names]
        return as_json({"profiles": [shapes.profile(self._view, each) for each in found if each]})


def refusal(error: str, message: str, status: int = 400) -> Answer:
    """An XRPC error."""
    return as_json({"error": error, "message": message}, status)


def _comparable(given: str) -> str:
    """A time as it compares with ours: a date alone is its midnight."""
    return given if "T" in given else f"{given}T00:00:00.000Z"


def _parts(query: str) -> Iterable[str]:
    """Words and quoted phrases of a search; what cannot be split is one phrase."""
    try:
        return shlex.split(query, posix=True)
    except ValueError:
        return [query]


def words(text: str) -> str:
    """The words of a text in lower case, each between spaces: a phrase in it is a substring."""
    return f" {' '.join(_WORDS.findall(text.lower()))} "
