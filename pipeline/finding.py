"""One line of `luister check`."""

from __future__ import annotations

from typing import Literal

import msgspec

Level = Literal["ok", "note", "wrong"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the check: what was looked at, what was found, and how to mend it."""

    level: Level
    about: str
    found: str
    mend: str = ""
