"""What posts said and how they were received, over time: payloads, texts and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.query import exists

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COUNTS: Final = (
    *("likes_count", "reposts_count", "replies_count", "quotes_count"),
    "views_count",
)


def merge_counts(database: DuckDBPyConnection) -> None:
    """The history of counts: a row only when one has moved."""
    counts = ", ".join(COUNTS)
    database.execute(
        f"""
        insert into raw.post_counts by name
        select platform, post_id, observed_at, {counts}
        from incoming semi join (from speaking where not is_known) using (sequence)
        where coalesce({counts}) is not null
        """
    )
    if exists(database, "select 1 from speaking where is_known limit 1"):
        database.execute(
            """
            create or replace temp view counted as
            from incoming semi join (from speaking where is_known) using (sequence)
            """
        )
        merge_moved(database, "counted", "raw.post_counts", "post_id", COUNTS)
        database.execute("drop view temp.counted")


def merge_moved(
    database: DuckDBPyConnection, observed: str, table: str, name: str, counts: tuple[str, ...]
) -> None:
    """Observations in which a count is known and not what it was at the one before.

    Of several at one moment the later read wins, and what it does not tell the others may.

    Args:
        database: inside a transaction.
        observed: working table with platform, the column ``name``, observed_at and ``counts``.
        table: where the history stands.
        name: whose counts they are.
        counts: what is counted; unknown now is what it was before.
    """
    told = ", ".join(f"incoming.{count}" for count in counts)
    before = ", ".join(
        f"""
        arg_max(history.{count}, history.observed_at)
            filter (history.observed_at < incoming.observed_at) as former_{count},
        arg_max(history.{count}, history.observed_at) as known_{count}
        """
        for count in counts
    )
    now = ", ".join(
        f"coalesce(incoming.{count}, earlier.known_{count}) as {count}, earlier.former_{count}"
        for count in counts
    )
    moved = " or ".join(
        f"({count} is not null and {count} is distinct from former_{count})" for count in counts
    )
    updated = ", ".join(f"{count} = observed.{count}" for count in counts)
    columns = ("platform", name, "observed_at", *counts)
    database.execute(
        f"""
        merge into {table} as stored
        using (
            with earlier as (
                select platform, {name}, {before}
                from {table} as history
                join {observed} as incoming using (platform, {name})
                where history.observed_at <= incoming.observed_at
                group by platform, {name}
            ),
            told as (
                select platform, {name}, incoming.observed_at, {now}
                from {observed} as incoming left join earlier using (platform, {name})
                where coalesce({told}) is not null
            )
            select {", ".join(columns)}, {moved} as is_moved from told
        ) as observed
        on stored.platform = observed.platform
            and stored.{name} = observed.{name}
            and stored.observed_at = observed.observed_at
        when matched and not is_moved then delete
        when matched then update set {updated}
        when not matched and is_moved then insert ({", ".join(columns)})
        values ({", ".join(f"observed.{column}" for column in columns)})
        """
    )


def merge_payloads(database: DuckDBPyConnection) -> None:
    """What the platform sent last; what it sent of a deleted post is erased."""
    if exists(database, "select 1 from incoming_keys where is_known and is_newer limit 1"):
        database.execute(
            """
            delete from raw.payloads as replaced
            using (from incoming_keys where is_known and is_newer) as incoming
            where replaced.platform = incoming.platform and replaced.post_id = incoming.post_id
            """
        )
    database.execute(
        """
        insert into raw.payloads by name
        select platform, post_id, observed_at, payload
        from incoming semi join (from speaking where is_newer) using (sequence)
        where payload <> ''
        """
    )


def erase_words(database: DuckDBPyConnection) -> None:
    """Former texts, and who was named in them, of posts that are deleted now."""
    if not exists(database, "select 1 from incoming_keys where is_gone and is_known limit 1"):
        return
    for table in (
        *("raw.post_versions", "enriched.matches", "enriched.matched_posts"),
        "enriched.relevance",
    ):
        database.execute(
            f"""
            delete from {table} as erased
            using (from incoming_keys where is_known and is_gone and is_newer) as incoming
            where erased.platform = incoming.platform and erased.post_id = incoming.post_id
            """
        )


def keep_versions(database: DuckDBPyConnection) -> None:
    """All texts of posts whose text has changed; must run before the posts are merged.

    A title that an observation does not tell is the one known before, or else the one told now.
    """
    database.execute(
        """
        create or replace temp table changing as
        with
        several as (select distinct platform, post_id, true as has_versions from raw.post_versions),
        stored as (
            from raw.posts as posts
            semi join (from speaking where is_known) as known on posts.rowid = known.stored_row
        ),
        observed as (
            from arrived
            semi join (
                select platform, post_id from speaking where is_known
                union
                select platform, post_id from repeated semi join speaking using (platform, post_id)
            ) using (platform, post_id)
            where deleted_at is null
        ),
        texts as (
            select
                platform, post_id, observed.observed_at, observed.edited_at,
                coalesce(observed.title, incoming.title, stored.title, '') as title, observed.text
            from observed
            join incoming using (platform, post_id)
            left join stored using (platform, post_id)
            union all
            select
                platform, post_id, stored.first_seen_at, stored.edited_at,
                coalesce(stored.title, incoming.title, ''), stored.text
            from stored
            join incoming using (platform, post_id)
            anti join several using (platform, post_id)
        )
        select
            platform, post_id, title, text,
            min(observed_at) as observed_at, min(edited_at) as edited_at
        from texts left join several using (platform, post_id)
        group by platform, post_id, title, text, has_versions
        qualify has_versions or count(*) over (partition by platform, post_id) > 1
        """
    )
    if exists(database, "select 1 from changing limit 1"):
        _merge_versions(database)


def _merge_versions(database: DuckDBPyConnection) -> None:
    database.execute(
        """
        merge into raw.post_versions as stored using changing as incoming
        on stored.platform = incoming.platform
            and stored.post_id = incoming.post_id
            and coalesce(stored.title, '') = incoming.title
            and stored.text = incoming.text
        when matched and incoming.observed_at < stored.observed_at then update set
            observed_at = incoming.observed_at
        when not matched then insert (platform, post_id, observed_at, edited_at, title, text)
        values (
            incoming.platform, incoming.post_id, incoming.observed_at, incoming.edited_at,
            nullif(incoming.title, ''), incoming.text
        )
        """
    )
