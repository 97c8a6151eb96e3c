"""Secrets: found by the name of an environment variable, and kept out of everything else."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from pipeline.errors import ConfigError

BLANK: Final = "***"
_PARAMETER: Final = re.compile(
    r"(?i)([?&;#\s]|^)([^=&?\s]*(?:token|key|secret|password|signature|sig|auth)[^=&?\s]*)=([^&#\s\"']+)"
)
_USERINFO: Final = re.compile(r"(?i)\b(https?://)[^/\s:@]+:[^/\s@]+@")
_BEARER: Final = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}")
MINIMUM_LENGTH: Final = 6


def find_secret(variable: str, environment: Mapping[str, str] | None = None) -> str | None:
    """The secret in ``variable``, or in the file that ``variable_FILE`` names; None when unset.

    Raises:
        ConfigError: the file cannot be read, is empty, or others than its owner can read it.
    """
    given = os.environ if environment is None else environment
    if given.get(variable):
        return given[variable]
    named = given.get(f"{variable}_FILE")
    return _from_file(Path(named), f"{variable}_FILE") if named else None


def _from_file(path: Path, where: str) -> str:
    try:
        mode = path.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ConfigError(
                f"others can read the secret in {path}", where=where, todo=f"chmod 600 {path}"
            )
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"the secret's file cannot be read: {path}",
            where=where,
            todo="name a readable text file, or set the variable itself",
        ) from error
    if not secret:
        raise ConfigError(f"the secret's file is empty: {path}", where=where)
    return secret


class Redactor:
    """Blanks every secret it was told of, and what looks like one, in any text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: str) -> None:
        """Blank this value from now on."""
        if len(secret) >= MINIMUM_LENGTH:
            self._secrets.add(secret)

    def redact(self, text: str) -> str:
        """The text without secrets."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, BLANK)
        text = _USERINFO.sub(rf"\1{BLANK}@", text)
        text = _PARAMETER.sub(rf"\1\2={BLANK}", text)
        return _BEARER.sub(rf"\1 {BLANK}", text)
