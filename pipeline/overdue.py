"""Deletions in time: posts that were not asked for again within what their platform's terms give.

What was deleted on a platform shows when a post is asked for again. Each night asks those that were
not seen for longest, as many as ``refresh_per_source`` says; where that is too few, this tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from pipeline.query import records

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TERM_DAYS: Final[Mapping[str, int]] = {"x": 1, "reddit": 2, "youtube": 30}
"""Days within which a platform wants deletions followed; others name no number.

X: developer policy, within 24 hours of a request. Reddit: its data API terms, 48 hours. YouTube:
developer policies, refresh or delete after 30 calendar days. Read from their pages, not tried.
"""


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
            where posts.deleted_at is null
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
