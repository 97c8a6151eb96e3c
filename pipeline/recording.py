"""Exchanges kept as files, and answers given from them without a network."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline.errors import ConfigError, PayloadError, SourceUnavailable
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
            PayloadError: what was kept for it cannot be read.
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
        try:
            return reply_of(msgspec.json.decode(kept[index].read_bytes(), type=dict[str, Any]))
        except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
            raise PayloadError(
                "is no recorded answer, or was cut off",
                where=str(kept[index]),
                todo=f"take it out of {self._folder}, or record again",
            ) from error


def require_folders(record: Path | None, replay: Path | None) -> None:
    """Make the folder to record into, and look for the one to answer from, before anybody is asked.

    Raises:
        ConfigError: one of them cannot be what it is to be, or both are wanted.
    """
    if record is not None and replay is not None:
        raise ConfigError(
            "answers that are replayed are not recorded again",
            where="--record",
            todo="leave --record or --replay out",
        )
    if replay is not None and not replay.is_dir():
        raise ConfigError(
            f"{replay} is no folder" if replay.exists() else f"there is no folder {replay}",
            where="--replay",
            todo="name the folder that --record was given",
        )
    if record is not None:
        try:
            record.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise _unwritable(record, error.strerror) from error
        if not os.access(record, os.W_OK | os.X_OK):
            raise _unwritable(record, "it may not be written in")


def _unwritable(record: Path, why: str | None) -> ConfigError:
    return ConfigError(
        f"nothing can be kept in {record}: {why}",
        where="--record",
        todo="name a folder in a place where you may write",
    )
