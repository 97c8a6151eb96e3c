"""The warehouse: the private database of the night, opened here alone."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

import duckdb
import pyarrow as pa

from pipeline import configure, export, known, ledger, marks
from pipeline.budget import Spending
from pipeline.damage import explain, first_line, is_damage, is_held, shows_damage, told_full
from pipeline.errors import LandingError, ModelError, WarehouseError
from pipeline.hardened import open_hardened
from pipeline.landing import Landing, LandingFile
from pipeline.load import Loaded, load_files, together
from pipeline.lock import nightly_lock
from pipeline.migrate import is_made, migrate
from pipeline.post import Post
from pipeline.privacy import open_key
from pipeline.query import exists
from pipeline.room import is_full
from pipeline.spill import clear_spill, drop_spill
from pipeline.stranger import refuse_stranger

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.http import Validator

__all__ = [
    "Warehouse",
    "canonical_export",
    "nightly_lock",
    "open_warehouse",
    "read_status",
    "read_warehouse",
    "setting_damage_aside",
]

DATABASE_NAME: Final = "luister.duckdb"
PUBLISHED_NAME: Final = "analytics.duckdb"
WAIT_SECONDS: Final = 60.0
_PAUSE_SECONDS: Final = 0.25
_LIMITS: Final = {
    "memory_limit": "1GB",
    "preserve_insertion_order": "false",
    # Two threads leave row groups half full; closing them up would write every new row twice, and
    # move rows that somebody reads by where they stand.
    "max_vacuum_tasks": "0",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}
_log = logging.getLogger(__name__)


class Warehouse:
    """An open private database; close it with ``with`` or ``close``."""

    def __init__(self, data: Path, database: duckdb.DuckDBPyConnection) -> None:
        self.data = data
        self.database = database
        self._key: bytes | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if isinstance(error, duckdb.Error):
            path = self.data / DATABASE_NAME
            if is_damage(error):
                _set_aside(path, error)
            raise explain(error, path) from error

    def close(self) -> None:
        """Write everything into the file and let it go."""
        self.database.close()
        drop_spill(self.data / DATABASE_NAME)

    def load(self, file: LandingFile) -> Loaded:
        """Load one landing file in one transaction; a file that was loaded changes nothing.

        Raises:
            LandingError: it was damaged while it was read, and is set aside; nothing was loaded.
        """
        try:
            (loaded,) = load_files(self.database, [file], key=self._pseudonym_key())
        except (duckdb.Error, LandingError) as error:
            if Landing(self.data / "landing").set_aside_if_changed(file):
                raise LandingError(
                    f"damaged while it was read: {first_line(error)}",
                    where=str(file.path),
                    todo="nothing: it is set aside, and the next night asks for its posts again",
                ) from error
            raise
        return loaded

    def load_landed(self, files: Sequence[LandingFile] | None = None) -> int:
        """Load what has landed and was not loaded; a file that is damaged costs no other.

        Args:
            files: what has landed, where it was listed already: listing reads every byte.

        Returns how many files were loaded.
        """
        landed = Landing(self.data / "landing").files() if files is None else files
        before = self.loaded_files()
        waiting = [each for each in landed if each.digest not in before]
        return sum(map(self._load_group, together(waiting)))

    def _load_group(self, files: Sequence[LandingFile]) -> int:
        """Load small files at once; where one of them is damaged, each by itself."""
        if len(files) > 1:
            try:
                return len(load_files(self.database, files, key=self._pseudonym_key()))
            except (duckdb.Error, LandingError) as error:
                _log.info("files are loaded one by one: %s", error)
        return sum(map(self._load_whole, files))

    def _load_whole(self, file: LandingFile) -> int:
        try:
            self.load(file)
        except LandingError as error:
            if file.path.exists():
                raise
            _log.warning("%s", error)
            return 0
        return 1

    def loaded_files(self) -> frozenset[str]:
        """Digests of the landing files that were loaded."""
        rows = self.database.execute("select file_digest from ops.landings").fetchall()
        return frozenset(digest for (digest,) in rows)

    def _pseudonym_key(self) -> bytes:
        if self._key is None:
            is_used = exists(self.database, "select 1 from raw.authors limit 1")
            self._key = open_key(self.data / "keys", may_create=not is_used)
        return self._key

    def write_configuration(self, config: Config) -> None:
        """Tell the models what luister.toml says."""
        configure.write_configuration(self.database, configure.configuration_rows(config))

    def is_begun(self) -> bool:
        """Whether a night was ever begun: the models need what it writes down."""
        return exists(self.database, "select 1 from conf.settings")

    def progress(self, source: str) -> datetime | None:
        """The instant up to which a source has looked; None before its first complete run."""
        return known.progress(self.database, source)

    def verb_progress(self, source: str) -> dict[str, datetime]:
        """The instant up to which each verb of a source was asked, of those that ever were."""
        return known.verb_progress(self.database, source)

    def asked_names(self, source: str) -> dict[str, frozenset[str]]:
        """The digests by verb of what a source was asked for when it was last heard to its end."""
        return known.asked_names(self.database, source)

    def was_asked(self, source: str) -> bool:
        """Whether a source was ever listened to, as far as was noted."""
        return known.was_asked(self.database, source)

    def validators(self, source: str) -> dict[str, Validator]:
        """Validators of conditional requests by address."""
        return known.validators(self.database, source)

    def spending_by_platform(self, now: datetime) -> dict[str, Spending]:
        """What sources of each platform have taken in the day and the month before ``now``."""
        return ledger.spending_by_platform(self.database, now)

    def last_collection(self, source: str) -> tuple[int, int] | None:
        """Requests made and posts read when a source was last collected."""
        return ledger.last_collection(self.database, source)

    def posts_to_thread(self, source: str, since: datetime) -> list[Post]:
        """Posts that concern an organisation and whose thread is not complete."""
        return known.posts_to_thread(self.database, source, since)

    def posts_cut_off(self, source: str) -> list[Post]:
        """Posts that concern nobody and whose thread broke off."""
        return known.posts_cut_off(self.database, source)

    def posts_to_refresh(
        self, source: str, since: datetime, most: int = known.MOST_POSTS
    ) -> list[Post]:
        """Posts that are there as far as known, longest unseen first."""
        return known.posts_to_refresh(self.database, source, since, most)

    def unread_texts(self, version: str) -> Iterator[pa.Table]:
        """Texts this version of the enricher has not read: text_key, text, language."""
        return known.unread_texts(self.database, version)

    def write_texts(self, readings: pa.Table, version: str, *, are_new: bool = False) -> None:
        """Keep what the enricher read: columns of enriched.texts without its version."""
        ledger.write_texts(self.database, readings, version, are_new=are_new)

    def unmatched_posts(self, version: str) -> Iterator[pa.Table]:
        """Posts whose present text this version of the matcher has not seen."""
        return known.unmatched_posts(self.database, version)

    def write_matches(
        self,
        posts: pa.Table,
        matches: pa.Table,
        version: str,
        judgements: pa.Table | None = None,
    ) -> None:
        """Keep whom these posts name, in place of what was known of them."""
        ledger.write_matches(self.database, posts, matches, version, judgements)

    def begin_run(self, run_id: str, started_at: datetime, version: str) -> None:
        """Open a run in the ledger; refused when a newer one has begun."""
        ledger.begin_run(self.database, run_id, started_at, version)

    def finish_run(self, run_id: str, status: str) -> None:
        """Close a run: ``completed``, ``completed with failures`` or ``failed``."""
        ledger.finish_run(self.database, run_id, status, datetime.now(UTC))

    def failures(self, run_id: str) -> list[str]:
        """One sentence for each source that did not complete in this run."""
        return [str(each) for each in ledger.failing(self.database, run_id)]

    def run_counts(self, run_id: str) -> tuple[int, int]:
        """Posts read in this run, and how many of them were new."""
        return ledger.run_counts(self.database, run_id)

    def publish(self, run_id: str, now: datetime) -> Path:
        """Publish schema ``marts`` for analysts; returns the file."""
        # what is looked for in texts is made ready here, and not before the first source is asked
        from pipeline.publish import publish

        return publish(self.database, self.data, run_id, now, check=_check_published)


def open_warehouse(data: Path, *, wait_seconds: float = WAIT_SECONDS) -> Warehouse:
    """Open the private database of a data folder, made or brought up to date where needed.

    A damaged database is set aside, never deleted, and built again from the landing files.

    Raises:
        WarehouseError: another process holds it (names the process), or it cannot be opened.
    """
    try:
        return _open(data, wait_seconds)
    except WarehouseError as error:
        if isinstance(error.__cause__, duckdb.Error) and is_damage(error.__cause__):
            return _open(data, wait_seconds)
        raise


def _open(data: Path, wait_seconds: float) -> Warehouse:
    """Open once; damage that shows on the way is set aside before the error is raised."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = data / DATABASE_NAME
    refuse_stranger(path)
    database, is_mended = _connect_or_set_aside(path, wait_seconds)
    path.chmod(0o600)
    with ExitStack() as unless_all_is_well:
        warehouse = unless_all_is_well.enter_context(Warehouse(data, database))
        if migrate(database, path) or is_mended:
            _load_again(warehouse)
        unless_all_is_well.pop_all()
    return warehouse


def canonical_export(warehouse: Warehouse) -> bytes:
    """What the warehouse knows, without by which run and when: equal for equal knowledge."""
    return export.canonical_export(warehouse.database)


def _load_again(warehouse: Warehouse) -> None:
    """A database that was just made, or lost something, is given all that has landed and marks."""
    files = warehouse.load_landed()
    marks.restore(warehouse.database, warehouse.data)
    if files:
        _log.warning("the database is built again from %d landing files", files)


def _connect_or_set_aside(
    path: Path, wait_seconds: float
) -> tuple[duckdb.DuckDBPyConnection, bool]:
    """The connection, and whether something damaged had to be set aside for it."""
    log = path.with_name(f"{path.name}.wal")
    is_mended = False
    for part in (log, path, None):
        try:
            return _connect(path, wait_seconds), is_mended
        except duckdb.Error as error:
            if part is None or not is_damage(error):
                raise explain(error, path) from error
            if part.exists():
                _set_aside(part, error)
                is_mended = True
    raise AssertionError("the last attempt returns or raises")


@contextmanager
def setting_damage_aside(data: Path) -> Iterator[None]:
    """Set the database aside when the models, which open it themselves, find it damaged.

    Raises:
        WarehouseBusy: they found no room on the disk.
        WarehouseError: they did; the next night builds it again.
    """
    try:
        yield
    except ModelError as error:
        path = data / DATABASE_NAME
        if is_full(error):
            raise told_full(error, path) from error
        if not shows_damage(error.what):
            raise
        _set_aside(path, error)
        raise WarehouseError(
            f"the database is damaged: {error.what}",
            where=str(path),
            todo="run again: it is kept aside and built again from what has landed",
        ) from error


def _set_aside(path: Path, error: Exception) -> None:
    aside = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    path.replace(aside)
    _log.warning("%s is damaged (%s): it is kept as %s", path, first_line(error), aside.name)


def _connect(path: Path, wait_seconds: float) -> duckdb.DuckDBPyConnection:
    """Open the database, waiting for another process to let it go."""
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            database = duckdb.connect(str(path), config=dict(_LIMITS))
        except duckdb.IOException as error:
            if not is_held(error) or time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            clear_spill(path)
            database.execute("set timezone = 'UTC'")
            database.execute("set enable_progress_bar = false")
            return database


def _check_published(path: Path) -> None:
    with open_hardened(path) as database:
        database.execute("select * from marts.publication").fetchall()


def read_status(data: Path) -> Mapping[str, Any]:
    """The last run and how far each source has looked; changes nothing.

    Raises:
        WarehouseError: a night is at work on it now.
    """
    with read_warehouse(data) as warehouse:
        if warehouse is None:
            return {"last_run": None, "sources": [], "moves": [], "spending": {}}
        return {
            **ledger.status(warehouse.database),
            "spending": ledger.spending_by_platform(warehouse.database, datetime.now(UTC)),
        }


@contextmanager
def read_warehouse(data: Path) -> Iterator[Warehouse | None]:
    """The private database to look into, changing nothing; None before the first night.

    Raises:
        WarehouseError: a night is at work on it now, or a newer Luister or another program has
            made it.
    """
    path = data / DATABASE_NAME
    refuse_stranger(path)
    if not path.exists():
        yield None
        return
    try:
        with duckdb.connect(str(path), read_only=True) as database:
            yield Warehouse(data, database) if is_made(database, path) else None
    except duckdb.Error as error:
        raise explain(error, path) from error
