"""Deletions in time: posts that were not seen again within what their platform's terms give.

What was deleted on a platform shows when a post is asked for again. Each night asks those that were
not seen for longest, as many as ``refresh_per_source`` says. Of what is left when its term is over
the night removes the words (``pipeline.retention``), unless ``[privacy]`` has it only told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from pipeline.query import records

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TERM_DAYS: Final[Mapping[str, int]] = {"x": 1, "reddit": 2, "youtube": 30}
"""Days within which a platform wants deletions followed; others name no number.

X: developer policy, within 24 hours of a request. Reddit: its data API terms, 48 hours. YouTube:
developer policies, refresh or delete after 30 calendar days. Read from their pages, not tried.
"""


def confirmed_since(now: datetime) -> dict[str, datetime]:
    """For each platform with a term: since when a post must have been seen, for its words to stay.

    A night in which a source is not read costs a day of its term: with a term of one day the words
    go in the second night without it, and come back when the post is read again.
    """
    return {platform: now - timedelta(days=days) for platform, days in TERM_DAYS.items()}


def overdue(database: DuckDBPyConnection) -> list[dict[str, Any]]:
    """Sources with posts that are overdue: source, platform, term_days, overdue_count, posts_count.

    Counted at the beginning of the last run that ended, so that a run that never came counts too
    when the next one has.
    """
    return records(
        database,
        """
        with
        terms as (select unnest($platforms) as platform, unnest($days) as term_days),
        last_run as (
            select max(started_at) as started_at from ops.runs where finished_at is not null
        ),
        given as (
            select
                given.source, posts.platform, terms.term_days,
                posts.last_seen_at < last_run.started_at - to_days(terms.term_days) as is_overdue
            from raw.posts as posts
            join terms using (platform)
            join raw.post_sources as given using (platform, post_id)
            cross join last_run
            where posts.deleted_at is null and not starts_with(posts.text_key, 'kept-')
        )
        select
            source, platform, term_days,
            count(*) filter (is_overdue) as overdue_count, count(*) as posts_count
        from given
        group by source, platform, term_days
        having count(*) filter (is_overdue) > 0
        order by source, platform
        """,
        {"platforms": list(TERM_DAYS), "days": list(TERM_DAYS.values())},
    )
