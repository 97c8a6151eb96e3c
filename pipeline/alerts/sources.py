"""Sources to look at: fallen silent, refused, or out of reach for several nights."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline.query import records
from pipeline.secret_names import SecretNames, of_kept
from pipeline.warehouse import read_warehouse

NEED_ACCESS: Final = frozenset(
    {
        "SourceRefused",
        "SourceUntrusted",
        "SourceGone",
        "PartGone",
        "AccountGone",
        "SecretError",
        "ConfigError",
    }
)
NIGHTS_IN_A_ROW: Final = 3
"""A source that cannot be reached is told after so many nights; one night may cure itself."""

Ask = Callable[[str], list[dict[str, Any]]]


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """A source to look at: ``fell_silent``, ``needs_access`` or ``unreachable``.

    ``error_code`` is the kind of error it ended with, ``nights`` counts the last nights in a row
    that it did not complete, ``secrets`` names the variables it was asked with.
    """

    source: str
    trouble: str
    error_code: str | None
    new_posts: int
    usual_posts: float | None
    nights: int
    secrets: SecretNames = SecretNames()


_INCIDENTS: Final = """
    select
        source,
        incident,
        error_code,
        secrets_used,
        secrets_missing,
        new_posts_count,
        usual_posts
    from marts.incidents
    order by source, incident
"""

_FAILING: Final = """
    -- grain: one row per source that did not complete last: how many nights in a row
    with
    ordered as (
        select
            source,
            run_id,
            status,
            row_number() over (partition by source order by run_id desc) as place
        from ops.collections
        where status <> 'unasked'
    ),
    completed as (
        select source, min(place) as place from ordered where status = 'complete' group by source
    )
    select ordered.source, count(*) as nights
    from ordered
    left join completed on ordered.source = completed.source
    where ordered.place < coalesce(completed.place, ordered.place + 1)
    group by ordered.source
"""


def find_trouble(data: Path, ask: Ask) -> Iterator[Trouble]:
    """What the last night makes somebody look at, by source."""
    nights = _nights_failing(data)
    for row in ask(_INCIDENTS):
        found = _trouble(row, nights.get(row["source"], 0))
        if found is not None:
            yield found


def _nights_failing(data: Path) -> dict[str, int]:
    with read_warehouse(data) as warehouse:
        rows = records(warehouse.database, _FAILING) if warehouse is not None else []
    return {row["source"]: int(row["nights"]) for row in rows}


def _trouble(row: Mapping[str, Any], nights: int) -> Trouble | None:
    if row["incident"] == "fell_silent":
        kind = "fell_silent"
    elif row["error_code"] in NEED_ACCESS:
        kind = "needs_access"
    elif nights >= NIGHTS_IN_A_ROW:
        kind = "unreachable"
    else:
        return None
    return Trouble(
        source=row["source"],
        trouble=kind,
        error_code=row["error_code"],
        new_posts=int(row["new_posts_count"] or 0),
        usual_posts=row["usual_posts"],
        nights=nights,
        secrets=of_kept(row["secrets_used"], row["secrets_missing"]),
    )
