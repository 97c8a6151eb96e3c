"""Reach: how far a source has looked, what it has not seen, and how far each of its verbs came."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from pipeline.cut_threads import note_threads
from pipeline.known import progress, verb_progress
from pipeline.manifest import Manifest

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LAGGING: Final = timedelta(hours=12)
"""A verb that was asked from so much further back than its source had missed a night."""


def move_on(database: DuckDBPyConnection, run: Manifest, platforms: set[str]) -> None:
    """Write what the newest run of a source moved.

    Args:
        database: inside a transaction.
        run: what the run told.
        platforms: those of its posts.
    """
    looked_through = progress(database, run.source)
    _write_progress(database, run, platforms)
    _write_verbs(database, run)
    _write_names(database, run)
    _write_gaps(database, run, looked_through)
    note_threads(database, run)


def _write_progress(database: DuckDBPyConnection, run: Manifest, platforms: set[str]) -> None:
    """How far the source has looked; only a run that heard all moves it, and never backwards."""
    if not run.is_heard:
        return
    before = database.execute(
        "select platform, collected_through from ops.progress where source = ?", [run.source]
    ).fetchall()
    names = platforms | {platform for platform, _ in before} or {run.platform}
    through = max((moment for _, moment in before), default=run.asked_from)
    if run.asked_from > through:
        _open_gap(database, run, through, run.asked_from, "no run asked for this")
    for platform in sorted(names):
        database.execute(
            """
            merge into ops.progress as stored
            using (select $platform as platform, $source as source) as incoming
            on stored.source = incoming.source and stored.platform = incoming.platform
            when matched then update set
                collected_from = least(collected_from, $asked_from),
                collected_through = greatest(collected_through, $asked_through),
                run_id = $run_id
            when not matched then insert
            values ($source, $platform, $asked_from, $asked_through, $run_id)
            """,
            {
                "platform": platform,
                "source": run.source,
                "asked_from": run.asked_from,
                "asked_through": run.asked_through,
                "run_id": run.run_id,
            },
        )


def _write_verbs(database: DuckDBPyConnection, run: Manifest) -> None:
    """How far each verb was asked: one that could not be asked is asked for those days later."""
    if not run.is_heard:
        return
    for verb in run.asked_verbs or ():
        database.execute(
            """
            merge into ops.verb_progress as stored
            using (select $source as source, $verb as verb) as incoming
            on stored.source = incoming.source and stored.verb = incoming.verb
            when matched then update set
                collected_through = greatest(collected_through, $asked_through)
            when not matched then insert values ($source, $verb, $asked_through)
            """,
            {"source": run.source, "verb": verb, "asked_through": run.asked_through},
        )


def _write_names(database: DuckDBPyConnection, run: Manifest) -> None:
    """What each verb was asked for: a name that is not among it later is asked for further back.

    A verb of which something was still to be read back when a night ended is not told of.
    """
    if not run.is_heard:
        return
    for verb, digests in (run.asked_names or {}).items():
        database.execute(
            "delete from ops.asked_names where source = ? and verb = ?", [run.source, verb]
        )
        database.execute(
            "insert into ops.asked_names select ?, ?, unnest(?::varchar[])",
            [run.source, verb, digests],
        )


def _write_gaps(
    database: DuckDBPyConnection, run: Manifest, looked_through: datetime | None
) -> None:
    """A run that heard all closes the gaps it covers; a broken one leaves a gap behind.

    A verb that was asked before and lost its access leaves one of its own.

    Of a source that has nothing to ask yet nothing is missing: it begins when there is something.
    What lies too far back for the platform is missing only as far as no earlier run has looked;
    a gap that begins before the source was asked is of a verb that had not looked there yet.
    """
    if run.is_heard:
        _close_gaps(database, run)
        _write_gaps_of_verbs(database, run)
    elif run.status != "unasked":
        begin = progress(database, run.source) or run.asked_from
        _open_gap(database, run, begin, run.asked_through, run.error_code or run.status)
    for gap in run.gaps:
        begin = gap.gap_from
        if looked_through is not None and run.asked_from - LAGGING < begin <= run.asked_from:
            begin = max(begin, looked_through)
        _open_gap(database, run, begin, gap.gap_to, gap.reason)


def _write_gaps_of_verbs(database: DuckDBPyConnection, run: Manifest) -> None:
    """What a verb has missed since it lost its access.

    Until it is asked again, from there, or is not to be asked any more.
    """
    if run.verbs_without_access is None:
        return
    database.execute(
        """
        update ops.gaps set closed_by_run_id = $run_id
        where source = $source and verb is not null and closed_by_run_id is null
            and not list_contains($without::varchar[], verb)
        """,
        {"run_id": run.run_id, "source": run.source, "without": run.verbs_without_access},
    )
    reached = verb_progress(database, run.source)
    for verb in run.verbs_without_access:
        if verb in reached:
            _open_gap(database, run, reached[verb], run.asked_through, "no access", verb)


def _given_from(run: Manifest) -> datetime:
    """From when the platform gave anything of what was asked."""
    ends = (gap.gap_to for gap in run.gaps if gap.gap_from <= run.asked_from < gap.gap_to)
    return max(ends, default=run.asked_from)


def _close_gaps(database: DuckDBPyConnection, run: Manifest) -> None:
    bounds = {
        "source": run.source,
        "asked_from": _given_from(run),
        "asked_through": run.asked_through,
        "run_id": run.run_id,
    }
    database.execute(
        """
        update ops.gaps set closed_by_run_id = $run_id
        where source = $source and verb is null
            and closed_by_run_id is null and run_id <> $run_id
            and gap_from >= $asked_from and gap_to <= $asked_through
        """,
        bounds,
    )
    database.execute(
        """
        update ops.gaps set gap_to = $asked_from
        where source = $source and verb is null
            and closed_by_run_id is null and run_id <> $run_id
            and gap_from < $asked_from and gap_to > $asked_from and gap_to <= $asked_through
        """,
        {name: bounds[name] for name in ("source", "asked_from", "asked_through", "run_id")},
    )


def _open_gap(
    database: DuckDBPyConnection,
    run: Manifest,
    begin: datetime,
    end: datetime,
    reason: str,
    verb: str | None = None,
) -> None:
    """Note a stretch that was not covered; one that only grew is not noted twice."""
    if end <= begin:
        return
    values = {
        "source": run.source,
        "platform": run.platform,
        "gap_from": begin,
        "gap_to": end,
        "reason": reason,
        "run_id": run.run_id,
        "verb": verb,
    }
    database.execute(
        """
        merge into ops.gaps as stored
        using (select $source as source, $gap_from as gap_from, $verb as verb) as incoming
        on stored.source = incoming.source and stored.gap_from = incoming.gap_from
            and stored.verb is not distinct from incoming.verb
            and stored.closed_by_run_id is null
        when matched then update set
            gap_to = greatest(gap_to, $gap_to), reason = $reason, run_id = $run_id
        when not matched then insert
        values ($source, $platform, $gap_from, $gap_to, $reason, $run_id, null, $verb)
        """,
        values,
    )
