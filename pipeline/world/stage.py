"""The stage a world is played on: chance, people, what was said so far, and how to add to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from pipeline.post import Kind
from pipeline.world import texts
from pipeline.world.hours import Desk
from pipeline.world.identity import address
from pipeline.world.shape import Happening, Organisation, Person, Said


@dataclass
class Stage:
    """One performance; everything random comes from ``random``."""

    random: Random
    begins_at: datetime
    ends_at: datetime
    desk: Desk
    organisations: tuple[Organisation, ...]
    crowd: dict[str, list[Person]]
    happenings: tuple[Happening, ...]
    said: list[Said] = field(default_factory=list)

    def add(self, said: Said) -> Said | None:
        """Say it, unless the world has ended by then; what has a question mark asks."""
        if said.at > self.ends_at:
            return None
        if "?" in said.text or "?" in (said.title or ""):
            said.intents |= {"question"}
        self.said.append(said)
        return said

    def somebody(self, platform: str, *, but: Sequence[Person] = ()) -> Person:
        """A person of a platform; the talkative few speak more often than the rest.

        ``but`` are left out, unless there is nobody else.
        """
        left_out = {each.number for each in but}
        everybody = self.crowd[platform]
        people = [each for each in everybody if each.number not in left_out] or everybody
        return people[min(int(self.random.expovariate(4.0) * len(people)), len(people) - 1)]

    def later(self, said: Said, mean_minutes: float) -> datetime:
        """Some time after it was said."""
        minutes = 1.0 + self.random.expovariate(1.0 / mean_minutes)
        return said.at + timedelta(seconds=round(minutes * 60, 3))

    def heat(self, organisation: Organisation, moment: datetime) -> float:
        """How much busier than usual it is around an organisation."""
        if organisation.role != "own":
            return 0.0
        return sum(strength(each, moment) for each in self.happenings)

    def reply(
        self,
        author: Person,
        parent: Said,
        at: datetime,
        text: str,
        *,
        carry: Sequence[Person] = (),
        **truth: object,
    ) -> Said | None:
        """A reply as the platform's own programs make it: Mastodon's names whom it answers."""
        mentions: tuple[Person, ...] = ()
        if parent.platform == "mastodon":
            named = [each for each in (parent.author, *carry) if each is not author]
            mentions = tuple(dict.fromkeys(named))
            text = " ".join([*(address(each) for each in mentions), text])
        truth.setdefault("language", author.language)
        truth["names"] = frozenset(
            each.organisation for each in mentions if each.role == "owned" and each.organisation
        ) | set(truth.get("names", ()))  # type: ignore[call-overload]
        return self.add(
            Said(
                platform=parent.platform,
                kind=_reply_kind(parent),
                author=author,
                at=at,
                text=text,
                parent=parent,
                mentions=mentions,
                channel=parent.channel,
                **truth,  # type: ignore[arg-type]
            )
        )

    def words(self, organisation: Organisation, author: Person, **given: str) -> dict[str, str]:
        """Slots that belong to an organisation and to who speaks."""
        others = [each.name for each in self.organisations if each is not organisation]
        return {
            **organisation.slots,
            "org": self.random.choice(organisation.aliases),
            "other": self.random.choice(others),
            "me": author.first_name,
            "link": f"https://{organisation.domain}/uitleg",
            **given,
        }

    def turn(self, language: str, turn: str, organisation: Organisation, author: Person) -> str:
        """The words of a turn in a conversation."""
        return texts.say(self.random, language, turn, **self.words(organisation, author))


def strength(happening: Happening, moment: datetime) -> float:
    """What is left of a happening: nothing before it starts, half of it after ``days``."""
    age = (moment - happening.starts_at).total_seconds() / 86_400
    return 0.0 if age < 0 else float(happening.strength * 0.5 ** (age / happening.days))


def _reply_kind(parent: Said) -> Kind:
    """Comments on stories and articles, replies to everything else."""
    if parent.platform == "feed":
        return "comment"
    if parent.platform == "hackernews":
        return "comment" if parent.kind == "post" else "reply"
    return "reply"
