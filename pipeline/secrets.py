"""Secrets: found by the name of an environment variable, and kept out of everything else."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import stat
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote, quote_plus

from pipeline.errors import ConfigError, SecretError

BLANK: Final = "***"
MINIMUM_LENGTH: Final = 6
"""Shorter values are not blanked: they would take half of every sentence with them."""

KEYRING_SERVICE: Final = "luister"
_SECRET_WORDS: Final = frozenset(
    {
        *("token", "key", "apikey", "secret", "password", "passwd", "pwd", "sig", "signature"),
        *("auth", "authorization", "credential", "jwt", "accesstoken", "refreshtoken"),
        *("clientsecret", "sessionid"),
    }
)
_PAGING_WORDS: Final = frozenset(
    {"page", "next", "prev", "previous", "continuation", "sort", "cursor", "sync", "start"}
)
_PARAMETER: Final = re.compile(r"(?P<name>[\w.\-\[\]]+)=(?P<value>[^&#;\s\"'<>]+)")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_FIELD: Final = re.compile(
    r"(?i)(\"(?:(?:access|refresh|id)_?(?:token|jwt)|client_?secret|api_?key|password)\"\s*:\s*\")"
    r"(?:[^\"\\]|\\.)*(?=\")"
)
_SIGNED: Final = re.compile(
    r"(?i)(\bx-(?:goog|amz)-(?:signature|credential|security-token)=)[^&#\s\"'<>\\]+"
)
"""What lets anybody in at an address that a cloud store signed."""
_USERINFO: Final = re.compile(r"(?i)\b(https?://)[^/\s@]+@")
_BEARER: Final = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}")


def find_secret(variable: str, environment: Mapping[str, str] | None = None) -> str | None:
    """The secret in ``variable``, in the file ``variable_FILE`` names, or in the keyring.

    The keyring is asked only where the package ``keyring`` is installed. None when there is none.

    Raises:
        SecretError: the file cannot be read, is empty, or others than its owner can read it; or
            the keyring is locked.
    """
    given = os.environ if environment is None else environment
    found = given.get(variable, "").strip() or None
    if found is None and given.get(f"{variable}_FILE"):
        found = _from_file(Path(given[f"{variable}_FILE"]), f"{variable}_FILE")
    if found is None:
        found = _from_keyring(variable)
    if found is not None:
        EVERYWHERE.learn(found)
    return found


def name_in_use(variable: str, environment: Mapping[str, str] | None = None) -> str:
    """The variable that somebody set: itself, or ``variable_FILE`` where only that one is."""
    given = os.environ if environment is None else environment
    in_file = f"{variable}_FILE"
    return in_file if not given.get(variable, "").strip() and given.get(in_file) else variable


def keep_secret(variable: str, secret: str, environment: Mapping[str, str] | None = None) -> bool:
    """Put a renewed secret where the old one was found: its file, or the keyring.

    Returns False for one that is set in the environment itself, which nobody can write.

    Raises:
        ConfigError: the file cannot be written.
    """
    given = os.environ if environment is None else environment
    EVERYWHERE.learn(secret)
    if given.get(variable, "").strip():
        return False
    if given.get(f"{variable}_FILE"):
        _into_file(Path(given[f"{variable}_FILE"]), secret, f"{variable}_FILE")
        return True
    if _from_keyring(variable) is None:
        return False
    importlib.import_module("keyring").set_password(KEYRING_SERVICE, variable, secret)
    return True


def _into_file(path: Path, secret: str, where: str) -> None:
    """Whole or not at all, and for its owner alone."""
    draft = path.with_name(f"{path.name}.new")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(f"{secret}\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise ConfigError(
            f"the renewed secret cannot be written: {path}",
            where=where,
            todo="let Luister write the file and its folder: the old secret may end soon",
        ) from error
    finally:
        draft.unlink(missing_ok=True)


def _from_file(path: Path, where: str) -> str:
    todo = "name a readable text file, or set the variable itself"
    try:
        mode = path.stat().st_mode
    except OSError as error:
        # what leads nowhere may be the secret itself, set in the wrong variable: it is not told
        is_closed = isinstance(error, PermissionError)
        why = "its folder is closed to us" if is_closed else "it is not there"
        raise SecretError(
            f"the secret's file cannot be read: {why}", where=where, todo=todo
        ) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretError(
            f"others can read the secret in {path}", where=where, todo=f"chmod 600 {path}"
        )
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretError(
            f"the secret's file cannot be read: {path}", where=where, todo=todo
        ) from error
    if not secret:
        raise SecretError(f"the secret's file is empty: {path}", where=where)
    return secret


def _from_keyring(variable: str) -> str | None:
    if importlib.util.find_spec("keyring") is None:
        return None
    keyring = importlib.import_module("keyring")
    try:
        found: str | None = keyring.get_password(KEYRING_SERVICE, variable)
    except keyring.errors.NoKeyringError:
        return None
    except keyring.errors.KeyringError as error:
        raise SecretError(
            f"the keyring does not open: {error}",
            where=variable,
            todo=f"unlock it, or set {variable} in the environment",
        ) from error
    return found or None


class Redactor:
    """Blanks every secret it was told of, and what looks like one, in any text; safe in threads."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._forms: tuple[str, ...] = ()
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: str) -> None:
        """Blank this value from now on, also as it stands in addresses and in JSON."""
        if len(secret) < MINIMUM_LENGTH:
            return
        forms = {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
        with self._lock:
            self._forms = tuple(sorted(forms.union(self._forms), key=len, reverse=True))

    def blank(self, text: str) -> str:
        """The text without the secrets it was told of."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, BLANK)
        return text

    def redact(self, text: str) -> str:
        """The text without secrets, known ones and those that only look like it."""
        text = _USERINFO.sub(rf"\1{BLANK}@", self.blank(text))
        text = _PARAMETER.sub(_without_value, text)
        return blank_fields(_BEARER.sub(rf"\1 {BLANK}", text))


def blank_fields(text: str) -> str:
    """JSON without the values of fields that hold tokens or passwords, or that sign addresses."""
    return _SIGNED.sub(rf"\1{BLANK}", _FIELD.sub(rf"\1{BLANK}", text))


def _without_value(match: re.Match[str]) -> str:
    """``access_token=…`` is blanked, ``pageToken=…`` and ``author=…`` are not."""
    words = {word.lower() for word in _WORD.findall(match["name"])}
    if words & _SECRET_WORDS and not words & _PAGING_WORDS:
        return f"{match['name']}={BLANK}"
    return match[0]


EVERYWHERE: Final = Redactor()
"""Knows every secret this process has found: for logs, which belong to no source."""
