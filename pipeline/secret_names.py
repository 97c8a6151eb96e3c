"""Secrets by name: the variables a source was asked with, and those that are not there.

Names alone, for whoever must mend one; what they hold is not read further than to see that it is
there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from pipeline.errors import LuisterError
from pipeline.secrets import find_secret, name_in_use
from pipeline.source import Connector, Source

_JOINED: Final = ", "
_VARIABLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,131}")


class SecretNames(msgspec.Struct, frozen=True, kw_only=True):
    """Variables that were set (``used``), and those that would have given access (``missing``).

    A variable that names a file is told as it is set: ``MASTODON_TOKEN_FILE``.
    """

    used: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.used or self.missing)

    def __str__(self) -> str:
        """``asked with A; not set: B, C``, in the English of an error."""
        told = [f"asked with {_JOINED.join(self.used)}"] if self.used else []
        if self.missing:
            told.append(f"not there: {_JOINED.join(self.missing)}")
        return "; ".join(told)


def secret_names(
    source: Source, connector: Connector, environment: Mapping[str, str] | None = None
) -> SecretNames:
    """The variables of a source: what it wants of the platform says which of them are missing.

    Where none at all is there, each that the platform knows is.
    """
    found = {name: _found(source.variable(name), environment) for name in connector.ACCESS.secrets}
    used = tuple(told for told, is_there in found.values() if is_there)
    needed = _needed(source, connector)
    missing = tuple(
        told
        for name, (told, is_there) in found.items()
        if not is_there and (name in needed or not used)
    )
    return SecretNames(used=used, missing=missing)


NEED_SECRETS: Final = frozenset({"SourceRefused", "SecretError"})
"""Kinds of errors that a secret may be behind."""


def named_secrets(error_code: str | None, names: SecretNames) -> str:
    """What an error leaves to be said of secrets: `` (asked with MASTODON_TOKEN)``, or nothing."""
    return f" ({names})" if names and error_code in NEED_SECRETS else ""


def of_kept(used: str | None, missing: str | None) -> SecretNames:
    """The names that two values of a table hold: nothing that could be more than a name."""
    return SecretNames(used=_listed(used), missing=_listed(missing))


def _listed(told: str | None) -> tuple[str, ...]:
    return tuple(name for name in (told or "").split(_JOINED) if _VARIABLE.fullmatch(name))


def _found(variable: str, environment: Mapping[str, str] | None) -> tuple[str, bool]:
    """The variable as it is set, and whether a secret can be read from it."""
    try:
        is_there = find_secret(variable, environment) is not None
    except LuisterError:  # asking the source says it with what to do; here it is not there
        is_there = False
    return name_in_use(variable, environment), is_there


def _needed(source: Source, connector: Any) -> set[str]:
    return {
        name
        for verb, names in connector.ACCESS.needs.items()
        if verb in source.verbs and hasattr(connector, verb)
        for name in names
    }
