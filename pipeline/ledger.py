"""The ledger: runs, what came of them, and the caches of readings and matches."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa

from pipeline.ahead import put_back
from pipeline.budget import Spending
from pipeline.cut_threads import ASKED_AGAIN
from pipeline.errors import WarehouseError, without_queries
from pipeline.overdue import overdue
from pipeline.query import first, has_column, has_table, records, transaction
from pipeline.secret_names import SecretNames, named_secrets, of_kept

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DAY_HOURS: Final = 22
"""A night that begins a little earlier than the one before must not share its day."""

STATUSES: Final = ("running", "completed", "completed with failures", "failed")


def begin_run(
    database: DuckDBPyConnection, run_id: str, started_at: datetime, version: str
) -> None:
    """Open a run; runs that never ended are closed as failed, for they hold no lock any more.

    Runs of a clock that was ahead are dated right before it.

    Raises:
        WarehouseError: a newer run has begun, so this one comes too late.
    """
    with transaction(database):
        put_back(database, run_id, started_at)
    refuse_late(database, run_id)
    database.execute(
        "update ops.runs set status = 'failed' where status = 'running' and run_id <> ?", [run_id]
    )
    database.execute(
        """
        merge into ops.runs as stored using (select $run_id as run_id) as incoming
        on stored.run_id = incoming.run_id
        when matched then update set status = 'running', finished_at = null
        when not matched then insert values ($run_id, $started_at, null, 'running', $version)
        """,
        {"run_id": run_id, "started_at": started_at, "version": version},
    )


def refuse_late(database: DuckDBPyConnection, run_id: str) -> None:
    """Stop a run that wakes up after a newer one has begun.

    Raises:
        WarehouseError: always then; names the newer run.
    """
    row = first(database, "select max(run_id) from ops.runs where run_id > ?", [run_id])
    if row and row[0] is not None:
        raise WarehouseError(
            f"run {run_id} comes too late: {row[0]} has begun since",
            todo="nothing: the newer run does its work",
        )


def finish_run(
    database: DuckDBPyConnection, run_id: str, status: str, finished_at: datetime
) -> None:
    """Close a run with one of ``STATUSES``."""
    if status not in STATUSES:
        raise ValueError(status)
    database.execute(
        "update ops.runs set status = ?, finished_at = ? where run_id = ?",
        [status, finished_at, run_id],
    )


class Failing(msgspec.Struct, frozen=True, kw_only=True):
    """A source that was asked and did not complete: its error, and the names of its secrets."""

    source: str
    error_code: str | None
    error: str
    secrets: SecretNames

    def __str__(self) -> str:
        """One sentence; it names the variables of a secret that was refused or not there."""
        told = without_queries(self.error)
        told = told if told.startswith(self.source) else f"{self.source}: {told}"
        return told + named_secrets(self.error_code, self.secrets)


def failing(database: DuckDBPyConnection, run_id: str) -> list[Failing]:
    """The sources that were asked in a run and did not complete, by name."""
    rows = records(
        database,
        f"""
        select source, error_code, coalesce(error, status) as error, {_secret_columns(database)}
        from ops.collections as newest
        where run_id = ? and status not in ('complete', 'unasked') order by source
        """,
        [run_id],
    )
    return [
        Failing(
            source=row["source"],
            error_code=row["error_code"],
            error=row["error"],
            secrets=of_kept(row["secrets_used"], row["secrets_missing"]),
        )
        for row in rows
    ]


def _secret_columns(database: DuckDBPyConnection) -> str:
    return _columns(database, "secrets_used", "secrets_missing")


def _columns(database: DuckDBPyConnection, *names: str) -> str:
    """Columns of ``newest``; null those that a database of an earlier version lacks."""
    return ", ".join(
        f"newest.{name}"
        if has_column(database, "ops", "collections", name)
        else f"null::varchar as {name}"
        for name in names
    )


def run_counts(database: DuckDBPyConnection, run_id: str) -> tuple[int, int]:
    """Posts read in a run, and how many of them were never seen before."""
    row = first(
        database,
        """
        select coalesce(sum(posts_count), 0), coalesce(sum(new_posts_count), 0)
        from ops.collections where run_id = ?
        """,
        [run_id],
    )
    return (int(row[0]), int(row[1])) if row else (0, 0)


def last_collection(database: DuckDBPyConnection, source: str) -> tuple[int, int] | None:
    """Requests made and posts read when a source was last collected; None when never."""
    row = first(
        database,
        """
        select requests_count, posts_count from ops.collections
        where source = ? order by run_id desc limit 1
        """,
        [source],
    )
    return (int(row[0]), int(row[1])) if row else None


_SPENT: Final = f"""
    with
    taken as (
        select run_id, platform, 'requests' as quota, requests_count as spent_count
        from ops.collections
        union all
        select run_id, platform, 'reads' as quota, posts_count as spent_count from ops.collections
        union all
        select run_id, platform, quota, spent_count from ops.spending
    )
    select
        taken.platform,
        taken.quota,
        coalesce(
            sum(taken.spent_count) filter (runs.started_at > $now - interval {DAY_HOURS} hours), 0
        )::bigint as day,
        sum(taken.spent_count)::bigint as month
    from taken join ops.runs as runs using (run_id)
    where runs.started_at > $now - interval 30 days
    group by taken.platform, taken.quota
    order by taken.platform, taken.quota
"""


def spending_by_platform(database: DuckDBPyConnection, now: datetime) -> dict[str, Spending]:
    """What was taken of each platform that was asked in the 30 days before ``now``."""
    found: dict[str, tuple[dict[str, int], dict[str, int]]] = {}
    for row in records(database, _SPENT, {"now": now}):
        day, month = found.setdefault(row["platform"], ({}, {}))
        day[row["quota"]] = row["day"]
        month[row["quota"]] = row["month"]
    return {name: Spending(day=day, month=month) for name, (day, month) in found.items()}


def status(database: DuckDBPyConnection) -> dict[str, Any]:
    """The last run, and per source its progress, last outcome, open gaps and cut threads."""
    runs = records(
        database,
        "select run_id, status, started_at, finished_at, version from ops.runs "
        "order by run_id desc limit 1",
    )
    noted = _columns(database, "asked_verbs", "verbs_without_access")
    sources = records(
        database,
        f"""
        with newest as (
            select * from ops.collections
            qualify row_number() over (partition by source order by run_id desc) = 1
        ),
        reached as (
            select source, min(collected_through) as collected_through
            from ops.progress group by source
        ),
        holes as (
            select source, count(*) as open_gaps from ops.gaps
            where closed_by_run_id is null group by source
        ),
        broken as ({_cut_threads(database)})
        select
            coalesce(sources.source, newest.source) as source,
            coalesce(sources.platform, newest.platform) as platform,
            newest.status, newest.error_code, newest.error,
            newest.posts_count, newest.new_posts_count, {noted}, {_secret_columns(database)},
            reached.collected_through, coalesce(holes.open_gaps, 0) as open_gaps,
            coalesce(broken.cut_threads, 0) as cut_threads
        from conf.sources as sources full join newest on sources.source = newest.source
        left join reached on reached.source = coalesce(sources.source, newest.source)
        left join holes on holes.source = coalesce(sources.source, newest.source)
        left join broken on broken.source = coalesce(sources.source, newest.source)
        order by 1
        """,
    )
    moves = records(
        database, "select source, moved_from, moved_to from ops.moves order by source, moved_from"
    )
    return {
        "last_run": runs[0] if runs else None,
        "sources": sources,
        "moves": moves,
        "retention": _retention(database),
        "overdue": overdue(database),
    }


def _cut_threads(database: DuckDBPyConnection) -> str:
    """SQL of how many threads of each source were not read to their end; of none in older ones.

    Of the month before the source was heard last: what was given up longer ago is the analysts'
    business, and what is deleted is nobody's.
    """
    if not has_table(database, "raw", "cut_threads"):
        return "select null::varchar as source, 0::bigint as cut_threads where false"
    return f"""
        select
            cut.source, count(distinct coalesce(threads.thread_id, cut.post_id)) as cut_threads
        from raw.cut_threads as cut
        semi join (from raw.posts where deleted_at is null) using (platform, post_id)
        left join raw.threads as threads using (platform, post_id)
        left join reached on reached.source = cut.source
        where cut.closed_by_run_id is null and coalesce(
            cut.last_cut_at >= reached.collected_through - interval {ASKED_AGAIN.days} days, true
        )
        group by cut.source
    """


def _retention(database: DuckDBPyConnection) -> list[dict[str, Any]]:
    """How long each kind of data is kept; empty before the first night that knows of it."""
    is_known = has_table(database, "ops", "retention")
    return records(database, "from ops.retention order by kept_days, kind") if is_known else []


def write_texts(
    database: DuckDBPyConnection, readings: pa.Table, version: str, *, are_new: bool
) -> None:
    """Keep readings of texts in place of older ones, in one transaction.

    ``are_new`` says that no version has read any of them: then nothing is looked for.
    """
    database.register("readings", readings)
    try:
        if are_new:
            database.execute(
                "insert into enriched.texts by name "
                "select *, $version as enricher_version from readings",
                {"version": version},
            )
            return
        database.execute(
            """
            merge into enriched.texts as stored
            using (select * from readings) as incoming on stored.text_key = incoming.text_key
            when matched then update set
                enricher_version = $version, language = incoming.language,
                language_confidence = incoming.language_confidence,
                sentiment = incoming.sentiment, sentiment_score = incoming.sentiment_score,
                sentiment_confidence = incoming.sentiment_confidence, intents = incoming.intents,
                purpose = incoming.purpose, giving = incoming.giving,
                pr_model = incoming.pr_model, message_type = incoming.message_type,
                is_signed = incoming.is_signed
            when not matched then insert (
                text_key, enricher_version, language, language_confidence, sentiment,
                sentiment_score, sentiment_confidence, intents, purpose, giving, pr_model,
                message_type, is_signed
            )
            values (
                incoming.text_key, $version, incoming.language, incoming.language_confidence,
                incoming.sentiment, incoming.sentiment_score, incoming.sentiment_confidence,
                incoming.intents, incoming.purpose, incoming.giving, incoming.pr_model,
                incoming.message_type, incoming.is_signed
            )
            """,
            {"version": version},
        )
    finally:
        database.unregister("readings")


SEEN: Final = ("platform", "post_id", "text_key", "was_matched")
"""What is kept of posts that were matched, and whether they were before."""


def write_matches(
    database: DuckDBPyConnection,
    posts: pa.Table,
    matches: pa.Table,
    version: str,
    judgements: pa.Table | None = None,
) -> None:
    """Keep whom ``posts`` name, and that they were looked at, in one transaction.

    Of ``posts`` the columns ``SEEN`` are needed. ``judgements`` say of some whether they are about
    whom they name. What was found in posts before is looked for only of those that were matched
    before: each look goes through all there is.
    """
    known = posts.filter(posts.column("was_matched")).select(["platform", "post_id"])
    database.register("seen", posts.select(["platform", "post_id", "text_key"]))
    database.register("found", matches)
    database.register("seen_before", known)
    try:
        with transaction(database):
            if known.num_rows:
                _forget_matches(database)
            _insert_matches(database, version)
            if judgements is not None and judgements.num_rows:
                _write_relevance(database, judgements, version)
    finally:
        for name in ("seen", "found", "seen_before"):
            database.unregister(name)


def _write_relevance(database: DuckDBPyConnection, judgements: pa.Table, version: str) -> None:
    database.register("judged", judgements)
    try:
        database.execute(
            "insert into enriched.relevance by name select *, ? as matcher_version from judged",
            [version],
        )
    finally:
        database.unregister("judged")


def _forget_matches(database: DuckDBPyConnection) -> None:
    for table in ("enriched.matches", "enriched.matched_posts", "enriched.relevance"):
        database.execute(
            f"""
            delete from {table} as old using seen_before
            where old.platform = seen_before.platform and old.post_id = seen_before.post_id
            """
        )


def _insert_matches(database: DuckDBPyConnection, version: str) -> None:
    database.execute(
        """
        insert into enriched.matches by name
        select platform, post_id, organisation, alias, alias_kind, ? as matcher_version
        from found
        """,
        [version],
    )
    database.execute(
        "insert into enriched.matched_posts by name select *, ? as matcher_version from seen",
        [version],
    )
