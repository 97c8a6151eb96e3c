"""What live listening remembers: posts that are known, places that are safe, what just came."""

from __future__ import annotations

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import LandingError
from pipeline.files import settle
from pipeline.landing import safe_name
from pipeline.live_stream import Gone
from pipeline.post import Post

MOST_NAMES: Final = 500_000
MOST_RECENT: Final = 20_000
_COLUMNS: Final = ("platform", "post_id", "aliases")
_log = logging.getLogger(__name__)


class Names:
    """Which posts of a platform are known here, so that a deletion of one of them is heeded.

    Streams tell of all deletions there are. Read from what has landed, the newest first and at
    most ``most`` of them: deletions of older posts come with the nightly ``refresh``.
    """

    def __init__(self, platform: str, most: int = MOST_NAMES) -> None:
        self._platform = platform
        self._most = most
        self._names: dict[str, str] = {}
        self._authors: set[str] = set()
        self._read: set[str] = set()

    def add(self, post_id: str, aliases: tuple[str, ...] | list[str]) -> None:
        """A post is known; the oldest are forgotten when there are too many."""
        for name in (post_id, *aliases):
            self._names.pop(name, None)
            self._names[name] = post_id
        while len(self._names) > self._most:
            del self._names[next(iter(self._names))]
        self._authors.add(_authority(post_id))
        if len(self._authors) > 2 * self._most:
            self._authors = {_authority(each) for each in self._names.values()}

    def __contains__(self, post_id: str) -> bool:
        return post_id in self._names

    def forget(self, post: Post) -> None:
        """A post that may not be kept is not known."""
        for name in (post.post_id, *post.aliases):
            self._names.pop(name, None)

    def of(self, gone: Gone) -> list[str]:
        """The known posts a deletion means."""
        if gone.name is not None:
            return [self._names[gone.name]] if gone.name in self._names else []
        if gone.author_id not in self._authors:
            return []
        place = f"/{gone.author_id}/"
        return [name for name, post_id in self._names.items() if name == post_id and place in name]

    def look(self, landing: Path) -> None:
        """Learn the names in landing files that were not looked at yet."""
        fresh = [each for each in landing.glob("*/*.json") if str(each) not in self._read]
        fresh.sort(key=lambda path: path.stem, reverse=True)
        found: list[tuple[str, list[str]]] = []
        for path in fresh:
            self._read.add(str(path))
            if len(found) < self._most:
                found += self._names_in(path.with_suffix(".parquet"))
        for post_id, aliases in reversed(found):
            self.add(post_id, aliases)

    def _names_in(self, path: Path) -> Iterator[tuple[str, list[str]]]:
        """Names in one file; what cannot be read is the night's to tell of."""
        try:
            table = pq.read_table(path, columns=list(_COLUMNS))
        except (OSError, pa.ArrowException):
            return
        for row in zip(*(table.column(name).to_pylist() for name in _COLUMNS), strict=True):
            if row[0] == self._platform:
                yield row[1], row[2]


def _authority(post_id: str) -> str:
    """Whose a post is by its name, where names are addresses: ``at://AUTHORITY/…``."""
    return post_id.split("/", 3)[2] if post_id.count("/") > 2 else ""


class Recent:
    """What came lately: streams overlap, and the same post comes by several of them."""

    def __init__(self, most: int = MOST_RECENT) -> None:
        self._most = most
        self._seen: OrderedDict[bytes, None] = OrderedDict()

    def is_repeat(self, post: Post) -> bool:
        """Whether this very thing came before; from now on it has."""
        told = f"{post.post_id}\n{post.deleted_at is not None}\n{post.payload}"
        key = hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest()[:16]
        if key in self._seen:
            self._seen.move_to_end(key)
            return True
        self._seen[key] = None
        if len(self._seen) > self._most:
            self._seen.popitem(last=False)
        return False


class Places:
    """How far each stream of a source has been heard and landed, in a file beside the data."""

    def __init__(self, folder: Path, source: str) -> None:
        self.path = folder / f"{safe_name(source)}.json"

    def read(self) -> dict[str, int]:
        """The places; none before the first landing, or when the file is damaged."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=dict[str, int])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            _log.warning("%s cannot be read, so listening begins anew: %s", self.path, error)
            return {}

    def write(self, places: Mapping[str, int]) -> None:
        """Keep the places, as a whole or not at all.

        Raises:
            LandingError: the disk is full, or the folder cannot be written.
        """
        draft = self.path.with_suffix(".tmp")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft.write_bytes(msgspec.json.encode(places, order="sorted"))
            settle(draft, self.path)
        except OSError as error:
            raise LandingError(f"cannot be written: {error}", where=str(self.path)) from error


def tombstone(platform: str, post_id: str, gone: Gone) -> Post:
    """What a deletion tells: the name, and when."""
    told: dict[str, Any] = {"observed_at": gone.at, "deleted_at": gone.at}
    return Post(platform=platform, post_id=post_id, kind="post", payload="null", **told)
