"""Any number of posts, fast: the world told over and over by ever new people, for benchmarks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from pipeline.post import KEEPABLE, Post
from pipeline.world.identity import handle, post_id
from pipeline.world.shape import Said, World


def posts(world: World, count: int) -> Iterator[Post]:
    """``count`` posts with distinct ids and texts, threads intact, within the days of the world.

    Every telling of the world is a little later than the one before, by other people. Posts that
    may not be kept are not among them.
    """
    kept = (each for each in world.said if each.visibility in KEEPABLE)
    told = [_telling(each, world.ends_at) for each in kept if not each.author.opted_out]
    given = 0
    telling = 0
    while told and given < count:
        for tell in told:
            if given == count:
                return
            yield tell(telling)
            given += 1
        telling += 1


def _telling(said: Said, observed_at: datetime) -> Callable[[int], Post]:
    """How one post is told again: what does not change is prepared once."""
    own_id = post_id(said)
    parent_id = post_id(said.parent) if said.parent else None
    root_id = post_id(said.root) if said.parent else None
    target_id = post_id(said.target) if said.target else None
    author = handle(said.author)
    fixed: dict[str, Any] = {
        "platform": said.platform,
        "kind": said.kind,
        "title": said.title,
        "language": said.language,
        "mentions": tuple(handle(each) for each in said.mentions),
        "tags": said.tags,
        "links": said.links,
        "likes_count": said.likes,
        "author_followers_count": said.author.followers,
        "visibility": said.visibility,
        "payload": f'{{"number":{said.number}}}',
    }
    is_quote = said.kind == "quote"
    is_own = said.author.role == "owned"

    def tell(telling: int) -> Post:
        at = said.at + timedelta(seconds=37 * (telling % 2000))
        name = author if is_own else f"{telling}.{author}"
        return Post(
            post_id=f"{own_id}/{telling}",
            parent_id=f"{parent_id}/{telling}" if parent_id else None,
            root_id=f"{root_id}/{telling}" if root_id else None,
            quoted_id=f"{target_id}/{telling}" if target_id and is_quote else None,
            reposted_id=f"{target_id}/{telling}" if target_id and not is_quote else None,
            created_at=at,
            observed_at=observed_at,
            author_id=name,
            author_handle=name,
            text=f"{said.text} ({said.number}.{telling})" if said.text else "",
            **fixed,
        )

    return tell
