"""What was heard and what was not, as SQL over a published file."""

from __future__ import annotations

from datetime import date
from typing import Final

from pipeline.report.queries import between

HAS_CUT_THREADS: Final = """
select count(*) > 0 as is_there
from information_schema.tables
where table_schema = 'marts' and table_name = 'coverage_threads'
"""
"""A file published by an earlier version does not tell of threads that were cut off."""


def coverage_days(first: date, last: date) -> str:
    """How much of each day was covered, for each source."""
    return f"""
select source, covered_date, coverage, posts_count, is_silent
from marts.coverage_daily
where {between("covered_date", first, last)}
order by source, covered_date
"""


def coverage_sources(first: date, last: date) -> str:
    """Each source: how far it got, how its last run went, and its coverage in the period."""
    return f"""
with recent as (
    select
        source,
        sum(covered_hours) as covered_hours,
        sum(hours) as hours,
        sum(posts_count) as posts_count,
        count(*) filter (is_silent) as silent_days
    from marts.coverage_daily
    where {between("covered_date", first, last)}
    group by source
)

select
    sources.source,
    sources.platform,
    sources.collected_through,
    sources.last_status,
    sources.last_error_code,
    sources.last_verbs_without_access,
    sources.last_secrets_used,
    sources.last_secrets_missing,
    sources.gap_hours,
    sources.rejected_count,
    recent.covered_hours,
    recent.hours,
    recent.posts_count,
    recent.silent_days
from marts.coverage_sources as sources
left join recent on sources.source = recent.source
order by sources.source
"""


def cut_threads(first: date, last: date) -> str:
    """Conversations with a post of these days of which a part could not be read."""
    return f"""
select
    count(distinct thread_key) as threads_count,
    count(distinct thread_key) filter (not is_asked_again) as given_up_count
from marts.coverage_threads
where thread_key in (
    select thread_key from marts.posts where {between("posted_date", first, last)}
)
"""
