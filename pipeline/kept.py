"""Kept aggregates: the numbers of periods whose posts are no longer all there.

Before posts are removed, every row of the aggregate marts whose period has ended and holds one of
them is written down, once, in a Parquet file of its mart; from then on that row is what is
published, whatever is computed from the posts that are left. The files stand beside the database,
so that a database built again from the landing files has the same past.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from pipeline.files import settle
from pipeline.query import exists, first, identifier, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FOLDER: Final = "history"
_PERIOD: Final = """
    case period_grain
        when 'day' then interval 1 day when 'week' then interval 7 days
        when 'month' then interval 1 month when 'quarter' then interval 3 months
        when 'rolling_28d' then interval 28 days
    end
"""


class Aggregate(msgspec.Struct, frozen=True, kw_only=True):
    """A mart of numbers over periods: what makes a row one, when it begins and how long it is.

    ``counts_people`` is whether its numbers are about what people did.
    """

    keys: tuple[str, ...]
    begins: str
    lasts: str = "interval 1 day"
    counts_people: bool = True


_DAILY: Final = ("organisation", "platform", "posted_date")
_PERIODS: Final = ("organisation", "platform", "period_grain", "period_start")
AGGREGATES: Final[Mapping[str, Aggregate]] = {
    "scorecard": Aggregate(keys=(*_PERIODS, "measure"), begins="period_start", lasts=_PERIOD),
    "response_by_audience": Aggregate(
        keys=(*_PERIODS, "audience_quartile"), begins="period_start", lasts=_PERIOD
    ),
    "volume_daily": Aggregate(keys=_DAILY, begins="posted_date"),
    "acts_daily": Aggregate(keys=(*_DAILY, "act", "side"), begins="posted_date"),
    "sentiment_daily": Aggregate(keys=_DAILY, begins="posted_date"),
    "peaks": Aggregate(keys=_DAILY, begins="posted_date"),
    "networks_weekly": Aggregate(
        keys=("organisation", "platform", "week"), begins="week", lasts="interval 7 days"
    ),
    "coverage_daily": Aggregate(
        keys=("source", "platform", "covered_date"), begins="covered_date", counts_people=False
    ),
}
"""Marts of numbers that outlive their posts; all others, hours among them, go with the posts."""


def keep(database: DuckDBPyConnection, data: Path, days: list[date], today: date) -> None:
    """Write down the rows of closed periods that hold one of ``days``, unless they are already.

    Args:
        database: the private database, its marts built while all posts of those days were there.
        data: the data folder.
        days: days of which posts are about to be removed, in the organisation's time zone.
        today: a period that ends later is not over.
    """
    database.execute("create or replace temp table leaving_days (leaving_date date)")
    database.executemany("insert into leaving_days values (?)", [[day] for day in days])
    for name, aggregate in AGGREGATES.items():
        if has_mart(database, name):
            _keep(database, data, name, aggregate, today)
    database.execute("drop table leaving_days")


def has_mart(database: DuckDBPyConnection, name: str) -> bool:
    """Whether the mart was built."""
    return exists(
        database,
        "select 1 from duckdb_tables() where schema_name = 'marts' and table_name = ? "
        "and database_name = current_database()",
        [name],
    )


def _keep(
    database: DuckDBPyConnection, data: Path, name: str, aggregate: Aggregate, today: date
) -> None:
    ends = f"cast({aggregate.begins} + {aggregate.lasts} as date)"
    database.execute(
        f"""
        create or replace temp table newly_kept as
        with closed as (
            select *, {ends} as period_end from marts.{identifier(name)}
            where {ends} <= ?
        )
        select closed.*, cast(null as bigint) as authors_count from closed
        where exists (
            select 1 from leaving_days
            where leaving_date >= closed.{aggregate.begins} and leaving_date < closed.period_end
        )
        """,
        [today],
    )
    path = path_of(data, name)
    if path.exists():
        keys = " and ".join(f"newly_kept.{key} = old.{key}" for key in aggregate.keys)
        database.execute(
            f"delete from newly_kept using read_parquet({literal(str(path))}) as old where {keys}"
        )
    if exists(database, "select 1 from newly_kept limit 1"):
        if aggregate.counts_people:
            _count_authors(database, aggregate)
        _write(database, path, "select * from newly_kept", with_old=path.exists())
    database.execute("drop table newly_kept")


def _count_authors(database: DuckDBPyConnection, aggregate: Aggregate) -> None:
    """How many people other than the organisation's own accounts are behind each row."""
    database.execute(
        f"""
        update newly_kept set authors_count = counted.authors_count
        from (
            select
                spans.organisation, spans.platform, spans.begins, spans.period_end,
                count(distinct posts.speaker_number) as authors_count
            from (
                select distinct organisation, platform, {aggregate.begins} as begins, period_end
                from newly_kept
            ) as spans
            left join intermediate.int_roles as roles
                on roles.organisation = spans.organisation
                and (roles.platform = spans.platform or spans.platform = 'all')
                and roles.posted_date >= spans.begins and roles.posted_date < spans.period_end
                and roles.role <> 'outbound'
            left join intermediate.int_posts as posts on posts.post_number = roles.post_number
            group by all
        ) as counted
        where newly_kept.organisation = counted.organisation
            and newly_kept.platform = counted.platform
            and newly_kept.{aggregate.begins} = counted.begins
            and newly_kept.period_end = counted.period_end
        """
    )


def _write(database: DuckDBPyConnection, path: Path, rows: str, *, with_old: bool) -> None:
    """A new file in place of the old one, whole or not at all."""
    path.parent.mkdir(exist_ok=True, mode=0o700)
    temporary = path.with_suffix(".tmp")
    old = f"select * from read_parquet({literal(str(path))}) union all by name " * with_old
    database.execute(f"copy ({old}{rows}) to {literal(str(temporary))} (format parquet)")
    temporary.chmod(0o600)
    settle(temporary, path)


def path_of(data: Path, name: str) -> Path:
    """Where the kept rows of a mart stand."""
    return data / FOLDER / f"{name}.parquet"


def thin(database: DuckDBPyConnection, data: Path, before: date, minimum: int) -> int:
    """Remove rows that ended before a day and tell of fewer than ``minimum`` people; how many."""
    removed = 0
    for name in AGGREGATES:
        path = path_of(data, name)
        if not path.exists():
            continue
        old = f"period_end < {literal(before.isoformat())}::date"
        few = f"{old} and authors_count between 1 and {minimum - 1}"
        source = f"read_parquet({literal(str(path))})"
        found = first(database, f"select count(*) from {source} where {few}")
        if found and found[0]:
            removed += int(found[0])
            rest = f"select * from {source} where ({few}) is not true"
            _write(database, path, rest, with_old=False)
    return removed


def publish_kept(database: DuckDBPyConnection, data: Path) -> None:
    """Put the kept rows in place of what was computed, in the attached file ``publication``."""
    for name, aggregate in AGGREGATES.items():
        path = path_of(data, name)
        if not path.exists() or not has_mart(database, name):
            continue
        source = f"read_parquet({literal(str(path))})"
        copy = f"publication.marts.{identifier(name)}"
        keys = " and ".join(f"fresh.{key} = kept.{key}" for key in aggregate.keys)
        database.execute(f"delete from {copy} as fresh using {source} as kept where {keys}")
        columns = ", ".join(map(identifier, _shared_columns(database, name, source)))
        database.execute(f"insert into {copy} by name select {columns} from {source}")
        if name == "scorecard":
            _compare_with_kept(database, copy, source)


def _shared_columns(database: DuckDBPyConnection, name: str, source: str) -> list[str]:
    """Columns the mart has today as well as when its rows were kept."""
    kept = {column for column, *_ in database.execute(f"describe from {source}").fetchall()}
    rows = database.execute(f"describe marts.{identifier(name)}").fetchall()
    return [column for column, *_ in rows if column in kept]


def _compare_with_kept(database: DuckDBPyConnection, copy: str, source: str) -> None:
    """A row whose period before was kept is compared with that; how sure that is is not known."""
    same = " and ".join(
        f"fresh.{key} = kept.{key}"
        for key in ("organisation", "platform", "period_grain", "measure")
    )
    database.execute(
        f"""
        update {copy} as fresh set
            previous_value = kept.value, change = fresh.value - kept.value,
            change_low = null, change_high = null, is_change = false
        from {source} as kept
        where {same} and kept.period_end = fresh.period_start
            and not exists (
                select 1 from {source} as itself
                where itself.organisation = fresh.organisation
                    and itself.platform = fresh.platform
                    and itself.period_grain = fresh.period_grain
                    and itself.period_start = fresh.period_start
                    and itself.measure = fresh.measure
            )
        """
    )
