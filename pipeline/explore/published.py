"""The published file, held open while pages are read, and the next night's in its place.

The file is opened read-only, without a way to other files, the network or extensions. What a page
filters by is copied into memory as ``held.posts`` (one row per organisation and post), and a few
seconds later, or when somebody searches, as ``held.worded``, the same rows with the words of the
post in small letters without accents. Words are taken apart only in posts that hold what is
searched for: to do so in all of a million posts takes seconds.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from duckdb import InterruptException

from pipeline.errors import WarehouseError
from pipeline.hardened import hold_hardened
from pipeline.query import records

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SECONDS: Final = 60.0
"""How long one question may take."""

MOST_WORDS: Final = 12

PATIENCE: Final = 3.0
"""Seconds for which the words of the posts stay behind, so that the first page has the machine."""

WORDED_AT_ONCE: Final = 50_000
"""Posts whose words are made ready before somebody who asks has the machine again."""

_POSTS: Final = """
    create table held.posts as
    select
        roles.organisation, posts.platform, posts.posted_at, posts.posted_date, roles.role,
        posts.purpose, roles.sentiment_about as sentiment,
        nullif(posts.language, 'und') as language, posts.rowid as place
    from published.marts.post_roles as roles
    inner join published.marts.posts as posts
        on roles.platform = posts.platform and roles.post_key = posts.post_key
"""
_WORDLESS: Final = "create table held.worded as select *, '' as words from held.posts limit 0"
_WORDED: Final = """
    insert into held.worded
    select
        held_posts.*, strip_accents(lower(concat_ws(' ', posts.title, posts.text))) as words
    from held.posts as held_posts
    inner join published.marts.posts as posts on held_posts.place = posts.rowid
    where
        held_posts.place between {first} and {last}
        and posts.rowid between {first} and {last}
"""
_PLACES: Final = "select coalesce(max(place), -1) as last from held.posts"
_WORDS: Final = r"""
    select distinct unnest(
        string_split(regexp_replace(strip_accents(lower($search)), '[^\pL\pN]+', ' ', 'g'), ' ')
    ) as word
    order by word
"""
_NEEDED: Final = """
    select count(*) = 2 as is_there from duckdb_columns()
    where database_name = 'published' and schema_name = 'marts' and (table_name, column_name) in (
        ('posts', 'purpose'), ('post_roles', 'sentiment_about')
    )
"""
_ORGANISATIONS: Final = """
    select organisation from published.marts.organisations order by role desc, organisation
"""
_PUBLICATION: Final = """
    select run_id, published_at, collected_through, timezone from published.marts.publication
"""
_ACCOUNTS: Final = """
    select distinct author_key, author_organisation as organisation from published.marts.posts
    where author_organisation is not null
"""
_SPAN: Final = "select min(posted_date) as first, max(posted_date) as last from held.posts"
_VALUES: Final = """
    select distinct platform, language from held.posts
    where platform is not null or language is not null
"""
_log = logging.getLogger(__name__)


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds: whose posts, from when to when, and what can be chosen in it.

    ``accounts`` are organisations by the pseudonyms of the accounts they speak through.
    """

    organisations: tuple[str, ...]
    platforms: tuple[str, ...]
    languages: tuple[str, ...]
    first: Any
    last: Any
    run_id: str | None
    published_at: Any
    timezone: str
    accounts: Mapping[str, str]


class Night:
    """One published file, open for questions.

    Raises:
        WarehouseError: it holds no organisation, or was made by an older version.
    """

    def __init__(self, path: Path) -> None:
        self._database = hold_hardened(path)
        self._is_worded = threading.Event()
        self._is_searched = threading.Event()
        self._is_closing = False
        self._asked = 0
        self._silence = threading.Condition()
        self._fault: Exception | None = None
        self._database.execute("create schema held")
        if not self.ask(_NEEDED)[0]["is_there"]:
            raise WarehouseError(
                "an older version of Luister published this file",
                where=str(path),
                todo="`luister build` and `luister run`, and it is published anew",
            )
        self._database.execute(_POSTS)
        self.about = self._about(path)
        self._words = threading.Thread(target=self._write_words, daemon=True)
        self._words.start()

    def ask(self, query: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The answer as one mapping a row.

        Raises:
            WarehouseError: it took longer than ``SECONDS``.
        """
        with self._cursor() as cursor:
            return records(cursor, query, values or {})

    def words(self, search: str) -> tuple[str, ...]:
        """The words searched for, folded as those of the posts are; waits until they are there.

        Raises:
            WarehouseError: the words of the posts could not be made ready.
        """
        found = [row["word"] for row in self.ask(_WORDS, {"search": search})] if search else []
        words = tuple(word for word in found if word)[:MOST_WORDS]
        if words:
            with self._silence:
                self._is_searched.set()
                self._silence.notify_all()
            self._is_worded.wait()
        if words and self._fault is not None:
            raise WarehouseError(f"the posts cannot be searched: {self._fault}") from self._fault
        return words

    def stream(
        self, query: str, values: Mapping[str, Any], rows: int = 2000
    ) -> Iterator[list[tuple[Any, ...]]]:
        """The answer in lists of rows, for what is too long to hold.

        Raises:
            WarehouseError: it took longer than ``SECONDS``.
        """
        with self._cursor() as cursor:
            cursor.execute(query, dict(values) or None)
            while found := cursor.fetchmany(rows):
                yield found

    def close(self) -> None:
        """Let the file go; a question that is still being answered goes on."""
        self._is_closing = True
        self._is_searched.set()
        self._words.join()
        self._database.close()

    @contextmanager
    def _cursor(self) -> Iterator[DuckDBPyConnection]:
        with self._silence:
            self._asked += 1
        with self._database.cursor() as cursor:
            timer = threading.Timer(SECONDS, cursor.interrupt)
            timer.daemon = True
            timer.start()
            try:
                yield cursor
            except InterruptException as error:
                raise WarehouseError(
                    f"the answer took longer than {SECONDS:.0f} seconds",
                    where="explore",
                    todo="choose fewer days, or less to search for",
                ) from error
            finally:
                timer.cancel()
                with self._silence:
                    self._asked -= 1
                    self._silence.notify_all()

    def _write_words(self) -> None:
        self._is_searched.wait(PATIENCE)
        try:
            with self._database.cursor() as cursor:
                cursor.execute(_WORDLESS)
                last = self.ask(_PLACES)[0]["last"]
                first = 0
                while first <= last and not self._is_closing:
                    self._give_way()
                    # who waits to search is served quickest by all the rest at once
                    is_waited_for = self._is_searched.is_set()
                    until = last if is_waited_for else first + WORDED_AT_ONCE - 1
                    cursor.execute(_WORDED.format(first=first, last=until))
                    first = until + 1
        except Exception as error:  # noqa: BLE001 - told to whoever searches, too
            _log.exception("the words of the posts cannot be made ready for searching")
            self._fault = error
        finally:
            self._is_worded.set()

    def _give_way(self) -> None:
        """Wait until nobody asks anything, a second at most; not when somebody waits to search."""
        with self._silence:
            self._silence.wait_for(
                lambda: not self._asked or self._is_searched.is_set(), timeout=1.0
            )

    def _about(self, path: Path) -> About:
        organisations = tuple(row["organisation"] for row in self.ask(_ORGANISATIONS))
        if not organisations:
            raise WarehouseError("the published file knows no organisation", where=str(path))
        values = self.ask(_VALUES)
        publication, span = self.ask(_PUBLICATION)[0], self.ask(_SPAN)[0]
        return About(
            organisations=organisations,
            platforms=tuple(sorted({row["platform"] for row in values})),
            languages=tuple(sorted({row["language"] for row in values if row["language"]})),
            first=span["first"],
            last=span["last"],
            run_id=publication["run_id"],
            published_at=publication["published_at"],
            timezone=publication["timezone"],
            accounts={row["author_key"]: row["organisation"] for row in self.ask(_ACCOUNTS)},
        )


class Published:
    """The newest night of a data folder.

    A night that is published while pages are read is made ready beside the one in use, and then
    takes its place; one that cannot be opened changes nothing.

    Raises:
        WarehouseError: nothing is published yet.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise WarehouseError(
                "nothing is published yet", where=str(path), todo="`luister run` first"
            )
        self._path = path
        self._mark = _mark(path)
        self._lock = threading.Lock()
        self._night = Night(path)

    def night(self) -> Night:
        """The night in use; looks whether a newer one was published."""
        with self._lock:
            mark = _mark(self._path)
            if mark is not None and mark != self._mark:
                self._mark = mark
                threading.Thread(target=self._renew, daemon=True).start()
            return self._night

    def close(self) -> None:
        """Let the file go."""
        self._night.close()

    def _renew(self) -> None:
        mark = self._mark
        try:
            fresh = Night(self._path)
        except Exception:  # noqa: BLE001 - told, and the next night is tried again
            _log.exception("the new night cannot be opened; the one before stays")
            return
        with self._lock:
            # the one before is let go when its last question is answered
            if mark == self._mark:
                self._night = fresh
                return
        fresh.close()


def _mark(path: Path) -> tuple[str, int, int] | None:
    """What tells one published file from another; None when there is none."""
    try:
        found = path.stat()
        return str(path.resolve()), found.st_ino, found.st_mtime_ns
    except OSError:
        return None
