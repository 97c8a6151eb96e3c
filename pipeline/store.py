"""Between machines: an object store through which plans go out and what was collected comes in.

The store is a letter box, no archive. A collector puts its landing file in, the posts first and the
manifest last; the one loader takes whole files home and empties the box behind it. So nobody's
words stand in the store for longer than a night, and keeping times, forgetting and withdrawing need
to know one landing zone only: the loader's own.

Any store that fsspec reads will do (``s3://`` with ``luister[stores]``). Who we are and where the
store is come from the environment the store's own library reads (``AWS_ACCESS_KEY_ID``,
``AWS_SECRET_ACCESS_KEY``, ``AWS_ENDPOINT_URL_S3``, ``AWS_REGION``), never from luister.toml.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from pipeline.collect import Known
from pipeline.errors import ConfigError, LandingError
from pipeline.files import settle
from pipeline.landing import Landing, Manifest, digest_of, safe_name
from pipeline.pace import Asked

LARGEST_MANIFEST: Final = 256 * 1024 * 1024
"""Bytes: more is no manifest of ours, and is left alone."""

_LETTER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,160}-[0-9a-f]{16}\.json")
_FOLDER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}")
_log = logging.getLogger(__name__)


class Store:
    """The part of an object store below ``address``."""

    def __init__(self, address: str, files: Any = None) -> None:
        self.address = address
        self._root = address.partition("://")[2].strip("/")
        if address.startswith("file://"):
            self._root = "/" + self._root
        self._files = files or _open(address)

    def ship(self, outbox: Landing) -> int:
        """Put every whole file of an outbox into the store, and remove it here; returns how many.

        Raises:
            LandingError: the store does not take it; what was not taken stays in the outbox.
        """
        shipped = 0
        for file in outbox.files():
            manifest = file.path.with_suffix(".json")
            content = manifest.read_bytes()
            name = f"{file.path.stem}-{hashlib.sha256(content).hexdigest()[:16]}"
            folder = self._path("landing", safe_name(file.manifest.source))
            with self._told():
                self._files.makedirs(folder, exist_ok=True)
                self._files.put_file(str(file.path), f"{folder}/{name}.parquet")
                self._files.pipe_file(f"{folder}/{name}.json", content)
            manifest.unlink()
            file.path.unlink()
            shipped += 1
        return shipped

    def take_home(self, landing: Landing) -> list[Path]:
        """Move every whole file into a landing zone on this machine; returns where they stand.

        One that is not whole (its manifest or posts are cut off or were changed on the way) stays
        where it is, with a warning: whoever writes it may not be done.

        Raises:
            LandingError: the store cannot be read.
        """
        taken = []
        for letter in self._letters():
            path = self._take(letter, landing)
            if path is not None:
                taken.append(path)
        return taken

    def write_plan(self, run_id: str, source: str, known: Known) -> None:
        """Leave the plan of one source for whoever collects it.

        Raises:
            LandingError: the store does not take it.
        """
        path = self._path("plans", safe_name(run_id), f"{safe_name(source)}.json")
        with self._told():
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(path, msgspec.json.encode(known))

    def read_plan(self, run_id: str, source: str) -> Known:
        """The plan of one source.

        Raises:
            LandingError: there is none: the night was not prepared, or has ended.
        """
        path = self._path("plans", safe_name(run_id), f"{safe_name(source)}.json")
        with self._told("no plan for this source"):
            return msgspec.json.decode(self._files.cat_file(path), type=Known)

    def write_pace(self, platform: str, asked: Asked) -> None:
        """Leave word of what was asked of a platform's hosts for whoever asks it next.

        Raises:
            LandingError: the store does not take it.
        """
        path = self._path("pace", f"{safe_name(platform)}.json")
        with self._told():
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(path, msgspec.json.encode(asked))

    def read_pace(self, platform: str) -> Asked:
        """What was asked of a platform's hosts this night, by whomever.

        Raises:
            LandingError: the store cannot be read.
        """
        path = self._path("pace", f"{safe_name(platform)}.json")
        with self._told():
            self._files.invalidate_cache()
            if not self._files.exists(path):
                return Asked()
            return msgspec.json.decode(self._files.cat_file(path), type=Asked)

    def remove_plans(self) -> None:
        """Throw away plans and paces of this and any earlier, broken-off night.

        Raises:
            LandingError: the store cannot be read.
        """
        with self._told():
            self._files.invalidate_cache()
            for folder in (self._path("plans"), self._path("pace")):
                if self._files.exists(folder):
                    self._files.rm(folder, recursive=True)

    def _path(self, *parts: str) -> str:
        return "/".join((self._root, *parts))

    def _letters(self) -> Iterator[str]:
        """The manifests in the store, in the order of their names; strange names are left alone."""
        with self._told():
            self._files.invalidate_cache()
            found = sorted(self._files.glob(self._path("landing", "*", "*.json")))
        for path in found:
            folder, name = path.rsplit("/", 2)[1:]
            if _FOLDER.fullmatch(folder) and _LETTER.fullmatch(name):
                yield path
            else:
                _log.warning("%s in the store was not put there by Luister: left alone", path)

    def _take(self, letter: str, landing: Landing) -> Path | None:
        folder, name = letter.rsplit("/", 2)[1:]
        content, posts = self._content(letter), letter.removesuffix(".json") + ".parquet"
        if content is None:
            return None
        home = landing.folder / folder
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = (home / name).with_suffix(".parquet")
        # it stands here already where the loader was cut off before it emptied the box
        if not (home / name).exists() and not self._fetch(posts, target, content):
            return None
        # here it is whole on the disk: only now it goes there, what makes it known first
        with self._told():
            self._files.rm_file(letter)
            self._files.rm_file(posts)
        return target

    def _content(self, letter: str) -> bytes | None:
        with self._told():
            if int(self._files.size(letter) or 0) > LARGEST_MANIFEST:
                _log.warning("%s in the store is too large for a manifest: left alone", letter)
                return None
            content: bytes = self._files.cat_file(letter)
        try:
            msgspec.json.decode(content, type=Manifest)
        except (msgspec.DecodeError, UnicodeDecodeError):
            _log.warning("%s in the store cannot be read: left alone", letter)
            return None
        return content

    def _fetch(self, posts: str, target: Path, content: bytes) -> bool:
        """Bring the posts and then their manifest; False when they are not those it names."""
        temporary, draft = target.with_suffix(".parquet.tmp"), target.with_suffix(".json.tmp")
        try:
            with self._told():
                if not self._files.exists(posts):
                    _log.warning("%s in the store is not there yet", posts)
                    return False
                self._files.get_file(posts, str(temporary))
            temporary.chmod(0o600)
            if digest_of(temporary) != msgspec.json.decode(content, type=Manifest).sha256:
                _log.warning("%s in the store is not what was written: left alone", posts)
                return False
            settle(temporary, target)
            draft.write_bytes(content)
            settle(draft, target.with_suffix(".json"))
        finally:
            temporary.unlink(missing_ok=True)
            draft.unlink(missing_ok=True)
        return True

    @contextmanager
    def _told(self, what: str = "the store does not answer as it should") -> Iterator[None]:
        """Whatever a store's library raises, as our error."""
        try:
            yield
        except _failures() as error:
            raise LandingError(
                f"{what}: {type(error).__name__}: {error}",
                where=self.address,
                todo="look at the store and at the variables that name it; nothing is lost: what "
                "was collected waits here and is sent by the next run",
            ) from error


def _open(address: str) -> Any:
    try:
        import fsspec

        return fsspec.core.url_to_fs(address)[0]
    except ImportError as error:
        raise ConfigError(
            "what reads this store is not installed",
            where=f"landing = {address!r}",
            todo='install "luister[stores]"',
        ) from error


def _failures() -> tuple[type[Exception], ...]:
    """What the libraries of stores raise; a store that reads nothing sensible counts too."""
    found: list[type[Exception]] = [OSError, ValueError, msgspec.DecodeError]
    for name, kind in (("botocore.exceptions", "BotoCoreError"), ("aiohttp", "ClientError")):
        try:
            found.append(getattr(__import__(name, fromlist=[kind]), kind))
        except ImportError:
            continue
    return tuple(found)
