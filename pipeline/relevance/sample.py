"""How many matches are right? Posts picked at random, marked by the company's own people.

Precision = right / (right + wrong) over marked posts that are matched and counted now, with
Wilson's 95% interval (Wilson 1927). Marks are kept by post and organisation, so they outlive a new
query: what it matches no longer drops out of the sample, what it matches newly is not in it yet.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline import marks
from pipeline.errors import LuisterError
from pipeline.matching import Matcher, Named
from pipeline.query import records
from pipeline.relevance.tree import Query, written

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.learn_model import Labelled

RIGHT: Final = "right"
WRONG: Final = "wrong"
COLUMNS: Final = ("organisation", "platform", "post_id", "alias", "url", "text", "mark")
_Z: Final = 1.959963984540054
_ANSWERS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("y", "yes", "j", "ja", "1", "true", "waar", RIGHT, "goed"), RIGHT),
    **dict.fromkeys(("n", "no", "nee", "0", "false", "onwaar", WRONG, "fout"), WRONG),
}
_SKIPPED: Final = frozenset({"", "s", "skip", "?"})
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
_COUNTED: Final = """
    select matches.platform, matches.post_id, matches.organisation, matches.alias
    from enriched.matches as matches
    join raw.posts as posts using (platform, post_id)
    left join enriched.relevance as relevance using (platform, post_id, organisation)
    where posts.deleted_at is null
        and posts.kind <> 'repost'
        and relevance.is_relevant is not false
        and not exists (
            from enriched.matches as own
            where own.platform = matches.platform and own.post_id = matches.post_id
                and own.organisation = matches.organisation and own.alias_kind = 'account'
        )
"""
"""Matches that count as somebody else's mention in words of its own."""


class Sampled(NamedTuple):
    """A matched post to mark."""

    organisation: str
    platform: str
    post_id: str
    alias: str
    url: str
    text: str


class Mark(NamedTuple):
    """What somebody said of a match: right or wrong."""

    organisation: str
    platform: str
    post_id: str
    mark: str


class Precision(NamedTuple):
    """How many of the marked matches are right; ``alias`` is ``all`` for the sum."""

    organisation: str
    alias: str
    right: int
    marked: int

    @property
    def share(self) -> float | None:
        """Right of marked (0-1); None when nothing was marked."""
        return self.right / self.marked if self.marked else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95% interval."""
        return wilson(self.right, self.marked)


def wilson(right: int, marked: int) -> tuple[float, float]:
    """Bounds of a proportion at 95% (Wilson 1927); 0 to 1 when nothing was counted."""
    if not marked:
        return 0.0, 1.0
    share = right / marked
    middle = share + _Z**2 / (2 * marked)
    half = _Z * math.sqrt(share * (1 - share) / marked + _Z**2 / (4 * marked**2))
    low, high = ((middle + sign * half) / (1 + _Z**2 / marked) for sign in (-1, 1))
    return max(0.0, low), min(1.0, high)


def draw(database: DuckDBPyConnection, organisation: str, count: int, seed: str) -> list[Sampled]:
    """Matches of an organisation that nobody has marked, each as likely as any other.

    Args:
        database: the private database.
        organisation: whose matches.
        count: how many at most.
        seed: the same seed picks the same posts, as long as none comes or goes.
    """
    rows = records(
        database,
        f"""
        select
            counted.organisation, counted.platform, counted.post_id,
            string_agg(distinct counted.alias, ', ' order by counted.alias) as alias,
            any_value(posts.url) as url,
            any_value(case when coalesce(posts.title, '') = '' then posts.text
                else posts.title || chr(10) || posts.text end) as text
        from ({_COUNTED}) as counted
        join raw.posts as posts using (platform, post_id)
        anti join enriched.samples as known using (organisation, platform, post_id)
        where counted.organisation = $organisation
        group by counted.organisation, counted.platform, counted.post_id
        order by md5(counted.platform || chr(10) || counted.post_id || $seed)
        limit $count
        """,
        {"organisation": organisation, "seed": seed, "count": count},
    )
    return [Sampled(**row | {"url": row["url"] or ""}) for row in rows]


def try_out(database: DuckDBPyConnection, query: Query) -> int:
    """Match everything known with a query that is not configured, for this connection alone.

    Its matches stand under the query as it is written, so that ``draw`` and ``precision`` know
    them; returns how many posts it matches. To be called within a transaction that is rolled back.
    """
    from pipeline import known

    name = written(query)
    matcher = Matcher([Named(name=name, query=query)])
    found: set[tuple[str, str]] = set()
    for batch in known.unmatched_posts(database, f"trial {name}"):
        matches = matcher.match(batch)
        database.register("trial", matches)
        database.execute(
            "insert into enriched.matches by name select *, '' as matcher_version from trial"
        )
        database.unregister("trial")
        keys = zip(
            *(matches.column(each).to_pylist() for each in ("platform", "post_id")), strict=True
        )
        found.update(keys)
    return len(found)


def store(database: DuckDBPyConnection, data: Path, given: Iterable[Mark], now: datetime) -> int:
    """Keep marks in place of earlier ones; they outlive the database. Returns how many."""
    rows = [{**each._asdict(), "marked_at": now} for each in given]
    marks.write(database, data, marks.SAMPLES, rows)
    return len(rows)


def precision(database: DuckDBPyConnection, organisation: str) -> list[Precision]:
    """Precision of an organisation's matches and of each alias, the most marked first."""
    rows = records(
        database,
        f"""
        with
        counted as ({_COUNTED}),
        marked as (
            select counted.alias, counted.platform, counted.post_id, samples.mark
            from counted join enriched.samples as samples using (organisation, platform, post_id)
            where organisation = $organisation
        ),
        each_way as (
            select alias, platform, post_id, mark from marked
            union
            select 'all' as alias, platform, post_id, mark from marked
        )
        select
            alias, count(*) filter (mark = '{RIGHT}')::integer as right_count,
            count(*)::integer as marked_count
        from each_way
        group by alias
        order by alias <> 'all', marked_count desc, alias
        """,
        {"organisation": organisation},
    )
    return [
        Precision(organisation, row["alias"], row["right_count"], row["marked_count"])
        for row in rows
    ]


def labelled(database: DuckDBPyConnection, organisation: str) -> list[Labelled]:
    """Marked texts with the labels that `luister learn relevance` learns."""
    from pipeline.learn_model import Labelled
    from pipeline.learn_tasks import languages_of

    rows = records(
        database,
        f"""
        select
            any_value(case when coalesce(posts.title, '') = '' then posts.text
                else posts.title || chr(10) || posts.text end) as text,
            case when max(samples.mark) = '{RIGHT}' then 'company' else 'other' end as label
        from enriched.samples as samples join raw.posts as posts using (platform, post_id)
        where organisation = $organisation and posts.deleted_at is null and posts.text <> ''
        group by posts.text_key
        having count(distinct samples.mark) = 1
        order by posts.text_key
        """,
        {"organisation": organisation},
    )
    languages = languages_of([row["text"] for row in rows])
    return [
        Labelled(row["text"], row["label"], language)
        for row, language in zip(rows, languages, strict=True)
    ]


def answer(said: str) -> str | None:
    """``right``, ``wrong``, empty for skipped, or None for what is no answer."""
    plain = said.strip().lower()
    return "" if plain in _SKIPPED else _ANSWERS.get(plain)


def as_csv(samples: Sequence[Sampled]) -> str:
    """A table to mark in a spreadsheet: write y or n in the last column."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([*map(_harmless, each), ""] for each in samples)
    return out.getvalue()


def from_csv(path: Path) -> list[Mark]:
    """The marks of a table that ``as_csv`` wrote, as a spreadsheet gives it back.

    Raises:
        LuisterError: no such file or columns, or a mark that is neither yes nor no.
    """
    csv.field_size_limit(10_000_000)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise LuisterError(
            f"cannot be read: {why}", where=str(path), todo="save it as CSV in UTF-8"
        ) from error
    head = text.partition("\n")[0]
    rows = csv.DictReader(
        StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ","
    )
    missing = {"organisation", "platform", "post_id", "mark"} - set(rows.fieldnames or ())
    if missing:
        raise LuisterError(
            f"has no column {', '.join(sorted(missing))}", where=str(path),
            todo="keep the columns that `luister sample --format csv` wrote",
        )  # fmt: skip
    return list(_marks(rows, path))


def _marks(rows: csv.DictReader[str], path: Path) -> Iterator[Mark]:
    for row in rows:
        said = answer(row["mark"] or "")
        if said is None:
            raise LuisterError(
                f"{row['mark'][:40]!r} is neither yes nor no",
                where=f"{path}, line {rows.line_num}",
                todo="write y, n, or nothing",
            )
        if said:
            name, platform, post_id = (
                _as_it_was(row[column]) for column in ("organisation", "platform", "post_id")
            )
            yield Mark(name, platform, post_id, said)


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell


def _as_it_was(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY) else cell
