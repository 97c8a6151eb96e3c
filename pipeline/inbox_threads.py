"""The conversations of the inbox: what was said around a message that waits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline.query import records

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LONGEST: Final = 20
"""Messages of one conversation that are told."""

FIRST_KEPT: Final = 3
"""Of a longer one, so many from its beginning; the rest are its last."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a conversation; ``is_ours`` when the organisation said it."""

    said_at: datetime
    name: str | None
    handle: str | None
    link: str | None
    text: str
    is_ours: bool
    is_waiting: bool


_THREADS: Final = """
    -- grain: one row per post of the chosen threads, for everybody to read and not deleted
    select
        posts.thread_number,
        posts.post_number,
        posts.parent_number,
        posts.posted_at,
        stored.post_id,
        stored.url,
        stored.author_handle,
        authors.author_name,
        concat_ws(chr(10), nullif(stored.title, ''), nullif(stored.text, '')) as text,
        owned.author_number is not null as is_ours
    from intermediate.int_posts as posts
    inner join staging.stg_posts as named on posts.post_number = named.post_number
    inner join raw.posts as stored
        on named.platform = stored.platform and named.post_id = stored.post_id
    left join raw.authors as authors
        on stored.platform = authors.platform and stored.author_id = authors.author_id
    left join intermediate.int_account_names as owned
        on
            posts.author_number = owned.author_number
            and owned.organisation = $organisation
            and owned.account_kind = 'owned'
    where posts.thread_number in (select unnest($threads::ubigint[]))
    order by posts.posted_at, stored.post_id
"""


def read_threads(
    database: DuckDBPyConnection, organisation: str, threads: Collection[int]
) -> dict[int, list[dict[str, Any]]]:
    """The posts of each thread, oldest first."""
    found: dict[int, list[dict[str, Any]]] = {number: [] for number in threads}
    values = {"organisation": organisation, "threads": sorted(threads)}
    for row in records(database, _THREADS, values):
        found[row["thread_number"]].append(row)
    return found


def read_branch(
    thread: list[dict[str, Any]], waiting: Collection[int]
) -> tuple[tuple[Message, ...], int]:
    """What leads to the messages that wait and what follows them, and how many are left out."""
    parents = {post["post_number"]: post["parent_number"] for post in thread}
    wanted = set[int]()
    for number in waiting:
        wanted.update(_path(number, parents))
    for number in parents:
        if any(step in waiting for step in _path(number, parents)):
            wanted.add(number)
    branch = [post for post in thread if post["post_number"] in wanted]
    left_out = max(0, len(branch) - LONGEST)
    if left_out:
        branch = branch[:FIRST_KEPT] + branch[FIRST_KEPT - LONGEST :]
    return tuple(
        _message(post, is_waiting=post["post_number"] in waiting) for post in branch
    ), left_out


def _path(number: int, parents: dict[int, int | None]) -> list[int]:
    """A post and those above it, as far as they are known; a loop ends it."""
    path: list[int] = []
    step: int | None = number
    while step is not None and step in parents and step not in path:
        path.append(step)
        step = parents[step]
    return path


def _message(post: dict[str, Any], *, is_waiting: bool) -> Message:
    return Message(
        said_at=post["posted_at"],
        name=post["author_name"],
        handle=post["author_handle"],
        link=post["url"],
        text=post["text"] or "",
        is_ours=post["is_ours"],
        is_waiting=is_waiting,
    )
