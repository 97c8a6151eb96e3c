"""Authors as last observed, their pseudonyms, the history of their audience, and their leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from pipeline.history import merge_moved
from pipeline.privacy import author_keys
from pipeline.query import exists

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

AUTHOR: Final = {
    "author_handle": "author_handle",
    "author_name": "author_name",
    "author_url": "author_url",
    "author_followers_count": "followers_count",
    "author_following_count": "following_count",
    "author_posts_count": "posts_count",
    "author_created_at": "created_at",
    "author_is_bot": "is_bot",
    "author_opted_out": "is_opted_out",
}
"""Columns of a post that tell of its author, and their names in raw.authors."""

AUDIENCE: Final = ("followers_count", "following_count", "posts_count")


def merge_authors(database: DuckDBPyConnection, key: bytes) -> None:
    """Merge the authors of the posts that are there now; leaves table ``pseudonyms``.

    Every observation tells of its author, not only the last of each post.
    """
    is_repeated = exists(database, "select 1 from repeated limit 1")
    observed = (
        "from arrived semi join speaking using (platform, post_id) where deleted_at is null and"
        if is_repeated
        else "from incoming semi join speaking using (sequence) where"
    )
    columns = ",\n".join(
        f"arg_max({name}, place) filter ({name} is not null) as {column}"
        for name, column in AUTHOR.items()
    )
    database.execute(
        f"""
        create or replace temp table incoming_authors as
        select
            platform, author_id, {columns},
            min(observed_at) as first_observed_at,
            max(observed_at) as observed_at
        from (
            select *, epoch_us(observed_at)::hugeint * 1000000 + sequence as place
            {observed} author_id is not null
        )
        group by platform, author_id
        """
    )
    _make_pseudonyms(database, key)
    merge_moved(database, "incoming_authors", "raw.author_counts", "author_id", AUDIENCE)
    if exists(database, "select 1 from pseudonyms where is_known limit 1"):
        _update_known(database)
    _insert_new(database)


def _make_pseudonyms(database: DuckDBPyConnection, key: bytes) -> None:
    database.execute(
        """
        create or replace temp table pseudonyms as
        select platform, author_id, stored.author_key, true as is_known
        from incoming_authors join raw.authors as stored using (platform, author_id)
        """
    )
    new = database.execute(
        """
        select platform, author_id
        from incoming_authors anti join pseudonyms using (platform, author_id)
        """
    ).fetchall()
    if not new:
        return
    platforms, authors = zip(*new, strict=True)
    made = {"platform": platforms, "author_id": authors, "author_key": author_keys(key, new)}
    database.register("made", pa.table(made))
    try:
        database.execute("insert into pseudonyms by name select *, false as is_known from made")
    finally:
        database.unregister("made")


def _insert_new(database: DuckDBPyConnection) -> None:
    database.execute(
        f"""
        insert into raw.authors by name
        select
            platform, author_id, author_key, {", ".join(AUTHOR.values())},
            first_observed_at as first_seen_at, observed_at as last_seen_at
        from incoming_authors join pseudonyms using (platform, author_id)
        where not is_known
        """
    )


def _update_known(database: DuckDBPyConnection) -> None:
    names = list(AUTHOR.values())
    newer = ", ".join(f"{name} = coalesce(incoming.{name}, stored.{name})" for name in names)
    older = ", ".join(f"{name} = coalesce(stored.{name}, incoming.{name})" for name in names)
    earliest = "first_seen_at = least(stored.first_seen_at, incoming.first_observed_at)"
    database.execute(
        f"""
        merge into raw.authors as stored using incoming_authors as incoming
        on stored.platform = incoming.platform and stored.author_id = incoming.author_id
        when matched and incoming.observed_at >= stored.last_seen_at then update set
            {newer}, {earliest}, last_seen_at = incoming.observed_at
        when matched then update set {older}, {earliest}
        """
    )


def note_leaving(database: DuckDBPyConnection) -> None:
    """Before posts are erased: whose they were, into table ``leaving``."""
    database.execute(
        """
        insert into leaving
        select stored.platform, stored.author_id
        from (from incoming_keys where is_known and is_gone and is_newer) as leaving_posts
        join raw.posts as stored on stored.rowid = leaving_posts.stored_row
        where stored.author_id is not null
        """
    )


def forget_leaving(database: DuckDBPyConnection) -> None:
    """Forget the authors in table ``leaving`` of whom no post is left."""
    for table in ("raw.authors", "raw.author_counts"):
        database.execute(
            f"""
            delete from {table} as gone using leaving
            where gone.platform = leaving.platform and gone.author_id = leaving.author_id
                and not exists (
                    select 1 from raw.posts as posts
                    where posts.platform = leaving.platform and posts.author_id = leaving.author_id
                )
            """
        )


def forget_unheard(database: DuckDBPyConnection) -> None:
    """Forget the authors of whom no post is left, whoever they are."""
    for table in ("raw.authors", "raw.author_counts"):
        database.execute(
            f"""
            delete from {table} as gone where not exists (
                select 1 from raw.posts as posts
                where posts.platform = gone.platform and posts.author_id = gone.author_id
            )
            """
        )
