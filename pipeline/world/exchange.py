"""A request and an answer, so that platform doubles need know nothing of sockets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: header names are lower case; ``query`` keeps repeated names."""

    method: str
    path: str
    query: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of(
        cls, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Request:
        """From a request line's target, as in ``/path?name=value``."""
        path, _, query = target.partition("?")
        return cls(method, path, parse_qs(query, keep_blank_values=True), headers or {}, body)

    def one(self, name: str, default: str = "") -> str:
        """The last value given for a name."""
        return self.query[name][-1] if self.query.get(name) else default

    def many(self, name: str) -> list[str]:
        """All values of a name, spelt ``name`` or ``name[]``."""
        return [*self.query.get(f"{name}[]", []), *self.query.get(name, [])]

    def flag(self, name: str) -> bool:
        """Whether a yes-or-no parameter says yes."""
        return self.one(name).lower() in {"1", "true", "on", "t"}

    @property
    def bearer(self) -> str | None:
        """The token of an Authorization header."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme.lower() == "bearer" else None

    def again(self, base: str, **changed: str) -> str:
        """The same request's address with parameters changed, for links to other pages."""
        paging = {"max_id", "min_id", "since_id"}
        kept = {name: values for name, values in self.query.items() if name not in paging}
        return f"{base}{self.path}?{urlencode({**kept, **changed}, doseq=True)}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back."""

    body: bytes
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """A JSON answer."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(body=body, status=status, headers=headers or {})


def bounded(text: str, default: int, most: int) -> int:
    """A page size within its bounds; nonsense gives the default."""
    return max(1, min(int(text), most)) if text.isdigit() else default
