"""Hacker News: the Algolia search API and the Firebase API over the simulated world."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from pipeline.world.exchange import Answer, Request, as_json
from pipeline.world.identity import HACKER_BASE, hacker_id
from pipeline.world.shape import Said
from pipeline.world.view import View

CAP: Final = 1000
_BOUND: Final = re.compile(r"created_at_i\s*(>=|<=|>|<|=)\s*(\d+)")
_WORD: Final = re.compile(r"\w+")
_COMPARE: Final[dict[str, Callable[[int, int], bool]]] = {
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
    "=": lambda left, right: left == right,
}


class HackerNewsDouble:
    """Answers ``/api/v1/…`` as Algolia does and ``/v0/…`` as Firebase does.

    Args:
        view: the world at one moment.
        cap: hits a query can reach in all; Algolia's is 1,000.
    """

    def __init__(self, view: View, cap: int = CAP) -> None:
        self._view = view
        self._cap = cap
        self._said = view.by_platform["hackernews"]
        self._ever = [
            each
            for each in view.world.said
            if each.platform == "hackernews" and each.at <= view.as_of
        ]

    def answer(self, request: Request) -> Answer:
        """What either API says."""
        path = request.path
        if path in {"/api/v1/search_by_date", "/api/v1/search"}:
            return self._search(request)
        kind, _, name = path.removeprefix("/api/v1/").partition("/")
        if path.startswith("/api/v1/") and kind == "items":
            said = self._found(name)
            if said is None:
                return as_json({"status": 404, "error": "Not Found"}, 404)
            return as_json(self._tree(said))
        if path.startswith("/api/v1/") and kind == "users":
            return self._user(name)
        return self._firebase(path.removeprefix("/v0/").removesuffix(".json"))

    def _found(self, name: str) -> Said | None:
        number = int(name) - HACKER_BASE if name.isdigit() else -1
        said = self._view.by_number.get(number)
        return said if said is not None and said.platform == "hackernews" else None

    def _search(self, request: Request) -> Answer:
        """Newest first; beyond the cap an empty page that says so, with status 200."""
        found = [each for each in reversed(self._said) if _matches(request, each)]
        per_page = int(request.one("hitsPerPage", "20"))
        number = int(request.one("page", "0"))
        if per_page > self._cap:
            return as_json(
                {"message": f"hitsPerPage must be at most {self._cap}", "status": 400}, 400
            )
        reachable = found[: self._cap]
        body: dict[str, Any] = {
            "exhaustive": {"nbHits": True, "typo": True},
            "exhaustiveNbHits": True,
            "hits": [
                self._hit(each) for each in reachable[number * per_page : (number + 1) * per_page]
            ],
            "hitsPerPage": per_page,
            "nbHits": len(found),
            "nbPages": -(-len(reachable) // per_page),
            "page": number,
            "params": urlencode({name: values[-1] for name, values in request.query.items()}),
            "processingTimeMS": 3,
            "query": request.one("query"),
        }
        if number * per_page >= self._cap:
            limit = f"you can only fetch the {self._cap} hits for this query"
            body |= {"hits": [], "nbHits": 0, "nbPages": 0, "message": limit}
        return as_json(body)

    def _hit(self, said: Said) -> dict[str, Any]:
        """A hit in today's shape: keys that would be null are left out."""
        number = hacker_id(said)
        body: dict[str, Any] = {
            "objectID": str(number),
            "author": said.author.handle,
            "created_at": f"{said.at:%Y-%m-%dT%H:%M:%SZ}",
            "created_at_i": int(said.at.timestamp()),
            "updated_at": f"{said.at:%Y-%m-%dT%H:%M:%SZ}",
            "story_id": hacker_id(said.root),
            "_tags": _tags(said),
            "children": [hacker_id(each) for each in self._view.children(said)],
            "_highlightResult": {
                "author": {"value": f"<em>{said.author.handle}</em>", "matchLevel": "none"}
            },
        }
        if said.parent is None:
            body |= {
                "title": said.title,
                "points": 1 + said.likes_at(self._view.as_of),
                "num_comments": sum(1 for _ in self._view.descendants(said)),
            }
            if said.links:
                body["url"] = said.links[0]
            if said.text:
                body["story_text"] = as_html(said.text)
        else:
            body |= {
                "comment_text": as_html(said.text),
                "parent_id": hacker_id(said.parent),
                "story_title": said.root.title,
            }
            if said.root.links:
                body["story_url"] = said.root.links[0]
        return body

    def _tree(self, said: Said) -> dict[str, Any]:
        """An item with everything below it."""
        is_story = said.parent is None
        return {
            "id": hacker_id(said),
            "created_at": f"{said.at:%Y-%m-%dT%H:%M:%S}.000Z",
            "created_at_i": int(said.at.timestamp()),
            "type": "story" if is_story else "comment",
            "author": said.author.handle,
            "title": said.title,
            "url": said.links[0] if is_story and said.links else None,
            "text": as_html(said.text) if said.text else None,
            "points": 1 + said.likes_at(self._view.as_of) if is_story else None,
            "parent_id": hacker_id(said.parent) if said.parent else None,
            "story_id": hacker_id(said.root),
            "children": [self._tree(each) for each in self._view.children(said)],
            "options": [],
        }

    def _user(self, name: str) -> Answer:
        for person in self._view.world.people:
            if person.platform == "hackernews" and person.handle == name:
                return as_json({"username": name, "about": "", "karma": person.followers})
        return as_json({"status": 404, "error": "Not Found"}, 404)

    def _firebase(self, name: str) -> Answer:
        kind, _, rest = name.partition("/")
        if kind == "maxitem":
            return as_json(hacker_id(self._ever[-1]) if self._ever else HACKER_BASE)
        if kind == "item":
            return as_json(self._item(rest))
        if kind == "user":
            return as_json(self._firebase_user(rest))
        if kind == "updates":
            return as_json(
                {"items": [hacker_id(each) for each in self._said[-20:]], "profiles": []}
            )
        return as_json({"error": "Permission denied"}, 401)

    def _item(self, name: str) -> dict[str, Any] | None:
        """An item; what was deleted keeps its place but not its words; null when there is none."""
        said = next((each for each in self._ever if str(hacker_id(each)) == name), None)
        if said is None:
            return None
        kind = "story" if said.parent is None else "comment"
        body: dict[str, Any] = {
            "id": hacker_id(said),
            "time": int(said.at.timestamp()),
            "type": kind,
        }
        if said.parent is not None:
            body["parent"] = hacker_id(said.parent)
        if not self._view.exists(said):
            return {**body, "deleted": True}
        kids = [hacker_id(each) for each in self._view.children(said)]
        body |= {"by": said.author.handle} | ({"kids": kids} if kids else {})
        if said.text:
            body["text"] = as_html(said.text)
        if kind == "story":
            body |= {
                "title": said.title,
                "score": 1 + said.likes_at(self._view.as_of),
                "descendants": sum(1 for _ in self._view.descendants(said)),
                "url": said.links[0] if said.links else "",
            }
        return body

    def _firebase_user(self, name: str) -> dict[str, Any] | None:
        for person in self._view.world.people:
            if person.platform == "hackernews" and person.handle == name:
                said = self._view.by(person)
                return {
                    "id": name,
                    "created": int(person.created_at.timestamp()),
                    "karma": person.followers,
                    "submitted": [hacker_id(each) for each in reversed(said)],
                }
        return None


def _tags(said: Said) -> list[str]:
    kind = "story" if said.parent is None else "comment"
    tags = [kind, f"author_{said.author.handle}", f"story_{hacker_id(said.root)}"]
    title = said.title or ""
    if title.startswith("Ask HN"):
        tags.append("ask_hn")
    if title.startswith("Show HN"):
        tags.append("show_hn")
    return tags


def _matches(request: Request, said: Said) -> bool:
    created = int(said.at.timestamp())
    for filters in request.many("numericFilters"):
        for sign, bound in _BOUND.findall(filters):
            if not _COMPARE[sign](created, int(bound)):
                return False
    if not _has_tags(request.one("tags"), set(_tags(said))):
        return False
    return _holds(_searched(request, said), request.one("query"))


def _searched(request: Request, said: Said) -> str:
    """What a query looks in: the linked address alone, or everything."""
    addresses = " ".join(said.links)
    if request.one("restrictSearchableAttributes") == "url":
        return addresses
    return f"{said.title or ''} {said.text} {said.author.handle} {addresses}"


def _has_tags(wanted: str, tags: set[str]) -> bool:
    """``a,b`` asks for both, ``(a,b)`` for either."""
    for group in re.findall(r"\(([^)]*)\)|([^,()]+)", wanted):
        either, single = group
        choices = {each.strip() for each in (either or single).split(",")}
        if not choices & tags:
            return False
    return True


def _holds(text: str, query: str) -> bool:
    """Every word of the query begins a word of the text; a quoted phrase stands there whole."""
    lower = " ".join(_WORD.findall(text.lower()))
    for phrase, word in re.findall(r'"([^"]+)"|(\S+)', query.lower()):
        wanted = " ".join(_WORD.findall(phrase or word))
        ending = r"\b" if phrase else ""
        if wanted and not re.search(rf"\b{re.escape(wanted)}{ending}", lower):
            return False
    return True


def as_html(text: str) -> str:
    """Text as Hacker News gives it: entities for slashes and quotes, ``<p>`` as separator."""
    escaped = html.escape(text, quote=True).replace("/", "&#x2F;")
    return escaped.replace("\n\n", "<p>")
