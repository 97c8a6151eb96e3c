"""Jobs of batch compliance: which of many known posts are gone, asked at once and read for free.

Ids are handed over at an address that X gives for it, on another host; the answer is fetched when
it is ready, and lists what is gone only (https://docs.x.com/x-api/compliance/batch-compliance, read
2026-11; it sets no limit to their number). An app may have one job at a time: one under way, be it
of another source, is waited for and read, and then an own one is begun. One that a night did not
wait for is read by the next of its source: what it finds is gone, but nobody can tell any more what
it looked at, so that it confirms nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from connectors import x_ask as ask
from connectors.paging import decode, tombstone, understand
from pipeline.errors import SourceUnavailable
from pipeline.post import Post, Read, StillThere
from pipeline.source import Reply, Source

if TYPE_CHECKING:
    from pipeline.http import Client

PATH: Final = "compliance/jobs"
NAME: Final = "luister"
POLLS: Final = 60
POLL_SECONDS: Final = 10.0
_DONE: Final = "complete"
_MADE: Final = "created"
_UNDER_WAY: Final = "in_progress"


class _Job(msgspec.Struct):
    """One job; its addresses are signed, and need no token."""

    id: str
    status: str
    upload_url: str = ""
    download_url: str = ""
    name: str | None = None
    created_at: datetime = ask.BEGINNING
    download_expires_at: datetime | None = None


class _One(msgspec.Struct):
    data: _Job


class _Several(msgspec.Struct):
    data: list[_Job] = []


def gone(source: Source, client: Client, posts: Sequence[Post]) -> Iterator[Read | StillThere]:
    """The tombstones of those posts that were deleted, or may no longer be kept.

    The others are still there, if the job was begun with these ids and all it tells is understood.
    """
    known = {post.native_id or post.post_id: post for post in posts}
    for begun_at, reply in _answers(source, client, list(known)):
        others, is_clear = dict(known), begun_at is not None
        for each in understand(ask.THIS, [reply] if reply.body.strip() else []):
            if not isinstance(each, Post):
                is_clear = False
                yield each
            elif each.post_id in known:
                others.pop(each.post_id, None)
                left = tombstone(known[each.post_id], reply)
                yield msgspec.structs.replace(left, deleted_at=each.deleted_at)
        if begun_at is not None and is_clear:
            for post in others.values():
                yield StillThere(platform="x", post_id=post.post_id, observed_at=begun_at)


def pause(reply: Reply) -> float | None:
    """How long to leave X alone while a job is at work."""
    if b'"upload_url"' not in reply.body or reply.status != 200:
        return None
    try:
        job = msgspec.json.decode(reply.body, type=_One).data
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return POLL_SECONDS if job.status in {_MADE, _UNDER_WAY} else None


def _answers(
    source: Source, client: Client, ids: Sequence[str]
) -> Iterator[tuple[datetime | None, Reply]]:
    """What the last job found that no night waited for, and what tonight's finds.

    With each the moment at which ``ids`` were handed over; None where it looked at others.
    """
    listed = ask.get(source, client, PATH, {"type": "tweets"})
    jobs = decode(listed.body, _Several, where=listed.url).data
    earlier = [job for job in jobs if _is_readable(job, listed.observed_at)]
    if earlier:
        yield None, client.get(max(earlier, key=lambda job: job.created_at).download_url)
    for job in [job for job in jobs if job.status == _UNDER_WAY][:1]:
        before = _ended(source, client, job)
        if before is None:
            return
        if before.status == _DONE:
            yield None, client.get(before.download_url)
    begun_at, job = _begun(source, client, ids)
    own = _ended(source, client, job)
    if own is not None and own.status != _DONE:
        where = ask.address(source, f"{PATH}/{own.id}")
        raise SourceUnavailable(f"the job of compliance ended as {own.status}", where=where)
    if own is not None:
        yield begun_at, client.get(own.download_url)


def _ended(source: Source, client: Client, job: _Job) -> _Job | None:
    """A job that is over, however it ended; None when it takes longer than a night waits."""
    for _ in range(POLLS):
        reply = ask.get(source, client, f"{PATH}/{job.id}", {})
        now = decode(reply.body, _One, where=reply.url).data
        if now.status not in {_MADE, _UNDER_WAY}:
            return now
    return None


def _begun(source: Source, client: Client, ids: Sequence[str]) -> tuple[datetime, _Job]:
    """When a new job was made, and the job, its ids handed over: one a line."""
    asked: Mapping[str, str] = {"type": "tweets", "name": NAME}
    reply = client.post(ask.address(source, PATH), json=asked, bearer=ask.token(source, client))
    job = decode(reply.body, _One, where=reply.url).data
    lines = "".join(f"{each}\n" for each in ids)
    client.put(job.upload_url, body=lines.encode(), headers={"Content-Type": "text/plain"})
    return reply.observed_at, job


def _is_readable(job: _Job, now: datetime) -> bool:
    is_over = job.download_expires_at is not None and job.download_expires_at <= now
    return job.status == _DONE and job.name == NAME and not is_over
