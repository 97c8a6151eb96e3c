"""A Mastodon server as its client API shows it: statuses, timelines, search, notifications."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, timedelta
from typing import Any, Final

from pipeline.post import KEEPABLE
from pipeline.world import mastodon_shapes as shapes
from pipeline.world.exchange import Answer, Request, as_json, bounded
from pipeline.world.identity import HOME, account_id, snowflake
from pipeline.world.shape import Person, Said
from pipeline.world.view import View

ANONYMOUS_DESCENDANTS: Final = 60
ANONYMOUS_ANCESTORS: Final = 40
ANONYMOUS_DEPTH: Final = 20
QUOTA: Final = 300
_WORD: Final = re.compile(r"[^\W_]+")


class MastodonDouble:
    """Answers requests as server ``plein.example`` would, to the company's own account.

    Args:
        view: the world at one moment.
        token: the access token of the company's account; another token is refused.
        base: the address under which it is served, for Link headers.
    """

    def __init__(self, view: View, token: str, base: str) -> None:
        self._view = view
        self._token = token
        self._base = base
        self._me = view.world.own.account("mastodon")
        people = [each for each in view.world.people if each.platform == "mastodon"]
        self._people = {account_id(each): each for each in people}
        self._by_acct = {shapes.acct(each).lower(): each for each in people} | {
            f"{each.handle}@{each.server}".lower(): each for each in people
        }
        self._statuses = view.by_platform["mastodon"]
        self._spoken = {each.number: words(each.text_at(view.as_of)) for each in self._statuses}
        self._routes: list[tuple[re.Pattern[str], Callable[..., Answer]]] = [
            (re.compile(pattern), route)
            for pattern, route in (
                (r"/api/v2/instance", self._instance),
                (r"/api/v1/accounts/lookup", self._lookup),
                (r"/api/v1/accounts/(\w+)", self._account),
                (r"/api/v1/accounts/(\w+)/statuses", self._account_statuses),
                (r"/api/v1/timelines/tag/(.+)", self._tag),
                (r"/api/v1/timelines/public", self._public),
                (r"/api/v2/search", self._search),
                (r"/api/v1/notifications", self._notifications),
                (r"/api/v1/statuses", self._several),
                (r"/api/v1/statuses/(\w+)", self._status),
                (r"/api/v1/statuses/(\w+)/context", self._context),
                (r"/api/v1/statuses/(\w+)/history", self._history),
                (r"/api/v1/statuses/(\w+)/quotes", self._quotes),
                (r"/api/v1/statuses/(\w+)/reblogged_by", self._reblogged_by),
            )
        ]

    def answer(self, request: Request) -> Answer:
        """What the server says; always with its rate headers."""
        if request.bearer is not None and request.bearer != self._token:
            return self._with_quota(as_json({"error": "The access token is invalid"}, 401))
        for pattern, route in self._routes:
            match = pattern.fullmatch(request.path)
            if match is not None:
                return self._with_quota(route(request, *match.groups()))
        return self._with_quota(as_json({"error": "Not Found"}, 404))

    def _with_quota(self, answer: Answer) -> Answer:
        reset = (self._view.as_of + timedelta(minutes=5)).astimezone(UTC)
        quota = {
            "X-RateLimit-Limit": str(QUOTA),
            "X-RateLimit-Remaining": str(QUOTA - 1),
            "X-RateLimit-Reset": f"{reset:%Y-%m-%dT%H:%M:%S.%f}Z",
        }
        headers = {**quota, **answer.headers}
        return Answer(answer.body, answer.status, answer.content_type, headers)

    def _logged_in(self, request: Request) -> bool:
        return request.bearer == self._token

    def _may_read(self, request: Request, said: Said) -> bool:
        if said.visibility in KEEPABLE:
            return True
        return self._logged_in(request) and (self._me in said.mentions or said.author is self._me)

    def _readable(self, request: Request, statuses: Iterable[Said]) -> list[Said]:
        return [each for each in statuses if self._may_read(request, each)]

    def _found(self, request: Request, status_id: str) -> Said | None:
        said = self._view.by_name.get(status_id)
        if said is None or said.platform != "mastodon" or not self._may_read(request, said):
            return None
        return said

    def _page(self, request: Request, statuses: Sequence[Said], most: int = 40) -> Answer:
        """One page of statuses (given oldest first), newest first, with its Link header."""
        limit = bounded(request.one("limit"), 20, most)
        chosen = window(request, [(int(snowflake(each)), each) for each in statuses], limit)
        bodies = [shapes.status(self._view, each) for _, each in chosen]
        return as_json(bodies, headers=self._links(request, [key for key, _ in chosen]))

    def _links(self, request: Request, keys: Sequence[int]) -> dict[str, str]:
        if not keys:
            return {}
        following = request.again(self._base, max_id=str(keys[-1]))
        previous = request.again(self._base, min_id=str(keys[0]))
        return {"Link": f'<{following}>; rel="next", <{previous}>; rel="prev"'}

    def _instance(self, _: Request) -> Answer:
        return as_json(shapes.instance())

    def _lookup(self, request: Request) -> Answer:
        name = request.one("acct").lower().removeprefix("@").removesuffix(f"@{HOME}")
        return self._person(self._by_acct.get(name))

    def _account(self, _: Request, number: str) -> Answer:
        return self._person(self._people.get(number))

    def _person(self, person: Person | None) -> Answer:
        if person is None:
            return as_json({"error": "Record not found"}, 404)
        return as_json(shapes.account(self._view, person))

    def _account_statuses(self, request: Request, number: str) -> Answer:
        person = self._people.get(number)
        if person is None:
            return as_json({"error": "Record not found"}, 404)
        statuses = self._readable(request, self._view.by(person))
        if request.flag("exclude_replies"):
            statuses = [each for each in statuses if each.parent is None]
        if request.flag("exclude_reblogs"):
            statuses = [each for each in statuses if each.kind != "repost"]
        return self._page(request, statuses)

    def _tag(self, request: Request, tag: str) -> Answer:
        wanted = {tag.lower(), *(each.lower() for each in request.many("any"))}
        every = {each.lower() for each in request.many("all")}
        never = {each.lower() for each in request.many("none")}
        found = [
            each
            for each in self._statuses
            if each.visibility == "public"
            and each.kind != "repost"
            and wanted & set(each.tags)
            and every <= set(each.tags)
            and not never & set(each.tags)
            and _is_from(request, each)
        ]
        return self._page(request, found)

    def _public(self, request: Request) -> Answer:
        found = [
            each
            for each in self._statuses
            if each.visibility == "public" and each.kind != "repost" and _is_from(request, each)
        ]
        return self._page(request, found)

    def _search(self, request: Request) -> Answer:
        """Statuses only for the logged in; newest first, by words, by offset or by id."""
        empty: dict[str, Any] = {"accounts": [], "statuses": [], "hashtags": []}
        if not self._logged_in(request):
            if request.one("offset") or request.flag("resolve"):
                return as_json({"error": "This method requires an authenticated user"}, 401)
            return as_json(empty)
        if request.one("type", "statuses") != "statuses":
            return as_json(empty)
        wanted = words(request.one("q"))
        found = [
            (int(snowflake(each)), each)
            for each in self._statuses
            if each.visibility == "public"
            and each.kind != "repost"
            and not each.author.opted_out
            and wanted <= self._spoken[each.number]
        ]
        limit = bounded(request.one("limit"), 20, 40)
        offset = int(request.one("offset", "0")) if request.one("offset", "0").isdigit() else 0
        chosen = window(request, found, offset + limit)[offset:]
        return as_json(
            {**empty, "statuses": [shapes.status(self._view, each) for _, each in chosen]}
        )

    def _notifications(self, request: Request) -> Answer:
        if not self._logged_in(request):
            return as_json({"error": "The access token is invalid"}, 401)
        types = set(request.many("types")) or {"mention", "reblog", "quote", "favourite"}
        types -= set(request.many("exclude_types"))
        told = [each for each in shapes.notices(self._view, self._me) if each[1] in types]
        limit = bounded(request.one("limit"), 40, 80)
        chosen = window(request, [(each[0], each) for each in told], limit)
        bodies = [shapes.notification(self._view, *each) for _, each in chosen]
        return as_json(bodies, headers=self._links(request, [key for key, _ in chosen]))

    def _several(self, request: Request) -> Answer:
        found = [self._found(request, each) for each in request.many("id")]
        return as_json([shapes.status(self._view, each) for each in found if each is not None])

    def _status(self, request: Request, number: str) -> Answer:
        said = self._found(request, number)
        if said is None:
            return as_json({"error": "Record not found"}, 404)
        return as_json(shapes.status(self._view, said))

    def _context(self, request: Request, number: str) -> Answer:
        said = self._found(request, number)
        if said is None:
            return as_json({"error": "Record not found"}, 404)
        above = self._readable(request, self._view.ancestors(said))
        depth = len(self._view.ancestors(said))
        below = self._readable(request, self._view.descendants(said))
        if not self._logged_in(request):
            above = above[-ANONYMOUS_ANCESTORS:]
            limit = depth + ANONYMOUS_DEPTH
            below = [each for each in below if len(self._view.ancestors(each)) <= limit]
            below = below[:ANONYMOUS_DESCENDANTS]
        return as_json(
            {
                "ancestors": [shapes.status(self._view, each) for each in above],
                "descendants": [shapes.status(self._view, each) for each in below],
            }
        )

    def _history(self, request: Request, number: str) -> Answer:
        said = self._found(request, number)
        if said is None:
            return as_json({"error": "Record not found"}, 404)
        return as_json(shapes.history(self._view, said))

    def _quotes(self, request: Request, number: str) -> Answer:
        said = self._found(request, number)
        if said is None:
            return as_json({"error": "Record not found"}, 404)
        return self._page(request, self._readable(request, self._view.quotes(said)))

    def _reblogged_by(self, request: Request, number: str) -> Answer:
        said = self._found(request, number)
        if said is None:
            return as_json({"error": "Record not found"}, 404)
        people = [each.author for each in self._view.reposts(said)]
        return as_json([shapes.account(self._view, each) for each in people[:80]])


def _is_from(request: Request, said: Said) -> bool:
    is_local = said.author.server == HOME
    if request.flag("local"):
        return is_local
    return not is_local if request.flag("remote") else True


def window(request: Request, keyed: Sequence[tuple[int, Any]], limit: int) -> list[tuple[int, Any]]:
    """Mastodon's paging: ``since_id`` gives the newest above it, ``min_id`` those just above it.

    Args:
        request: with max_id, min_id, since_id.
        keyed: (id, thing).
        limit: how many fit the page.

    Returns:
        (id, thing), newest first.
    """
    bounds = {name: request.one(name) for name in ("max_id", "min_id", "since_id")}
    below = int(bounds["max_id"]) if bounds["max_id"].isdigit() else None
    above = [int(each) for name, each in bounds.items() if name != "max_id" and each.isdigit()]
    found = [
        (key, each)
        for key, each in keyed
        if (below is None or key < below) and all(key > bound for bound in above)
    ]
    found.sort(key=lambda pair: pair[0])
    page = found[:limit] if bounds["min_id"] else found[-limit:]
    return page[::-1]


def words(text: str) -> frozenset[str]:
    """The words of a text in lower case."""
    return frozenset(_WORD.findall(text.lower()))
