"""Retention: nothing is kept longer than ``[privacy]`` says, in no file of the data folder.

A post lives ``pseudonym_days`` from when it was written, or, when it is older than Luister's first
look, from when it was first read. Its words live ``text_days``, what the platform sent
``payload_days``; both go before that when the post was not seen within the term in which its
platform wants deletions followed (``pipeline.overdue``). Numbers of closed periods are written
down before (``pipeline.kept``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline import kept, marks
from pipeline.began import began
from pipeline.config import Config
from pipeline.expired import from_landing
from pipeline.landing import Landing
from pipeline.overdue import TERM_DAYS, confirmed_since
from pipeline.people import forget_unheard
from pipeline.query import first, transaction
from pipeline.rewrite import fresh_copy, fresh_path, put_in_place
from pipeline.terms import Terms
from pipeline.threads import place_touched
from pipeline.warehouse import DATABASE_NAME, PUBLISHED_NAME, open_warehouse

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KEPT_TEXT: Final = "kept-"
"""How the text_key of a post begins whose words were removed and whose reading is kept."""

_SECONDS_A_DAY: Final = 86_400
_DAYS_A_MONTH: Final = 365.25 / 12
_OF_FILES: Final = (
    ("landing/*/set-aside/*", "payload_days"),
    ("landing/*/*.tmp", "payload_days"),
    ("luister.duckdb.damaged-*", "payload_days"),
    ("luister.duckdb.wal.damaged-*", "payload_days"),
    ("luister.duckdb.before-*", "payload_days"),
    ("recordings/**/*", "payload_days"),
    ("exports/**/*", "text_days"),
    ("reports/*", "text_days"),
    ("reports/weeks/*", "counts_months"),
    ("reports/quarters/*", "counts_months"),
    ("backups/**/*", "text_days"),
)
"""Files that hold posts besides the database and what has landed, and which term they have.

Reports of weeks and quarters quote nobody: they hold numbers, and stay as long as those.
"""
_QUOTING: Final = "reports/*"


_HAS_HAD_ITS_TIME: Final = """
    case when created_at >= $began then created_at else first_seen_at end < $before
"""


def retain(config: Config, now: datetime, build: Callable[[], None]) -> Mapping[str, int]:
    """Remove what has had its time; returns how much of each kind.

    What is deleted from the database leaves its bytes with ``renew``, after the models were built.
    Killed at any moment and run again, it goes on where it stopped.

    Args:
        config: its ``[privacy]`` says how long, its data folder where.
        now: the moment from which is counted back.
        build: builds the models, where numbers must be kept and there are none.
    """
    data = config.data
    terms = terms_of(config, now)
    days = _leaving_days(config, terms)
    if days:
        _keep_numbers(config, terms, days, build)
    removed = _from_database(data, terms)
    removed["landing files"] = from_landing(data, terms)
    removed["other files"] = _from_files(config, now)
    with open_warehouse(data) as warehouse:
        removed["numbers"] = kept.thin(
            warehouse.database,
            data,
            (now - timedelta(days=round(config.privacy.counts_months * _DAYS_A_MONTH))).date(),
            config.privacy.minimum_authors,
        )
        _note(warehouse.database, config, now, removed)
    return removed


def terms_of(config: Config, now: datetime) -> Terms:
    """Before when each kind has had its time, counted from ``now``."""
    privacy = config.privacy
    return Terms(
        now=now,
        began=began(config, now),
        payload=now - timedelta(days=privacy.payload_days),
        text=now - timedelta(days=privacy.text_days),
        pseudonym=now - timedelta(days=privacy.pseudonym_days),
        confirmed=confirmed_since(now) if privacy.enforce_deletion_terms else {},
    )


def _leaving_days(config: Config, terms: Terms) -> list[date]:
    """Days of which posts have had their time, in the organisation's time zone."""
    with open_warehouse(config.data) as warehouse:
        rows = warehouse.database.execute(
            f"""
            select distinct timezone($zone, coalesce(created_at, first_seen_at))::date as day
            from raw.posts where {_HAS_HAD_ITS_TIME} order by day
            """,
            {"zone": config.timezone, **terms.values("pseudonym")},
        ).fetchall()
    return [day for (day,) in rows]


def _keep_numbers(
    config: Config, terms: Terms, days: list[date], build: Callable[[], None]
) -> None:
    with open_warehouse(config.data) as warehouse:
        is_built = kept.has_mart(warehouse.database, "scorecard")
    if not is_built:
        build()
    with open_warehouse(config.data) as warehouse:
        kept.keep(warehouse.database, config.data, days, terms.now.date())


def _from_database(data: Path, terms: Terms) -> dict[str, int]:
    """Delete rows; the note beside the database says that they are still in its bytes."""
    with open_warehouse(data) as warehouse:
        if not any(count_expired(warehouse.database, terms).values()):
            return {"payloads": 0, "texts": 0, "posts": 0}
        _note_of(data).touch(mode=0o600)
        removed = remove_expired(warehouse.database, terms)
        marks.settle(warehouse.database, data)
        return removed


def _note_of(data: Path) -> Path:
    return data / f"{DATABASE_NAME}.unclean"


def renew(data: Path) -> bool:
    """Write the database anew where deleted rows are still in its bytes; returns whether it did.

    To be called once the models are built: they remember texts too until then.
    """
    path, note = data / DATABASE_NAME, _note_of(data)
    fresh_path(path).unlink(missing_ok=True)
    if not note.exists():
        return False
    with open_warehouse(data) as warehouse:
        fresh_copy(warehouse.database, path, with_built=True)
    put_in_place(path)
    _forget_published(data)
    note.unlink()
    return True


def _forget_published(data: Path) -> None:
    """Files that were published before hold what was removed since; readers may finish theirs."""
    current = (data / PUBLISHED_NAME).resolve()
    for path in (data / "publish").glob("analytics-*.duckdb"):
        if current.exists() and path.resolve() != current:
            path.unlink()


_UNCONFIRMED: Final = """
    coalesce({seen} < $moments[list_position($platforms, {table}.platform)], false)
"""
_OVERDUE: Final = _UNCONFIRMED.format(table="posts", seen="last_seen_at")
_WORDED: Final = f"""
    ({_HAS_HAD_ITS_TIME} or {_OVERDUE}) and deleted_at is null and (
        text <> '' or coalesce(title, '') <> '' or url is not null
        or len(links) > 0 or len(tags) > 0
    )
"""
_OLD_PAYLOAD: Final = f"""
    observed_at < $before or {_UNCONFIRMED.format(table="payloads", seen="observed_at")}
"""
_QUARANTINED: Final = "run_id in (select run_id from ops.runs where started_at < $before)"


def count_expired(database: DuckDBPyConnection, terms: Terms) -> dict[str, int]:
    """How much of each kind has had its time."""
    payloads = {"before": terms.payload}
    asked = {
        "payloads": ("raw.payloads", _OLD_PAYLOAD, payloads | terms.unconfirmed()),
        "rejected": ("ops.quarantine", _QUARANTINED, payloads),
        "texts": ("raw.posts as posts", _WORDED, terms.values("text") | terms.unconfirmed()),
        "posts": ("raw.posts", _HAS_HAD_ITS_TIME, terms.values("pseudonym")),
    }
    found = {}
    for kind, (table, which, values) in asked.items():
        row = first(database, f"select count(*) from {table} where {which}", values)
        found[kind] = int(row[0]) if row else 0
    return found


def remove_expired(database: DuckDBPyConnection, terms: Terms) -> dict[str, int]:
    """Delete from the tables what has had its time; returns how much of each kind."""
    count = count_expired(database, terms)
    with transaction(database):
        before: dict[str, Any] = {"before": terms.payload}
        database.execute(
            f"delete from raw.payloads where {_OLD_PAYLOAD}", before | terms.unconfirmed()
        )
        database.execute(f"delete from ops.quarantine where {_QUARANTINED}", before)
        database.execute(
            f"delete from raw.posts where {_HAS_HAD_ITS_TIME}", terms.values("pseudonym")
        )
        _remove_words(database, terms)
        sweep(database)
    payloads = count["payloads"] + count["rejected"]
    return {"payloads": payloads, "texts": count["texts"], "posts": count["posts"]}


def _remove_words(database: DuckDBPyConnection, terms: Terms) -> None:
    """Remove the words of posts that stay, and keep what was read in them under another name."""
    _note_leaving_words(database, terms)
    for table in ("enriched.texts", "enriched.moods"):
        database.execute(
            f"""
            insert into {table} by name
            select readings.* replace (kept_key as text_key)
            from {table} as readings join leaving_words using (text_key)
            where not exists (
                select 1 from {table} as kept where kept.text_key = leaving_words.kept_key
            )
            """
        )
    database.execute(
        """
        update enriched.matched_posts as matched set text_key = kept_key from leaving_words
        where matched.platform = leaving_words.platform
            and matched.post_id = leaving_words.post_id
        """
    )
    database.execute(
        f"""
        delete from raw.post_versions as versions
        where {_UNCONFIRMED.format(table="versions", seen="observed_at")} or exists (
            select 1 from leaving_words
            where versions.platform = leaving_words.platform
                and versions.post_id = leaving_words.post_id
        )
        """,
        terms.unconfirmed(),
    )
    database.execute(
        """
        update raw.posts as posts set
            title = null, text = '', url = null, tags = [], links = [], text_key = kept_key,
            author_handle = case when author_id is null then author_handle end
        from leaving_words
        where posts.platform = leaving_words.platform and posts.post_id = leaving_words.post_id
        """
    )
    database.execute(
        f"""
        update raw.authors as authors set
            author_handle = null, author_name = null, author_url = null
        where last_seen_at < $before
            or {_UNCONFIRMED.format(table="authors", seen="last_seen_at")}
        """,
        {"before": terms.text} | terms.unconfirmed(),
    )
    database.execute("drop table temp.leaving_words")


def _note_leaving_words(database: DuckDBPyConnection, terms: Terms) -> None:
    """Posts whose words are to be removed, with what their text_key will be."""
    database.execute(
        f"""
        create or replace temp table leaving_words as
        select
            platform, post_id, text_key,
            '{KEPT_TEXT}' || md5(platform || chr(31) || post_id) as kept_key
        from raw.posts as posts where {_WORDED}
        """,
        terms.values("text") | terms.unconfirmed(),
    )


def sweep(database: DuckDBPyConnection) -> None:
    """Delete from every table what belongs to no post any more, whoever made the table.

    Posts that stood in a tree with one that is gone are placed again. Must run inside a
    transaction.
    """
    from pipeline.stories import forget_copies

    _note_orphans(database)
    forget_copies(database)
    for schema, table, columns in _tables(database):
        name = f"{schema}.{table}"
        if name != "raw.posts" and {"platform", "post_id"} <= columns:
            database.execute(
                f"""
                delete from {name} as old where not exists (
                    select 1 from raw.posts as posts
                    where posts.platform = old.platform and posts.post_id = old.post_id
                )
                """
            )
        elif schema == "enriched":
            for column in sorted(columns & {"text_key", "copy_key"}):
                database.execute(
                    f"delete from {name} where {column} not in (select text_key from raw.posts)"
                )
    forget_unheard(database)
    place_touched(database)
    database.execute("drop table temp.touched")


def _note_orphans(database: DuckDBPyConnection) -> None:
    """Posts that stay of trees in which a post is gone, into table ``touched``."""
    database.execute(
        """
        create or replace temp table touched as
        with torn as (
            select distinct platform, thread_id
            from raw.threads anti join raw.posts using (platform, post_id)
        )
        select platform, post_id
        from raw.threads semi join torn using (platform, thread_id)
        semi join raw.posts using (platform, post_id)
        """
    )


def _tables(database: DuckDBPyConnection) -> list[tuple[str, str, frozenset[str]]]:
    """Tables of what was read, with the names of their columns."""
    rows = database.execute(
        """
        select schema_name, table_name, list(column_name) from duckdb_columns()
        where schema_name in ('raw', 'enriched') and database_name = current_database()
        group by all order by all
        """
    ).fetchall()
    return [(schema, table, frozenset(columns)) for schema, table, columns in rows]


def _from_files(config: Config, now: datetime) -> int:
    """Remove files of posts whose last change is longer ago than their term; returns how many.

    The newest report stays until there is another.
    """
    newest = {path.resolve() for path in config.data.glob("reports/latest-*")}
    count = 0
    for paths, days in _with_terms(config):
        oldest = now.timestamp() - days * _SECONDS_A_DAY
        for path in paths:
            is_old = path.is_file() and not path.is_symlink() and path.stat().st_mtime < oldest
            if is_old and path.resolve() not in newest:
                path.unlink()
                count += 1
    return count


def _with_terms(config: Config) -> Iterator[tuple[Iterable[Path], float]]:
    """Files of posts, each kind with the days it is kept; also what landed half."""
    for pattern, term in _OF_FILES:
        yield config.data.glob(pattern), _days(config, pattern, term)
    yield Landing(config.data / "landing").halves(), config.privacy.payload_days


def _days(config: Config, pattern: str, term: str) -> float:
    """How long files of a kind are kept; those of a night quote posts as they were."""
    days = getattr(config.privacy, term) * (_DAYS_A_MONTH if term.endswith("months") else 1)
    if pattern != _QUOTING or not config.privacy.enforce_deletion_terms:
        return float(days)
    terms = [TERM_DAYS[each.platform] for each in config.source if each.platform in TERM_DAYS]
    return float(min([days, *terms]))


def _note(
    database: DuckDBPyConnection, config: Config, now: datetime, removed: Mapping[str, int]
) -> None:
    """Into the ledger, for the report: how long each kind is kept, and that it was enforced."""
    privacy = config.privacy
    rows = [
        ("payload", privacy.payload_days, removed["payloads"], now),
        ("text", privacy.text_days, removed["texts"], now),
        ("pseudonym", privacy.pseudonym_days, removed["posts"], now),
        ("counts", round(privacy.counts_months * _DAYS_A_MONTH), removed["numbers"], now),
    ]
    with transaction(database):
        database.execute("delete from ops.retention")
        database.executemany("insert into ops.retention values (?, ?, ?, ?)", rows)
