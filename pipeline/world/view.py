"""The world as it stands at one moment: what exists by then, who answered whom, how often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from pipeline.post import KEEPABLE
from pipeline.world.identity import at_uri, snowflake
from pipeline.world.shape import Person, Said, World


class View:
    """A world at ``as_of``; everything in it is ordered by time, oldest first."""

    def __init__(self, world: World, as_of: datetime) -> None:
        self.world = world
        self.as_of = as_of
        self.said = [each for each in world.said if each.exists(as_of)]
        self._children: dict[int, list[Said]] = defaultdict(list)
        self._reposts: dict[int, list[Said]] = defaultdict(list)
        self._quotes: dict[int, list[Said]] = defaultdict(list)
        self.by_platform: dict[str, list[Said]] = defaultdict(list)
        self.by_author: dict[int, list[Said]] = defaultdict(list)
        self.by_name: dict[str, Said] = {}
        self.by_number: dict[int, Said] = {}
        for each in self.said:
            self._place(each)

    def _place(self, said: Said) -> None:
        self.by_platform[said.platform].append(said)
        self.by_author[said.author.number].append(said)
        self.by_number[said.number] = said
        if said.platform in {"mastodon", "bluesky"}:
            self.by_name[snowflake(said) if said.platform == "mastodon" else at_uri(said)] = said
        if said.parent is not None:
            self._children[said.parent.number].append(said)
        if said.target is not None:
            passed_on = self._reposts if said.kind == "repost" else self._quotes
            passed_on[said.target.number].append(said)

    def exists(self, said: Said | None) -> bool:
        """Whether it can be found at this moment."""
        return said is not None and said.number in self.by_number

    def children(self, said: Said) -> list[Said]:
        """Direct replies, those that not everybody may read included."""
        return self._children[said.number]

    def public_children(self, said: Said) -> list[Said]:
        """Direct replies that everybody may read: the platforms count these."""
        return [each for each in self.children(said) if each.visibility in KEEPABLE]

    def reposts(self, said: Said) -> list[Said]:
        """Who passed it on without a word."""
        return self._reposts[said.number]

    def quotes(self, said: Said) -> list[Said]:
        """Who passed it on with a word."""
        return self._quotes[said.number]

    def ancestors(self, said: Said) -> list[Said]:
        """From the root down to the parent; ends where a post no longer exists."""
        found: list[Said] = []
        above = said.parent
        while above is not None and self.exists(above):
            found.append(above)
            above = above.parent
        return found[::-1]

    def descendants(self, said: Said) -> Iterator[Said]:
        """Everything below it, each before what answers it."""
        for child in self.children(said):
            yield child
            yield from self.descendants(child)

    def by(self, person: Person) -> list[Said]:
        """Everything a person said."""
        return self.by_author[person.number]
