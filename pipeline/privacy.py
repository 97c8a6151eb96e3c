"""What is kept of people: whose posts may be kept at all, and the pseudonyms of their authors."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pipeline.errors import PrivacyError
from pipeline.post import Post

KEY_BYTES: Final = 32
KEY_NAME: Final = "pseudonyms.key"
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
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / KEY_NAME
    if path.exists():
        path.chmod(0o600)
        key = path.read_bytes()
        if len(key) == KEY_BYTES:
            return key
        raise PrivacyError("the key of the pseudonyms is damaged", where=str(path), todo=_RESTORE)
    if not may_create:
        raise PrivacyError("the key of the pseudonyms is gone", where=str(path), todo=_RESTORE)
    return _create_key(path)


_RESTORE: Final = (
    "restore it from a backup; with another key every author would become somebody else"
)


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
