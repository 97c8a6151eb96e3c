"""Exchanges kept as files, and answers given from them without a network."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline.errors import SourceUnavailable
from pipeline.exchange import reply_of
from pipeline.secrets import Redactor, blank_fields
from pipeline.source import Reply

_PRIVATE_HEADERS: Final = frozenset(
    {"set-cookie", "authorization", "cookie", "x-api-key", "proxy-authorization"}
)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request as recordings know it: the address without secrets, and what was sent along."""

    method: str
    url: str
    content: str = ""

    @property
    def key(self) -> str:
        """The name of its files."""
        told = "\n".join((self.method, self.url, self.content))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def envelope(asked: Asked, reply: Reply, redactor: Redactor) -> dict[str, Any]:
    """An exchange as recordings keep it, without cookies and secrets."""
    try:
        kind, body = "text", redactor.blank(blank_fields(reply.body.decode("utf-8")))
    except UnicodeDecodeError:
        same_bytes = redactor.blank(blank_fields(reply.body.decode("latin-1")))
        kind, body = "base64", base64.b64encode(same_bytes.encode("latin-1")).decode()
    headers = {
        name: redactor.redact(text)
        for name, text in reply.headers.items()
        if name not in _PRIVATE_HEADERS
    }
    return {
        "request": {"method": asked.method, "url": asked.url},
        "response": {
            "status": reply.status,
            "headers": headers,
            "body_kind": kind,
            "body": body,
        },
    }


class Recorder:
    """Keeps every exchange as one file, named by a hash of what was asked.

    Args:
        folder: made when the first exchange comes, for its owner only.
        redactor: knows the secrets that must not be kept.
    """

    def __init__(self, folder: Path, redactor: Redactor) -> None:
        self._folder = folder
        self._redactor = redactor
        self._count: dict[str, int] = {}

    def keep(self, asked: Asked, reply: Reply) -> None:
        """Write one exchange."""
        self._count[asked.key] = self._count.get(asked.key, 0) + 1
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{asked.key}-{self._count[asked.key]:04}.json"
        kept = msgspec.json.encode(envelope(asked, reply, self._redactor))
        unfinished = path.with_suffix(f".{os.getpid()}.tmp")
        unfinished.write_bytes(msgspec.json.format(kept))
        unfinished.replace(path)


class Replayer:
    """Answers from recorded exchanges, in the order in which they were kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count: dict[str, int] = {}

    def answer(self, asked: Asked) -> Reply:
        """The next kept answer to this request; the last one again when there is no next.

        Raises:
            SourceUnavailable: nothing was kept for it.
        """
        kept = sorted(self._folder.glob(f"{asked.key}-*.json"))
        if not kept:
            raise SourceUnavailable(
                "not among the recorded answers",
                where=asked.url,
                todo=f"record again, or replay another folder than {self._folder}",
            )
        index = min(self._count.get(asked.key, 0), len(kept) - 1)
        self._count[asked.key] = index + 1
        read: Mapping[str, Any] = msgspec.json.decode(kept[index].read_bytes())
        return reply_of(read)
