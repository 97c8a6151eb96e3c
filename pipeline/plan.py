"""The plan of a night: what each collector must know, written to disk before any of them starts.

A collector needs no database: it reads its plan and writes its landing file, on this machine or on
another. A plan holds identifiers and times, no text and no secret, and goes when the night ends.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline.collect import Known
from pipeline.errors import LandingError
from pipeline.known import MOST_POSTS
from pipeline.post import Post
from pipeline.source import Source

MOST_CONFIRMED: Final = 100_000
"""Known posts of a source that one job is asked about; a plan of so many is 80 MB."""


def most_asked(source: Source) -> int:
    """How many known posts the plan of a source holds: more where one job tells of all of them."""
    return MOST_CONFIRMED if asks_in_one_job(source.options) else MOST_POSTS


def asks_in_one_job(options: Mapping[str, Any]) -> bool:
    """Whether a source has one job ask which of its known posts are gone, as X lets us."""
    return options.get("compliance") is True


def bare(posts: Iterable[Post]) -> tuple[Post, ...]:
    """Posts reduced to what asking again needs."""
    return tuple(
        Post(
            platform=post.platform,
            post_id=post.post_id,
            kind=post.kind,
            observed_at=post.observed_at,
            created_at=post.created_at,
            native_id=post.native_id,
            aliases=post.aliases,
            url=post.url,
            parent_id=post.parent_id,
            root_id=post.root_id,
            author_id=post.author_id,
            author_handle=post.author_handle,
            replies_count=post.replies_count,
        )
        for post in posts
    )


def write_plan(folder: Path, run_id: str, source: str, known: Known) -> None:
    """Write one source's plan, readable by this user alone."""
    path = _path(folder, run_id, source)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(known))


def read_plan(folder: Path, run_id: str, source: str) -> Known:
    """The plan of one source.

    Raises:
        LandingError: there is none: the night was not prepared, or has ended.
    """
    path = _path(folder, run_id, source)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Known)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LandingError(f"no plan for this source: {error}", where=str(path)) from error


def remove_plans(folder: Path) -> None:
    """Throw away the plans of this and any earlier, broken-off night."""
    shutil.rmtree(folder, ignore_errors=True)


def _path(folder: Path, run_id: str, source: str) -> Path:
    name = hashlib.sha256(source.encode()).hexdigest()[:24]
    return folder / run_id / f"{name}.json"
