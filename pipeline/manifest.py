"""The manifest of a landing file: how its posts were collected, and the digest of their file."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import msgspec

from pipeline.post import Gap, Rejected

Status = Literal["complete", "partial", "failed", "unasked"]
"""``unasked``: there was nothing to ask, for want of a key, of accounts or of names."""

FORMAT: Final = 2
"""Of what is written now; raised when an older Luister would misread it."""
LIVE: Final = "-live"
"""How the name of a source ends under which lands what was heard of it live."""


class Withdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """A post that may not be kept: the digest of its name (``privacy.blind_name``), and when seen.

    Enough to find it back where it was stored while it might be kept.
    """

    name: str
    observed_at: datetime


class Confirmed(msgspec.Struct, frozen=True, kw_only=True):
    """A known post that is still there, said its platform: the digest of its name, and when."""

    name: str
    observed_at: datetime


class CutThread(msgspec.Struct, frozen=True, kw_only=True):
    """A thread that was not read to its end: the digest of the post it was asked with, and why.

    ``is_asked_again``: it was cut off by what waiting may cure.
    """

    name: str
    reason: str
    is_asked_again: bool


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """What collecting took from the source's server; fields as in ``http.Usage``."""

    requests: int = 0
    bytes: int = 0
    rate_limited_seconds: float = 0.0
    retries: int = 0
    moved: dict[str, str] = msgspec.field(default_factory=dict)
    spent: dict[str, int] = msgspec.field(default_factory=dict)


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """The validators of one address, verbatim, for the next conditional request."""

    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside the posts: how they were collected, and the digest of their file.

    ``format`` is that of the manifest and the posts beside it: a Luister that knows only smaller
    numbers does not read them. A file that was written anew names the digest of its posts before
    (``former_sha256``), for the moment between the two, and that of its first manifest
    (``origin``), by which it stays known. ``asked_verbs`` are the verbs of
    listening that asked something, ``asked_names`` the digests of what each was asked for,
    ``verbs_without_access`` those that lacked a secret; ``secrets_used`` and ``secrets_missing``
    are names of variables, never what they hold. ``has_listened`` tells that those verbs were asked
    to their end, whatever came of conversations; ``cut_threads`` of which of these some was not
    read, ``whole_threads`` the digests of the posts with which the others were asked; ``holds`` the
    digests of the files of which it was made, where these were several. None where nobody noted it.
    """

    run_id: str
    source: str
    platform: str
    asked_from: datetime
    asked_through: datetime
    status: Status
    error_code: str | None
    error: str | None
    sha256: str
    posts_count: int
    left_out_count: int
    withdrawn: list[Withdrawn] = msgspec.field(default_factory=list)
    confirmed: list[Confirmed] = msgspec.field(default_factory=list)
    rejected: list[Rejected]
    gaps: list[Gap]
    usage: Spent
    validators: dict[str, Condition]
    seconds: float
    former_sha256: str | None = None
    origin: str | None = None
    asked_as: str | None = None
    not_before: datetime | None = None
    asked_verbs: list[str] | None = None
    asked_names: dict[str, list[str]] | None = None
    verbs_without_access: list[str] | None = None
    secrets_used: list[str] | None = None
    secrets_missing: list[str] | None = None
    has_listened: bool | None = None
    cut_threads: list[CutThread] = msgspec.field(default_factory=list)
    whole_threads: list[str] = msgspec.field(default_factory=list)
    holds: list[str] = msgspec.field(default_factory=list)
    format: int = FORMAT

    @property
    def is_heard(self) -> bool:
        """Whether nothing is missing of the time it asked for, whatever came of conversations."""
        return self.status == "complete" or bool(self.has_listened)
