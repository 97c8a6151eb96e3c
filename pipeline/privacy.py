"""What is kept of people: whose posts may be kept at all, and the pseudonyms of their authors.

Two keys stand in the data folder. That of ``pseudonyms.key`` names authors inside the private
database, for as long as it exists. That of ``published-<day>.key`` names authors, posts and threads
in what analysts get; it is replaced each period, and with the old one the old names die.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from pipeline.errors import PrivacyError
from pipeline.post import Post
from pipeline.secrets import find_secret

KEY_BYTES: Final = 32
KEY_NAME: Final = "pseudonyms.key"
KEY_VARIABLE: Final = "LUISTER_PSEUDONYM_KEY"
"""A secret of your own that goes into every published pseudonym; kept outside the data folder."""

_PERIOD_KEY: Final = re.compile(r"published-(?P<day>\d{8})\.key")
_SEPARATOR: Final = b"\x1f"


def keepable(post: Post, *, honour_opt_out: bool = True) -> bool:
    """Whether a post may be stored: readable by everybody, and its author did not opt out.

    An author of whom the platform says nothing has not opted out.
    """
    return post.is_keepable and not (honour_opt_out and post.author_opted_out is True)


def blind_name(platform: str, post_id: str) -> str:
    """The name of a post that may not be kept: SHA-256 over platform and ``post_id``.

    Enough to recognise a post that is known already, and to tell nothing of one that is not.
    """
    name = platform.encode() + _SEPARATOR + post_id.encode("utf-8", "surrogatepass")
    return hashlib.sha256(name).hexdigest()


def author_key(key: bytes, platform: str, author_id: str) -> str:
    """The pseudonym of an author: 32 hexadecimal digits, the same in every night.

    HMAC-SHA256 over platform and native id, cut to 128 bits. Without the key nobody can find it
    back by trying all ids, as they could with a plain digest.
    """
    name = platform.encode() + _SEPARATOR + author_id.encode("utf-8", "surrogatepass")
    return hmac.digest(key, name, "sha256")[:16].hex()


def author_keys(key: bytes, authors: Iterable[tuple[str, str]]) -> list[str]:
    """Pseudonyms of pairs of platform and native id, in order."""
    return [author_key(key, platform, author_id) for platform, author_id in authors]


def key_id(key: bytes) -> str:
    """A name for a key that gives nothing of it away."""
    return hashlib.sha256(b"luister key name" + key).hexdigest()[:16]


def open_key(folder: Path, *, may_create: bool) -> bytes:
    """The key of the pseudonyms in ``folder`` (0700), its file readable by this user alone.

    Args:
        folder: where keys stand.
        may_create: whether there are no pseudonyms yet, so that a new key breaks none.

    Raises:
        PrivacyError: the key is gone or damaged while pseudonyms made with it exist.
    """
    return own_key(folder, KEY_NAME, may_create=may_create)


def own_key(folder: Path, name: str, *, may_create: bool) -> bytes:
    """A key that is made once and never replaced in silence; as ``open_key``."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    if path.exists():
        path.chmod(0o600)
        key = path.read_bytes()
        if len(key) == KEY_BYTES:
            return key
        raise PrivacyError(f"the key {name} is damaged", where=str(path), todo=_RESTORE)
    if not may_create:
        raise PrivacyError(f"the key {name} is gone", where=str(path), todo=_RESTORE)
    return _create_key(path)


def published_key(folder: Path, today: date, environment: Mapping[str, str] | None = None) -> bytes:
    """The key of what is published now: of authors, posts and threads alike.

    It is that of the present period, made when there is none. With ``LUISTER_PSEUDONYM_KEY`` set,
    that secret is mixed in: then the data folder alone is not enough to find anybody back.

    Args:
        folder: where keys stand.
        today: the day from which a new key counts.
        environment: in place of this process's own.

    Raises:
        PrivacyError: the key is damaged.
        ConfigError: the secret is named and cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = _period_keys(folder)
    path = known[-1] if known else folder / _period_name(today)
    if not known:
        _create_key(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        todo = f"delete {path}: the next night publishes with new pseudonyms"
        raise PrivacyError("the key of what is published is damaged", where=str(path), todo=todo)
    own = find_secret(KEY_VARIABLE, environment)
    return key if own is None else hmac.digest(own.encode(), key, "sha256")


def rotate(folder: Path, today: date, days: int) -> bool:
    """Begin a new period when the present one is ``days`` old; returns whether it did.

    The key before it stays until something is published with the new one
    (``forget_old_keys``): killed in between, the next night goes on from there.
    """
    _bring_back(folder, today)
    known = _period_keys(folder)
    if not known or today < _period_begin(known[-1]) + timedelta(days=days):
        return False
    _create_key(folder / _period_name(today))
    return True


def _bring_back(folder: Path, today: date) -> None:
    """Let a period that a clock ahead of ours began, begin today: else it ends that much later."""
    known = _period_keys(folder)
    begun_today = folder / _period_name(today)
    if known and _period_begin(known[-1]) > today and not begun_today.exists():
        known[-1].replace(begun_today)


def has_old_keys(folder: Path) -> bool:
    """Whether a period has begun since something was last published."""
    return len(_period_keys(folder)) > 1


def forget_old_keys(folder: Path) -> None:
    """Destroy the keys of past periods: nobody can link their pseudonyms to anybody any more."""
    for path in _period_keys(folder)[:-1]:
        path.unlink()


def present_period(folder: Path) -> date | None:
    """The day from which the present pseudonyms count; None before anything was published."""
    known = _period_keys(folder)
    return _period_begin(known[-1]) if known else None


def _period_begin(path: Path) -> date:
    return date.fromisoformat(path.stem.removeprefix("published-"))


def _period_keys(folder: Path) -> list[Path]:
    """Oldest first."""
    return sorted(path for path in folder.glob("published-*.key") if _is_period_key(path.name))


def _is_period_key(name: str) -> bool:
    return _PERIOD_KEY.fullmatch(name) is not None


def _period_name(day: date) -> str:
    return f"published-{day:%Y%m%d}.key"


_RESTORE: Final = "restore it from a backup; with another key nobody would be recognised"


def _create_key(path: Path) -> bytes:
    key = secrets.token_bytes(KEY_BYTES)
    temporary = path.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    return key
