"""What a simulated world is made of: people, companies, and what was said, with its truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final, Literal, NamedTuple

from pipeline.post import Kind, Visibility

Sentiment = Literal["positive", "neutral", "negative"]
Role = Literal["person", "owned", "employee", "outlet"]
PLATFORMS: Final = ("mastodon", "bluesky", "hackernews", "feed")
NEEDS_RESPONSE: Final = frozenset({"question", "complaint", "request"})


class Deed(NamedTuple):
    """What a company does with a text of its own: the codes of measures.md section 3.2."""

    giving: Literal["give", "take", "neither"]
    pr_model: str | None = None
    message_type: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody (or some account) who speaks on one platform.

    ``mood`` runs from -1 (angry) to 1 (content). ``organisation`` is set for owned and employee
    accounts. ``server`` is the Mastodon server or the web host the person writes on.
    """

    number: int
    platform: str
    name: str
    handle: str
    server: str
    language: str
    mood: float
    followers: int
    created_at: datetime
    role: Role = "person"
    organisation: str | None = None
    opted_out: bool = False
    is_bot: bool = False

    @property
    def first_name(self) -> str:
        """What a company calls this person."""
        return self.name.split(" ")[0]


@dataclass(frozen=True, slots=True)
class Organisation:
    """A company of the world; ``accounts`` and ``employees`` hold one or more persons a platform.

    ``answers`` is the chance that it answers an addressed post that needs it, ``delay_minutes`` the
    median of its lognormal delay in opening hours. ``blog`` is its blog's form: ``feed/`` (RSS,
    which tells how many comments there are), ``atom/`` or ``feed.json``.
    """

    name: str
    role: Literal["own", "competitor"]
    aliases: tuple[str, ...]
    exclude: tuple[str, ...]
    domain: str
    tag: str
    blog: str
    slots: Mapping[str, str]
    accounts: tuple[Person, ...]
    employees: tuple[Person, ...]
    answers: float
    delay_minutes: float

    def account(self, platform: str) -> Person:
        """The account it speaks through on a platform."""
        return next(each for each in self.accounts if each.platform == platform)


@dataclass(slots=True, eq=False)
class Said:
    """One thing said, with everything that is true of it.

    ``names`` are the organisations its text names by alias, tag or domain; ``likes`` the number it
    will have in the end; ``deed`` and ``is_signed`` belong to what a company says itself. ``edits``
    are (moment, new text). ``number`` follows the order of time. Labels follow from the text: who
    says the same means the same.
    """

    platform: str
    kind: Kind
    author: Person
    at: datetime
    text: str
    language: str
    parent: Said | None = None
    target: Said | None = None
    title: str | None = None
    mentions: tuple[Person, ...] = ()
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    sentiment: Sentiment = "neutral"
    intents: frozenset[str] = frozenset()
    purpose: str | None = None
    deed: Deed | None = None
    is_signed: bool = False
    visibility: Visibility = "public"
    edits: list[tuple[datetime, str]] = field(default_factory=list)
    deleted_at: datetime | None = None
    likes: int = 0
    channel: str = ""
    number: int = -1

    @property
    def is_question(self) -> bool:
        """Whether it asks something."""
        return "question" in self.intents and self.kind != "repost"

    @property
    def root(self) -> Said:
        """The first of the reply tree it stands in, whatever became of those between."""
        said = self
        while said.parent is not None:
            said = said.parent
        return said

    def text_at(self, moment: datetime) -> str:
        """Its text as it read at ``moment``."""
        text = self.text
        for edited_at, new_text in self.edits:
            if edited_at <= moment:
                text = new_text
        return text

    def edited_at(self, moment: datetime) -> datetime | None:
        """The newest edit before ``moment``."""
        moments = [at for at, _ in self.edits if at <= moment]
        return max(moments) if moments else None

    def exists(self, moment: datetime) -> bool:
        """Whether it was said, and not deleted, at ``moment``."""
        return self.at <= moment and (self.deleted_at is None or self.deleted_at > moment)

    def likes_at(self, moment: datetime) -> int:
        """Likes received so far: half of them come within six hours."""
        age = (moment - self.at).total_seconds()
        return 0 if age <= 0 else int(self.likes * age / (age + 6 * 3600))


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that makes people talk: ``strength`` times the ordinary volume at its start."""

    name: str
    topic: str
    starts_at: datetime
    days: float
    strength: float
    mood: float


@dataclass(frozen=True)
class World:
    """Everything that was and will be said between ``begins_at`` and ``ends_at``.

    ``today`` is the moment the world was made for; what is dated later happens in later nights.
    """

    seed: int
    today: datetime
    begins_at: datetime
    ends_at: datetime
    timezone: str
    opening_hours: Mapping[str, tuple[time, time]]
    organisations: tuple[Organisation, ...]
    people: Sequence[Person]
    happenings: tuple[Happening, ...]
    said: Sequence[Said]

    @property
    def own(self) -> Organisation:
        """The company under study."""
        return self.organisations[0]
