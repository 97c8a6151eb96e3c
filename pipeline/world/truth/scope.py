"""Who said what to whom: what a night can know, and the role of each post for an organisation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from pipeline.post import KEEPABLE
from pipeline.world.shape import Organisation, Person, Said, World
from pipeline.world.view import View

Role = Literal["outbound", "addressed", "mentioned", "employee", "context"]


class Seen:
    """Everything of a world that may be stored at ``as_of``, with its reply trees.

    Posts that only some may read, and posts of people who opted out, are not in it. Reposts by
    people are not posts of theirs: platforms tell their number only.
    """

    def __init__(self, world: World, as_of: datetime) -> None:
        self.world = world
        self.as_of = as_of
        self.view = View(world, as_of)
        self.said = [each for each in self.view.said if _may_be_kept(each)]
        self._numbers = {each.number for each in self.said}
        self._children: dict[int, list[Said]] = defaultdict(list)
        self.threads: dict[int, list[Said]] = defaultdict(list)
        for each in self.said:
            parent = self.parent(each)
            if parent is not None:
                self._children[parent.number].append(each)
            self.threads[self.root(each).number].append(each)

    def parent(self, said: Said) -> Said | None:
        """What it answers, when that may be known."""
        known = said.parent is not None and said.parent.number in self._numbers
        return said.parent if known else None

    def root(self, said: Said) -> Said:
        """The first post above it without a known parent."""
        above = self.parent(said)
        while above is not None:
            said, above = above, self.parent(above)
        return said

    def below(self, said: Said) -> Iterator[Said]:
        """Everything known below it."""
        for child in self._children[said.number]:
            yield child
            yield from self.below(child)

    def depth(self, said: Said) -> int:
        """Steps up to the root of its thread."""
        steps = 0
        above = self.parent(said)
        while above is not None:
            steps, above = steps + 1, self.parent(above)
        return steps


def _may_be_kept(said: Said) -> bool:
    if said.visibility not in KEEPABLE or said.author.opted_out:
        return False
    return said.kind != "repost" or said.author.role == "owned"


class Scope:
    """All posts that have a role for one organisation, in order of time."""

    def __init__(self, seen: Seen, organisation: Organisation) -> None:
        self.seen = seen
        self.organisation = organisation
        self._owned = {each.number for each in organisation.accounts}
        self._employees = {each.number for each in organisation.employees}
        own_roles = {each.number: self._own_role(each) for each in seen.said}
        concerned = {
            seen.root(each).number for each in seen.said if own_roles[each.number] is not None
        }
        self.roles: dict[int, Role] = {}
        for each in seen.said:
            role = own_roles[each.number]
            if role is not None:
                self.roles[each.number] = role
            elif seen.root(each).number in concerned:
                self.roles[each.number] = "context"
        self.said = [each for each in seen.said if each.number in self.roles]

    def is_owned(self, person: Person) -> bool:
        """Whether the organisation speaks through this account."""
        return person.number in self._owned

    def is_person(self, person: Person) -> bool:
        """Neither owned by the organisation nor one of its employees."""
        return not self.is_owned(person) and person.number not in self._employees

    def having(self, *roles: Role) -> list[Said]:
        """The posts with one of these roles."""
        return [each for each in self.said if self.roles[each.number] in roles]

    def _own_role(self, said: Said) -> Role | None:
        """What a post is by itself, before its thread is considered."""
        if self.is_owned(said.author):
            return "outbound"
        addressed = self._addresses(said)
        if not addressed and self.organisation.name not in said.names:
            return None
        if said.author.number in self._employees:
            return "employee"
        return "addressed" if addressed else "mentioned"

    def _addresses(self, said: Said) -> bool:
        if said.kind == "repost":
            return False
        parent = self.seen.parent(said)
        answers_us = parent is not None and self.is_owned(parent.author)
        return answers_us or any(self.is_owned(each) for each in said.mentions)
