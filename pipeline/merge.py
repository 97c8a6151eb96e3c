"""The merge: one batch of observed posts into the tables of schema ``raw``.

The newest observation wins, and what it does not tell erases nothing that is known. An older
observation that arrives late fills in what is unknown and changes nothing else. A deleted post
keeps its row and its place in the tree, and nothing of what it said or who said it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from pipeline.privacy import author_keys
from pipeline.query import first

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_REFERENCES: Final = ("parent_id", "root_id", "quoted_id", "reposted_id")
_COUNTS: Final = (
    *("likes_count", "reposts_count", "replies_count", "quotes_count"),
    "views_count",
)
_CONTENT: Final = ("url", "parent_author_id", "author_id", "author_handle", "title", "language")
_KNOWN: Final = (
    *("created_at", "edited_at", "native_id", *_REFERENCES, *_CONTENT, *_COUNTS, "rating"),
)
"""Columns in which unknown never replaces known."""

_LISTS: Final = ("mentions", "tags", "links")
_AUTHOR: Final = {
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
_AUDIENCE: Final = ("followers_count", "following_count", "posts_count")
_TEXT_KEY: Final = "md5(coalesce({0}title, '') || chr(10) || {0}text)"
_WORKING_TABLES: Final = (
    *("repeated", "folded", "incoming_keys", "incoming_authors", "pseudonyms"),
    *("new_aliases", "renames"),
)


def prepare(database: DuckDBPyConnection) -> None:
    """Make the lists that all batches of one file add to: posts to place, authors who left."""
    database.execute("create or replace temp table touched (platform varchar, post_id varchar)")
    database.execute("create or replace temp table leaving (platform varchar, author_id varchar)")


def finish(database: DuckDBPyConnection) -> None:
    """Forget authors of whom no post is left, and drop the working tables."""
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
    for name in ("touched", "leaving", *_WORKING_TABLES):
        database.execute(f"drop table if exists temp.{name}")
    database.execute("drop view if exists temp.incoming")


def merge_batch(
    database: DuckDBPyConnection, batch: pa.Table, *, key: bytes, source: str, run_id: str
) -> int:
    """Merge one batch of ``LANDING_SCHEMA``; returns how many of its posts were never seen.

    Must run inside a transaction, between ``prepare`` and ``finish``.
    """
    numbered = batch.append_column("sequence", pa.array(range(len(batch)), type=pa.int64()))
    database.register("arrived", numbered)
    try:
        _fold_repeated(database)
        new_posts = _compare_with_stored(database)
        _merge_authors(database, key)
        _note_what_moves(database)
        _merge_counts(database)
        _merge_posts(database, source)
        _merge_texts(database)
        _merge_sources(database, source, run_id)
        _merge_aliases(database)
    finally:
        database.unregister("arrived")
    return new_posts


def _fold_repeated(database: DuckDBPyConnection) -> None:
    """View ``incoming``: one row per post; what was seen twice in the batch is folded first."""
    database.execute(
        """
        create or replace temp table repeated as
        select platform, post_id from arrived group by all having count(*) > 1
        """
    )
    known = (*_KNOWN, *(name for name in _AUTHOR if name not in _KNOWN))
    folded = ",\n".join(f"first_value({name} ignore nulls) over newest as {name}" for name in known)
    database.execute(
        f"""
        create or replace temp table folded as
        select arrived.* replace (
            {folded},
            coalesce(
                first_value(case when deleted_at is null then kind end ignore nulls) over newest,
                kind
            ) as kind,
            flatten(list(aliases) over newest) as aliases,
            last_value(verb) over earliest as verb
        ),
        min(observed_at) over newest as first_observed_at
        from arrived semi join repeated using (platform, post_id)
        window
            newest as (
                partition by platform, post_id
                order by observed_at desc, deleted_at is not null desc, sequence desc
                rows between unbounded preceding and unbounded following
            ),
            earliest as (
                partition by platform, post_id order by sequence desc
                rows between unbounded preceding and unbounded following
            )
        qualify row_number() over (
            partition by platform, post_id
            order by observed_at desc, deleted_at is not null desc, sequence desc
        ) = 1
        """
    )
    database.execute(
        """
        create or replace temp view incoming as
        select *, observed_at as first_observed_at
        from arrived anti join repeated using (platform, post_id)
        union all by name
        select * from folded
        """
    )


def _compare_with_stored(database: DuckDBPyConnection) -> int:
    """Table ``incoming_keys``: whether each post is known, and whether this is newer."""
    database.execute(
        """
        create or replace temp table incoming_keys as
        select
            incoming.platform,
            incoming.post_id,
            stored.post_id is not null as is_known,
            incoming.deleted_at is not null as is_gone,
            stored.post_id is null
            or (incoming.observed_at, incoming.deleted_at is not null)
                >= (stored.last_seen_at, stored.deleted_at is not null) as is_newer,
            coalesce(stored.deleted_at is not null, false) as was_gone
        from incoming left join raw.posts as stored using (platform, post_id)
        """
    )
    return _count(database, "select count(*) from incoming_keys where not is_known")


def _merge_authors(database: DuckDBPyConnection, key: bytes) -> None:
    """Authors as last observed, their pseudonyms, and the history of their audience."""
    columns = ",\n".join(
        f"arg_max({name}, (observed_at, sequence)) filter ({name} is not null) as {column}"
        for name, column in _AUTHOR.items()
    )
    database.execute(
        f"""
        create or replace temp table incoming_authors as
        select
            platform, author_id, {columns},
            min(first_observed_at) as first_observed_at,
            max(observed_at) as observed_at
        from incoming semi join (from incoming_keys where {_SPEAKS}) using (platform, post_id)
        where author_id is not null
        group by platform, author_id
        """
    )
    _make_pseudonyms(database, key)
    _merge_audience(database)
    names = list(_AUTHOR.values())
    newer = ", ".join(f"{name} = coalesce(incoming.{name}, stored.{name})" for name in names)
    older = ", ".join(f"{name} = coalesce(stored.{name}, incoming.{name})" for name in names)
    database.execute(
        f"""
        merge into raw.authors as stored
        using (from incoming_authors join pseudonyms using (platform, author_id)) as incoming
        on stored.platform = incoming.platform and stored.author_id = incoming.author_id
        when matched and incoming.observed_at >= stored.last_seen_at then update set
            {newer},
            first_seen_at = least(stored.first_seen_at, incoming.first_observed_at),
            last_seen_at = incoming.observed_at
        when matched then update set
            {older},
            first_seen_at = least(stored.first_seen_at, incoming.first_observed_at)
        when not matched then insert
            (platform, author_id, author_key, {", ".join(names)}, first_seen_at, last_seen_at)
        values (
            incoming.platform, incoming.author_id, incoming.author_key,
            {", ".join(f"incoming.{name}" for name in names)},
            incoming.first_observed_at, incoming.observed_at
        )
        """
    )


def _make_pseudonyms(database: DuckDBPyConnection, key: bytes) -> None:
    database.execute(
        """
        create or replace temp table pseudonyms as
        select platform, author_id, stored.author_key
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
    table = pa.table(
        {"platform": platforms, "author_id": authors, "author_key": author_keys(key, new)}
    )
    database.register("made", table)
    database.execute("insert into pseudonyms by name from made")
    database.unregister("made")


def _merge_audience(database: DuckDBPyConnection) -> None:
    database.execute(
        f"""
        insert into raw.author_counts by name
        with earlier as (
            select counts.* from raw.author_counts as counts
            semi join incoming_authors using (platform, author_id)
        )
        select incoming.platform, incoming.author_id, incoming.observed_at,
            {_filled(_AUDIENCE)}
        from incoming_authors as incoming asof left join earlier
            on incoming.platform = earlier.platform
            and incoming.author_id = earlier.author_id
            and incoming.observed_at >= earlier.observed_at
        where {_moved(_AUDIENCE)}
        """
    )


def _note_what_moves(database: DuckDBPyConnection) -> None:
    """Before anything is merged: posts whose place in a tree changes, authors of deleted posts."""
    database.execute(
        """
        insert into touched
        select platform, post_id from incoming_keys where not is_known
        union all
        select platform, post_id
        from incoming
        join raw.posts as stored using (platform, post_id)
        where incoming.parent_id is distinct from stored.parent_id
            and incoming.parent_id is not null
        """
    )
    database.execute(
        """
        insert into leaving
        select platform, stored.author_id
        from incoming_keys join raw.posts as stored using (platform, post_id)
        where is_known and is_gone and is_newer and stored.author_id is not null
        """
    )


def _merge_counts(database: DuckDBPyConnection) -> None:
    """The history of counts: a row only when one has moved."""
    database.execute(
        f"""
        insert into raw.post_counts by name
        with earlier as (
            select counts.* from raw.post_counts as counts
            semi join (from incoming_keys where is_known) using (platform, post_id)
        ),
        counted as (
            select platform, post_id, observed_at, {", ".join(_COUNTS)}
            from incoming semi join (from incoming_keys where {_SPEAKS}) using (platform, post_id)
        )
        select incoming.platform, incoming.post_id, incoming.observed_at, {_filled(_COUNTS)}
        from counted as incoming asof left join earlier
            on incoming.platform = earlier.platform
            and incoming.post_id = earlier.post_id
            and incoming.observed_at >= earlier.observed_at
        where {_moved(_COUNTS)}
        """
    )


def _merge_posts(database: DuckDBPyConnection, source: str) -> None:
    _insert_new_posts(database, source)
    if _count(database, "select count(*) from incoming_keys where is_known"):
        _update_known_posts(database)


def _insert_new_posts(database: DuckDBPyConnection, source: str) -> None:
    kept = ", ".join(
        f"case when incoming.deleted_at is null then incoming.{name} end as {name}"
        for name in _CONTENT
    )
    plain = ", ".join(f"incoming.{name}" for name in _KNOWN if name not in _CONTENT)
    lists = ", ".join(f"{_unless_gone(name, '[]')} as {name}" for name in _LISTS)
    database.execute(
        f"""
        insert into raw.posts by name
        select
            incoming.platform, incoming.post_id, incoming.kind, incoming.deleted_at,
            incoming.first_observed_at as first_seen_at, incoming.observed_at as last_seen_at,
            {plain}, {kept}, {lists}, pseudonyms.author_key,
            {_unless_gone("text", "''")} as text,
            {_unless_gone_key()} as text_key,
            incoming.visibility, ? as first_source, incoming.verb as first_verb
        from incoming
        join incoming_keys using (platform, post_id)
        left join pseudonyms
            on incoming.platform = pseudonyms.platform
            and incoming.author_id = pseudonyms.author_id
            and incoming.deleted_at is null
        where not incoming_keys.is_known
        """,
        [source],
    )


def _update_known_posts(database: DuckDBPyConnection) -> None:
    newer = ", ".join(f"{name} = coalesce(incoming.{name}, stored.{name})" for name in _KNOWN)
    older = ", ".join(f"{name} = coalesce(stored.{name}, incoming.{name})" for name in _KNOWN)
    erased = ", ".join(f"{name} = null" for name in (*_CONTENT, "author_key", "rating"))
    emptied = ", ".join(f"{name} = []" for name in _LISTS)
    same = ", ".join(f"{name} = incoming.{name}" for name in (*_LISTS, "text", "kind"))
    database.execute(
        f"""
        merge into raw.posts as stored
        using (
            select incoming.*, incoming_keys.is_newer, pseudonyms.author_key,
                {_TEXT_KEY.format("incoming.")} as text_key
            from incoming
            join incoming_keys using (platform, post_id)
            left join pseudonyms using (platform, author_id)
            where incoming_keys.is_known
                and (incoming_keys.is_newer or not incoming_keys.was_gone)
        ) as incoming
        on stored.platform = incoming.platform and stored.post_id = incoming.post_id
        when matched and incoming.is_newer and incoming.deleted_at is not null then update set
            {erased}, {emptied}, text = '', text_key = {_EMPTY_KEY},
            deleted_at = coalesce(stored.deleted_at, incoming.deleted_at),
            last_seen_at = incoming.observed_at
        when matched and incoming.is_newer then update set
            {newer}, {same}, text_key = {_TEXT_KEY.format("incoming.")},
            author_key = coalesce(incoming.author_key, stored.author_key),
            deleted_at = null, visibility = incoming.visibility,
            last_seen_at = incoming.observed_at,
            first_seen_at = least(stored.first_seen_at, incoming.first_observed_at)
        when matched and incoming.deleted_at is null then update set
            {older},
            author_key = coalesce(stored.author_key, incoming.author_key),
            first_seen_at = least(stored.first_seen_at, incoming.first_observed_at)
        """
    )


def _merge_texts(database: DuckDBPyConnection) -> None:
    """What was said: payloads as last sent, texts with their versions; nothing of deleted posts."""
    for table in ("raw.payloads", "raw.post_versions", "enriched.matches"):
        database.execute(
            f"""
            delete from {table} as erased using incoming_keys
            where erased.platform = incoming_keys.platform
                and erased.post_id = incoming_keys.post_id
                and is_known and is_gone and is_newer
            """
        )
    database.execute(
        """
        delete from raw.payloads as replaced using incoming_keys
        where replaced.platform = incoming_keys.platform
            and replaced.post_id = incoming_keys.post_id
            and is_known and is_newer
        """
    )
    database.execute(
        f"""
        insert into raw.payloads by name
        select platform, post_id, observed_at, payload
        from incoming
        semi join (from incoming_keys where is_newer and {_SPEAKS}) using (platform, post_id)
        where payload <> ''
        """
    )
    database.execute(
        """
        insert into raw.post_versions by name
        select platform, post_id, first_observed_at as observed_at, edited_at, title, text
        from incoming
        semi join (from incoming_keys where not is_known and not is_gone)
            using (platform, post_id)
        """
    )
    _merge_other_versions(database)


def _merge_other_versions(database: DuckDBPyConnection) -> None:
    """Texts of known posts, and all texts of posts seen twice in the batch."""
    database.execute(
        f"""
        merge into raw.post_versions as stored
        using (
            select
                platform, post_id, coalesce(title, '') as plain_title, text,
                min(observed_at) as observed_at, min(edited_at) as edited_at
            from (
                from incoming semi join (from incoming_keys where is_known)
                    using (platform, post_id)
                union all by name
                from arrived semi join repeated using (platform, post_id)
            )
            semi join (from incoming_keys where {_SPEAKS}) using (platform, post_id)
            where deleted_at is null
            group by platform, post_id, coalesce(title, ''), text
        ) as incoming
        on stored.platform = incoming.platform
            and stored.post_id = incoming.post_id
            and coalesce(stored.title, '') = incoming.plain_title
            and stored.text = incoming.text
        when matched and incoming.observed_at < stored.observed_at then update set
            observed_at = incoming.observed_at
        when not matched then insert (platform, post_id, observed_at, edited_at, title, text)
        values (
            incoming.platform, incoming.post_id, incoming.observed_at, incoming.edited_at,
            nullif(incoming.plain_title, ''), incoming.text
        )
        """
    )


def _merge_sources(database: DuckDBPyConnection, source: str, run_id: str) -> None:
    database.execute(
        """
        insert into raw.post_sources by name
        select platform, post_id, $source as source, verb, $run_id as first_run_id
        from incoming
        anti join (from raw.post_sources where source = $source) using (platform, post_id)
        """,
        {"source": source, "run_id": run_id},
    )


def _merge_aliases(database: DuckDBPyConnection) -> None:
    """Other names of posts; whoever was named by one is now named by its ``post_id``."""
    database.execute(
        """
        create or replace temp table new_aliases as
        select platform, alias, min(post_id) as post_id
        from (select platform, post_id, unnest(aliases) as alias from incoming)
        anti join raw.post_aliases using (platform, alias)
        where alias <> post_id
        group by platform, alias
        """
    )
    database.execute("insert into raw.post_aliases by name from new_aliases")
    named = " union ".join(
        f"select platform, {name} as alias from incoming" for name in _REFERENCES
    )
    database.execute(
        f"""
        create or replace temp table renames as
        select platform, alias, post_id
        from (
            from new_aliases
            union
            from raw.post_aliases semi join ({named}) using (platform, alias)
        ) as names
        where not exists (
            select 1 from raw.posts as posts
            where posts.platform = names.platform and posts.post_id = names.alias
        )
        """
    )
    if _count(database, "select count(*) from renames"):
        _rename_references(database)


def _rename_references(database: DuckDBPyConnection) -> None:
    database.execute(
        """
        insert into touched
        select posts.platform, posts.post_id
        from raw.posts as posts join renames
            on posts.platform = renames.platform and posts.parent_id = renames.alias
        """
    )
    for name in _REFERENCES:
        database.execute(
            f"""
            update raw.posts as posts set {name} = renames.post_id
            from renames
            where posts.platform = renames.platform and posts.{name} = renames.alias
            """
        )


_SPEAKS: Final = "not is_gone and (is_newer or not was_gone)"
"""Keys of posts that are there now: neither deleted in this batch nor before."""

_EMPTY_KEY: Final = "md5(chr(10))"


def _unless_gone(name: str, otherwise: str) -> str:
    return f"case when incoming.deleted_at is null then incoming.{name} else {otherwise} end"


def _unless_gone_key() -> str:
    key = _TEXT_KEY.format("incoming.")
    return f"case when incoming.deleted_at is null then {key} else {_EMPTY_KEY} end"


def _filled(names: tuple[str, ...]) -> str:
    return ", ".join(f"coalesce(incoming.{name}, earlier.{name}) as {name}" for name in names)


def _moved(names: tuple[str, ...]) -> str:
    """Whether one of the counts is known and not what it was at the observation before."""
    return " or ".join(
        f"(incoming.{name} is not null and incoming.{name} is distinct from earlier.{name})"
        for name in names
    )


def _count(database: DuckDBPyConnection, query: str) -> int:
    row = first(database, query)
    return int(row[0]) if row else 0
