"""The inbox: who waits for an answer, most urgent first, with the conversation so far.

It needs names, so it reads the private database, and changes nothing in it. One line is one person
in one conversation: three messages in a row are one question, and the first of them started the
clock. How long somebody waits is reckoned up to the moment the platform was last looked at:
nothing newer may be called unanswered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline.errors import ConfigError, WarehouseError
from pipeline.inbox_settings import InboxSettings
from pipeline.inbox_threads import Message, read_branch, read_threads
from pipeline.inbox_urgency import Urgency, urgency
from pipeline.query import exists, records
from pipeline.warehouse import read_warehouse

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

HOUR_SECONDS: Final = 3600
ORDERS: Final = ("urgency", "waiting")
Row = Mapping[str, Any]


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One person who waits in one conversation.

    ``key`` is the same every night; ``clock_hours`` and ``open_hours`` run from the first message
    that waits to the moment the platform was last looked at (``as_of``); ``open_hours`` is None
    where no opening hours are known. ``link`` and ``text`` are of that first message, ``messages``
    counts those that wait.
    """

    key: str
    organisation: str
    platform: str
    link: str | None
    name: str | None
    handle: str | None
    asked_at: datetime
    as_of: datetime
    clock_hours: float
    open_hours: float | None
    target_hours: float
    is_late: bool
    urgency: Urgency
    need: str
    intents: tuple[str, ...]
    purpose: str | None
    sentiment: str | None
    rating: float | None
    language: str | None
    audience: int | None
    messages: int
    text: str
    thread: tuple[Message, ...]
    thread_left_out: int


class Inbox(msgspec.Struct, frozen=True, kw_only=True):
    """Who waits for an organisation: all of them counted, the first of them told.

    Who waits in two conversations is one of ``people`` and stands in ``conversations`` twice.
    ``people_told`` counts those of ``waiting`` alone.
    """

    organisation: str
    as_of: datetime | None
    people: int
    conversations: int
    messages: int
    late: int
    people_told: int = 0
    waiting: tuple[Waiting, ...]


_QUEUE: Final = """
    -- grain: one row per unanswered post that needs an answer
    with
    queue as (
        select
            addressed.post_number,
            addressed.thread_number,
            addressed.person_number,
            addressed.platform,
            addressed.asked_at,
            addressed.collected_through,
            addressed.observed_seconds,
            addressed.need,
            addressed.purpose,
            addressed.sentiment,
            addressed.rating,
            addressed.language,
            addressed.audience_band
        from intermediate.int_addressed as addressed
        where
            addressed.organisation = $organisation
            and addressed.needs_response
            and not addressed.is_answered
            and addressed.observed_seconds >= 0
    ),
    opened as (
        select
            queue.post_number,
            sum(
                epoch(least(days.closes_at, queue.collected_through))
                - epoch(greatest(days.opens_at, queue.asked_at))
            ) as open_seconds
        from queue
        inner join intermediate.int_opening_days as days
            on days.closes_at > queue.asked_at and days.opens_at < queue.collected_through
        group by queue.post_number
    ),
    calendar as (
        select count(*) > 0 as has_hours from intermediate.int_opening_days
        where closes_at > opens_at
    )
    select
        queue.*,
        stored.post_id,
        texts.intents,
        authors.followers_count,
        case when calendar.has_hours then coalesce(opened.open_seconds, 0) end as open_seconds
    from queue
    cross join calendar
    inner join intermediate.int_posts as posts on queue.post_number = posts.post_number
    inner join staging.stg_posts as named on queue.post_number = named.post_number
    inner join raw.posts as stored
        on named.platform = stored.platform and named.post_id = stored.post_id
    left join enriched.texts as texts on stored.text_key = texts.text_key
    left join raw.authors as authors
        on stored.platform = authors.platform and stored.author_id = authors.author_id
    left join opened on queue.post_number = opened.post_number
    order by queue.asked_at, stored.post_id
"""


def read_inbox(
    data: Path,
    organisation: str,
    settings: InboxSettings,
    *,
    limit: int | None = None,
    order: str = "urgency",
) -> Inbox:
    """The inbox of an organisation in a data folder; ``limit`` is how many are told in full.

    Raises:
        ConfigError: no such order.
        WarehouseError: nothing is built yet, or a night is at work.
    """
    if order not in ORDERS:
        raise ConfigError(f"no such order: {order!r}", where="--sort", todo=" or ".join(ORDERS))
    with read_warehouse(data) as warehouse:
        if warehouse is None or not _is_built(warehouse.database):
            raise WarehouseError("nothing is built yet", where=str(data), todo="`luister run`")
        return _inbox(warehouse.database, organisation, settings, limit, order)


def _is_built(database: DuckDBPyConnection) -> bool:
    return exists(
        database,
        "select 1 from information_schema.tables "
        "where table_schema = 'intermediate' and table_name = 'int_addressed'",
    )


def _inbox(
    database: DuckDBPyConnection,
    organisation: str,
    settings: InboxSettings,
    limit: int | None,
    order: str,
) -> Inbox:
    rows = records(database, _QUEUE, {"organisation": organisation})
    judged = [(group, _urgency(group, settings)) for group in _by_conversation(rows)]
    judged.sort(key=lambda pair: _place(pair[0], pair[1], order))
    chosen = judged[:limit]
    threads = read_threads(
        database, organisation, {group[0]["thread_number"] for group, _ in chosen}
    )
    return Inbox(
        organisation=organisation,
        as_of=max((row["collected_through"] for row in rows), default=None),
        people=len({_person(row) for row in rows}),
        conversations=len(judged),
        messages=len(rows),
        late=sum(found.is_late for _, found in judged),
        people_told=len({_person(row) for group, _ in chosen for row in group}),
        waiting=tuple(
            _waiting(organisation, group, found, threads[group[0]["thread_number"]])
            for group, found in chosen
        ),
    )


def _person(row: Row) -> tuple[Any, ...]:
    """Who wrote it; whoever the platform does not name is somebody else in each conversation."""
    if row["person_number"] is None:
        return None, row["thread_number"]
    return (row["person_number"],)


def _by_conversation(rows: Iterable[Row]) -> list[list[Row]]:
    """Messages of one person in one conversation, oldest first."""
    groups: dict[tuple[Any, Any], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["thread_number"], row["person_number"]), []).append(row)
    return list(groups.values())


def _place(group: list[Row], found: Urgency, order: str) -> tuple[Any, ...]:
    """Most urgent, or longest, first; equal ones in a fixed order."""
    first = group[0]
    points = -found.points if order == "urgency" else 0
    return points, -first["observed_seconds"], first["platform"], first["post_id"]


def _urgency(group: list[Row], settings: InboxSettings) -> Urgency:
    """Of all that waits in one conversation: the need that weighs most, the first one's clock."""
    first = group[0]
    return max(
        (
            urgency(
                need=row["need"],
                intents=row["intents"] or (),
                sentiment=row["sentiment"],
                hours=_open_hours(first) if first["open_seconds"] is not None else _hours(first),
                target_hours=settings.target_hours,
                complaint_target_hours=settings.complaint_target_hours,
                audience_band=row["audience_band"],
            )
            for row in group
        ),
        key=lambda found: found.points,
    )


def _hours(row: Row) -> float:
    return round(float(row["observed_seconds"]) / HOUR_SECONDS, 2)


def _open_hours(row: Row) -> float:
    return round(float(row["open_seconds"]) / HOUR_SECONDS, 2)


def _waiting(
    organisation: str, group: list[Row], found: Urgency, thread: list[dict[str, Any]]
) -> Waiting:
    first = group[0]
    numbers = {row["post_number"] for row in group}
    said = next(post for post in thread if post["post_number"] == first["post_number"])
    branch, left_out = read_branch(thread, numbers)
    intents = dict.fromkeys(intent for row in group for intent in row["intents"] or ())
    return Waiting(
        key=_key(organisation, first["platform"], first["post_id"]),
        organisation=organisation,
        platform=first["platform"],
        link=said["url"],
        name=said["author_name"],
        handle=said["author_handle"],
        asked_at=first["asked_at"],
        as_of=first["collected_through"],
        clock_hours=_hours(first),
        open_hours=None if first["open_seconds"] is None else _open_hours(first),
        target_hours=found.target_hours,
        is_late=found.is_late,
        urgency=found,
        need=found.need,
        intents=tuple(intents),
        purpose=first["purpose"],
        sentiment=first["sentiment"],
        rating=first["rating"],
        language=first["language"],
        audience=first["followers_count"],
        messages=len(group),
        text=said["text"],
        thread=branch,
        thread_left_out=left_out,
    )


def _key(organisation: str, platform: str, post_id: str) -> str:
    """The same name every night, from which nothing can be read."""
    named = "\x1f".join((organisation, platform, post_id))
    return hashlib.sha256(named.encode()).hexdigest()[:24]
