"""The merge: one batch of observed posts into the tables of schema ``raw``.

The newest observation wins, and what it does not tell erases nothing that is known. An older
observation that arrives late fills in what is unknown and changes nothing else. A deleted post
keeps its row and its place in the tree, and nothing of what it said or who said it.

All tables that are named without a schema are working tables of the batch: ``arrived`` (as landed),
``repeated`` and ``folded`` (posts that were seen twice in it), ``incoming`` (one row a post),
``incoming_keys`` (what is known of each), ``speaking`` (those that are there now). ``sequence`` is
the place of a row in the batch, and so the short name of a post in these tables; ``source`` and
``run_id`` tell who gave it and when.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa

from pipeline.aliases import REFERENCES, merge_aliases
from pipeline.history import COUNTS, erase_words, keep_versions, merge_counts, merge_payloads
from pipeline.people import AUTHOR, forget_leaving, merge_authors, note_leaving
from pipeline.query import exists, literal, one_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ERASED: Final = (
    *("url", "parent_author_id", "author_id", "author_handle", "title", "language", "rating"),
)
_KNOWN: Final = (*("created_at", "edited_at", "native_id"), *REFERENCES, *COUNTS, *_ERASED)
"""Columns in which unknown never replaces known; those in ``_ERASED`` go with a deleted post."""

_HELD_ROWS: Final = 10_000
"""Rows up to which planning to read a file costs more than holding what it says."""
_LISTS: Final = ("mentions", "tags", "links")
_TEXT_KEY: Final = "md5(coalesce(incoming.title, '') || chr(10) || incoming.text)"
_EMPTY_KEY: Final = "md5(chr(10))"
_NEWEST: Final = "observed_at desc, deleted_at is not null desc, sequence desc"
_WORKING_TABLES: Final = (
    *("held", "touched", "leaving", "repeated", "folded", "incoming_keys", "speaking", "new_posts"),
    *("incoming_authors", "pseudonyms", "changing", "new_aliases", "renames"),
)


class Given(NamedTuple):
    """Posts of one landing file, as a table of ``LANDING_SCHEMA``, and of which it is."""

    source: str
    run_id: str
    posts: pa.Table


def arrive(
    database: DuckDBPyConnection, path: Path, rows: range, *, source: str, run_id: str
) -> None:
    """Let these rows of a landing file be what has arrived.

    The database reads the file itself, on all cores and for each step only the columns it needs:
    nothing of it passes through this program. A few rows are read once and held.
    """
    plain = literal(one_file(path))
    query = f"""
        select
            * exclude (file_row_number), file_row_number as sequence,
            {literal(source)} as source, {literal(run_id)} as run_id
        from read_parquet({plain}, file_row_number = true, hive_partitioning = false)
        where file_row_number >= {rows.start} and file_row_number < {rows.stop}
    """
    if len(rows) <= _HELD_ROWS:
        _hold(database, query)
    else:
        database.execute(f"create or replace temp view arrived as {query}")


def arrive_tables(database: DuckDBPyConnection, files: Sequence[Given]) -> None:
    """Let the posts of these files be what has arrived, in their order.

    Args:
        database: inside a transaction.
        files: few enough posts to be held together.
    """
    sourced = [
        posts.append_column("source", pa.repeat(pa.scalar(source), len(posts))).append_column(
            "run_id", pa.repeat(pa.scalar(run_id), len(posts))
        )
        for source, run_id, posts in files
    ]
    database.register("arriving", pa.concat_tables(sourced).combine_chunks())
    try:
        _hold(database, "select *, row_number() over () - 1 as sequence from arriving")
    finally:
        database.unregister("arriving")


def _hold(database: DuckDBPyConnection, query: str) -> None:
    database.execute(f"create or replace temp table held as {query}")
    database.execute("create or replace temp view arrived as from held")


def prepare(database: DuckDBPyConnection) -> None:
    """Make the lists that all batches of one file add to: posts to place, authors who left."""
    database.execute("create or replace temp table touched (platform varchar, post_id varchar)")
    database.execute("create or replace temp table leaving (platform varchar, author_id varchar)")


def finish(database: DuckDBPyConnection) -> None:
    """Forget authors of whom no post is left, and drop the working tables."""
    forget_leaving(database)
    for name in ("incoming", "arrived"):
        database.execute(f"drop view if exists temp.{name}")
    for name in _WORKING_TABLES:
        database.execute(f"drop table if exists temp.{name}")


def merge_batch(database: DuckDBPyConnection, *, key: bytes) -> Counter[tuple[str, str]]:
    """Merge the batch that has arrived; returns how many posts each file was the first to give.

    Files are named by their source and run.

    Must run inside a transaction, between ``prepare`` and ``finish``. At most a million rows.
    """
    _fold_repeated(database)
    _compare_with_stored(database)
    note_leaving(database)
    _note_moving(database)
    keep_versions(database)
    merge_authors(database, key)
    merge_counts(database)
    merge_payloads(database)
    _insert_new(database)
    if exists(database, "select 1 from incoming_keys where is_known limit 1"):
        _update_known(database)
    erase_words(database)
    _merge_sources(database)
    merge_aliases(database)
    new = database.execute(
        """
        select source, run_id, count(*)
        from incoming semi join (from incoming_keys where not is_known) using (sequence)
        group by source, run_id
        """
    ).fetchall()
    return Counter({(source, run_id): count for source, run_id, count in new})


def _fold_repeated(database: DuckDBPyConnection) -> None:
    """View ``incoming``: one row per post; what was seen twice in the batch is folded first."""
    database.execute(
        """
        create or replace temp table repeated as
        select platform, post_id from arrived group by all having count(*) > 1
        """
    )
    seen = "select *, observed_at as first_observed_at from arrived"
    if exists(database, "select 1 from repeated limit 1"):
        _fold(database)
        seen += " anti join repeated using (platform, post_id) union all by name from folded"
    database.execute(f"create or replace temp view incoming as {seen}")


def _fold(database: DuckDBPyConnection) -> None:
    """Table ``folded``: one row for each post of ``repeated``."""
    known = (*_KNOWN, *(name for name in AUTHOR if name not in _KNOWN))
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
            first_value(verb) over earliest as verb,
            first_value(source) over earliest as source,
            first_value(run_id) over earliest as run_id
        ),
        min(observed_at) over newest as first_observed_at
        from arrived semi join repeated using (platform, post_id)
        window
            newest as (
                partition by platform, post_id order by {_NEWEST}
                rows between unbounded preceding and unbounded following
            ),
            earliest as (
                partition by platform, post_id order by sequence
                rows between unbounded preceding and unbounded following
            )
        qualify row_number() over (partition by platform, post_id order by {_NEWEST}) = 1
        """
    )


def _compare_with_stored(database: DuckDBPyConnection) -> None:
    """Whether each post is known, and whether this is newer; at the same moment, gone is newer.

    ``stored_row`` is where it stands until it is merged: who looks there reads a few rows, who
    looks for its name reads that of every post there is.
    """
    database.execute(
        """
        create or replace temp table incoming_keys as
        select
            incoming.platform,
            incoming.post_id,
            incoming.sequence,
            stored.rowid as stored_row,
            stored.post_id is not null as is_known,
            incoming.deleted_at is not null as is_gone,
            stored.post_id is null
            or (incoming.observed_at, incoming.deleted_at is not null)
                >= (stored.last_seen_at, stored.deleted_at is not null) as is_newer,
            coalesce(stored.deleted_at is not null, false) as was_gone
        from incoming left join raw.posts as stored using (platform, post_id)
        """
    )
    database.execute(
        """
        create or replace temp table speaking as
        from incoming_keys where not is_gone and (is_newer or not was_gone)
        """
    )


def _note_moving(database: DuckDBPyConnection) -> None:
    """Posts whose place in a tree is new or changes, into table ``touched``."""
    database.execute(
        """
        insert into touched
        select platform, post_id from incoming_keys where not is_known
        union all
        select incoming.platform, incoming.post_id
        from incoming
        join (select sequence, stored_row from incoming_keys where is_known) using (sequence)
        join raw.posts as stored on stored.rowid = stored_row
        where incoming.parent_id <> stored.parent_id
            or (stored.parent_id is null and incoming.parent_id is not null)
        """
    )


def _insert_new(database: DuckDBPyConnection) -> None:
    """Posts never seen before; of those that are deleted already only their outline."""
    database.execute(
        """
        create or replace temp table new_posts as
        select incoming.sequence, pseudonyms.author_key, incoming_keys.is_gone
        from incoming
        join (from incoming_keys where not is_known) as incoming_keys using (sequence)
        left join pseudonyms
            on incoming.platform = pseudonyms.platform
            and incoming.author_id = pseudonyms.author_id
        """
    )
    outline = ", ".join(name for name in _KNOWN if name not in _ERASED)
    common = f"""
        platform, post_id, kind, deleted_at, visibility, {outline},
        first_observed_at as first_seen_at, observed_at as last_seen_at,
        source as first_source, verb as first_verb
    """
    database.execute(
        f"""
        insert into raw.posts by name
        select {common}, {", ".join((*_ERASED, *_LISTS))}, text, {_TEXT_KEY} as text_key, author_key
        from incoming join (from new_posts where not is_gone) using (sequence)
        """
    )
    database.execute(
        f"""
        insert into raw.posts by name
        select {common}, {", ".join(f"[] as {name}" for name in _LISTS)},
            '' as text, {_EMPTY_KEY} as text_key
        from incoming join (from new_posts where is_gone) using (sequence)
        """
    )


def _update_known(database: DuckDBPyConnection) -> None:
    newer = ", ".join(f"{name} = coalesce(incoming.{name}, stored.{name})" for name in _KNOWN)
    older = ", ".join(f"{name} = coalesce(stored.{name}, incoming.{name})" for name in _KNOWN)
    outline = ", ".join(
        f"{name} = coalesce(stored.{name}, incoming.{name})"
        for name in _KNOWN
        if name not in _ERASED
    )
    erased = ", ".join(f"{name} = null" for name in (*_ERASED, "author_key"))
    emptied = ", ".join(f"{name} = []" for name in _LISTS)
    same = ", ".join(f"{name} = incoming.{name}" for name in (*_LISTS, "text", "kind"))
    earliest = "first_seen_at = least(stored.first_seen_at, incoming.first_observed_at)"
    text_key = _TEXT_KEY.replace("incoming.title", "incoming.title, stored.title")
    database.execute(
        f"""
        merge into raw.posts as stored
        using (
            select
                incoming.*, incoming_keys.is_newer, incoming_keys.stored_row, pseudonyms.author_key
            from incoming
            join incoming_keys using (sequence)
            left join pseudonyms
                on incoming.platform = pseudonyms.platform
                and incoming.author_id = pseudonyms.author_id
            where incoming_keys.is_known
        ) as incoming
        on stored.rowid = incoming.stored_row
        when matched and incoming.is_newer and incoming.deleted_at is not null then update set
            {erased}, {emptied}, text = '', text_key = {_EMPTY_KEY}, {outline},
            deleted_at = coalesce(stored.deleted_at, incoming.deleted_at), {earliest},
            last_seen_at = incoming.observed_at
        when matched and incoming.is_newer then update set
            {newer}, {same}, text_key = {text_key},
            author_key = coalesce(incoming.author_key, stored.author_key),
            deleted_at = null, visibility = incoming.visibility,
            last_seen_at = incoming.observed_at, {earliest}
        when matched and incoming.deleted_at is null and stored.deleted_at is not null
        then update set {outline}, kind = incoming.kind, {earliest}
        when matched and incoming.deleted_at is null then update set
            {older}, {earliest},
            author_key = coalesce(stored.author_key, incoming.author_key)
        """
    )


def _merge_sources(database: DuckDBPyConnection) -> None:
    """By which sources each post came, and how each of them asked for it first."""
    given = "select platform, post_id, source, verb, run_id from arrived"
    if exists(database, "select 1 from repeated limit 1"):
        given = """
            select
                platform, post_id, source,
                arg_min(verb, sequence) as verb, arg_min(run_id, sequence) as run_id
            from arrived group by platform, post_id, source
        """
    database.execute(
        f"""
        insert into raw.post_sources by name
        select platform, post_id, source, verb, run_id as first_run_id
        from ({given}) as given
        anti join (
            from raw.post_sources
            semi join (from incoming_keys where is_known) using (platform, post_id)
        ) using (platform, post_id, source)
        """
    )
