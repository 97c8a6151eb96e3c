"""Every deliberate error, named after what its reader should do next."""

from __future__ import annotations

import re
from typing import Final

_QUERY: Final = re.compile(r"(?i)\b((?:https?|wss?)://[^\s?#]+)[?#]\S*")


class LuisterError(Exception):
    """Base of all deliberate errors: what happened, where, and what to do.

    Args:
        what: one plain sentence, no secret in it.
        where: source, file, line or key concerned; empty when there is none.
        todo: the next step for the reader.
    """

    exit_code = 1
    default_todo = ""
    is_of_one = False
    """Not all names that a source was asked for failed: the rest of it may be read."""
    heard_others = False
    """Others of the names that were asked for together were read."""

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.todo = todo or self.default_todo

    @property
    def code(self) -> str:
        """The class name: stable, for ledgers and JSON."""
        return type(self).__name__

    def at(self, where: str) -> LuisterError:
        """Name the place, unless a more precise one is known already."""
        if not self.where:
            self.where = where
        return self

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        step = f" → {self.todo}" if self.todo else ""
        return f"{place}{self.what}{step}"


class ConfigError(LuisterError):
    """luister.toml (file, line, key) must be mended."""

    exit_code = 2
    default_todo = "mend luister.toml, then run `luister check`"


class SecretError(ConfigError):
    """A secret is not there, or the file or keyring that holds it does not give it."""

    default_todo = "set it, or mend the file or keyring that holds it, then run `luister check`"


class SourceUnavailable(LuisterError):
    """The source cannot be reached now; waiting may cure it."""

    default_todo = "nothing: the next run tries again and fills the gap"


class RateLimited(SourceUnavailable):
    """The platform asks us to wait.

    Args:
        seconds: how long, or None when the platform did not say.
    """

    def __init__(
        self, what: str, *, seconds: float | None = None, where: str = "", todo: str = ""
    ) -> None:
        super().__init__(what, where=where, todo=todo)
        self.seconds = seconds


class BudgetSpent(LuisterError):
    """The source may take no more of its platform tonight; what is left out is a gap."""

    default_todo = "raise the budget of the platform in luister.toml, or wait"


class SourceRefused(LuisterError):
    """The platform says no: access must be arranged."""

    default_todo = "get access or renew the secret named for this source, then `luister check`"


class SourceUntrusted(SourceRefused):
    """We say no: its address leads where we may not go, or is not what it says to be."""

    default_todo = "correct its address in luister.toml"


class SourceGone(LuisterError):
    """What the source names no longer exists there."""

    default_todo = "remove or replace the source in luister.toml"


class PartGone(SourceGone):
    """One of the feeds, sites or lists that a source reads is not there; the others were read."""

    is_of_one = True
    default_todo = "correct it in luister.toml, or take it out there"

    def __init__(
        self, what: str, *, where: str = "", todo: str = "", heard_others: bool = False
    ) -> None:
        super().__init__(what, where=where, todo=todo)
        self.heard_others = heard_others


class AccountGone(PartGone):
    """One of the accounts that a source reads is not there; the others were read."""

    default_todo = "correct its name in luister.toml, or take it out there"


class PayloadError(LuisterError):
    """The platform sent something the connector does not understand."""

    default_todo = "look at it with `luister inspect` and mend the connector"


class LandingError(LuisterError):
    """A landing file cannot be written or read."""

    default_todo = "check disk space and rights of the data folder with `luister check`"


class DiskFull(LandingError):
    """There is no room to land: nothing is wrong with what was written before."""

    exit_code = 75
    default_todo = "free some space and run again: nothing that landed or was loaded is lost"


class WarehouseError(LuisterError):
    """The database cannot be opened, loaded or published."""

    default_todo = "see `luister check`; the database can be rebuilt from landing"


class WarehouseBusy(WarehouseError):
    """The database cannot be used now, and nothing is wrong with it: try again later."""

    exit_code = 75


class AlreadyRunning(WarehouseError):
    """Another night holds the data folder: nothing is wrong, and nothing was done."""

    exit_code = 75
    default_todo = "wait until it has ended"


class ModelError(LuisterError):
    """A SQL model or its test failed; names which."""

    default_todo = "run the named model with `luister build --select MODEL`"


class PrivacyError(LuisterError):
    """A privacy promise could not be kept."""

    default_todo = "do not publish; run `luister check`"


def without_queries(told: str) -> str:
    """What is told, with each address as far as its path: ``https://a.example/search?…``."""
    return _QUERY.sub(_as_far_as_its_path, told)


def _as_far_as_its_path(match: re.Match[str]) -> str:
    """What closes the sentence around an address belongs to the sentence."""
    end = match[0][len(match[0].rstrip(":,.;)")) :]
    return f"{match[1]}?…{end}"
