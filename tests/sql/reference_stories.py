"""Which posts of the random towns tell the same story, and how plain loops count stories."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any

Name = tuple[str, str]
"""Platform and post_id."""


def shared_stories(posts: Iterable[Mapping[str, Any]]) -> dict[Name, Name]:
    """A third of the posts tells one of ten stories; each is named after its earliest post."""
    told: dict[int, list[Name]] = {}
    for post in posts:
        chance = random.Random(f"story {post['post_id']}")
        if post["kind"] != "repost" and not post["deleted_at"] and chance.random() < 0.33:
            told.setdefault(chance.randrange(10), []).append((post["platform"], post["post_id"]))
    return {name: min(names) for names in told.values() if len(names) > 1 for name in names}


def story_of(post: Mapping[str, Any], shared: Mapping[Name, Name]) -> Name:
    """A repost tells the story of its original, seen or not; any other post its own."""
    told = post["reposted_id"] if post["kind"] == "repost" else post["post_id"]
    name = (post["platform"], told)
    return shared.get(name, name)
