"""Recorded replies of real servers, read as a connector reads them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import connectors
from connectors.paging import understand
from pipeline.post import Post, Read
from pipeline.source import Reply
from tests.shared import shared

FOLDERS = {"googleplay": "playstore", "googlebusiness": "gbp"}
"""Recordings that stand under another name than their connector."""
OBSERVED = datetime(2026, 12, 1, 4, 15, tzinfo=UTC)


def names(platform: str) -> list[str]:
    """The recorded replies of a platform, by file name without ending."""
    folder = shared("payloads", FOLDERS.get(platform, platform))
    return sorted(path.stem for path in folder.glob("*.json") if path.stem != "INDEX")


def envelope(platform: str, name: str) -> bytes:
    """A recording as it lies on disk: request, response and where it comes from."""
    return shared("payloads", FOLDERS.get(platform, platform), f"{name}.json").read_bytes()


def reply(platform: str, name: str) -> Reply:
    """A recording as the reply a connector is handed."""
    recorded = json.loads(envelope(platform, name))
    response = recorded["response"]
    body = response["body"]
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return Reply(
        url=recorded["request"]["url"] or "",
        status=response["status"],
        headers={name.lower(): value for name, value in response["headers"].items()},
        body=text.encode(),
        observed_at=OBSERVED,
    )


def read(platform: str, name: str) -> list[Read]:
    """What a connector understands of a recording."""
    return list(understand(connectors.load(platform), [reply(platform, name)]))


def posts(platform: str, name: str) -> list[Post]:
    """The posts of a recording, all of it understood."""
    found = read(platform, name)
    assert all(isinstance(each, Post) for each in found), found
    return [each for each in found if isinstance(each, Post)]


def check(post: Post, **expected: Any) -> None:
    """Compare the fields named; times are written as in the payload."""
    for field, value in expected.items():
        found = getattr(post, field)
        if isinstance(found, datetime):
            value = datetime.fromisoformat(value).astimezone(UTC)
        assert found == value, f"{field}: {found!r} instead of {value!r}"


def unknown(post: Post, *fields: str) -> None:
    """The platform does not tell these: they are null, not zero."""
    for field in fields:
        assert getattr(post, field) is None, field
