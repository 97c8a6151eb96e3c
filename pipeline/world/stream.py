"""Any number of posts, fast: the world told over and over by ever new people, for benchmarks."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pipeline.post import KEEPABLE, Post
from pipeline.world.identity import handle, post_id
from pipeline.world.shape import Said, World

_WORD: Final = re.compile(r"(?<!\S)[a-zà-ÿ]{5,}(?!\S)")


def posts(world: World, count: int) -> Iterator[Post]:
    """``count`` posts with distinct ids and texts, threads intact, within the days of the world.

    Every telling of the world is a little later than the one before, by other people. Posts that
    may not be kept are not among them.
    """
    kept = [each for each in world.said if each.visibility in KEEPABLE]
    heard = [each for each in kept if not each.author.opted_out]
    names = [name for each in world.organisations for name in (each.name, *each.aliases)]
    more = _More(heard, {name.lower() for name in names})
    told = [_telling(each, world.ends_at, more.of(each)) for each in heard]
    given = 0
    telling = 0
    while told and given < count:
        for tell in told:
            if given == count:
                return
            yield tell(telling)
            given += 1
        telling += 1


class _More:
    """The words by which a text that was told before differs from what was told then.

    They are words of the world in the language of the text, but for names. A number at the end of
    each text would make all of them look signed, or like numbers of people.
    """

    def __init__(self, heard: Sequence[Said], names: Collection[str]) -> None:
        self._alike = Counter(each.text for each in heard)
        self._told: Counter[str] = Counter()
        words: defaultdict[str, set[str]] = defaultdict(set)
        for each in heard:
            words[each.language].update(_WORD.findall(each.text))
        self._words = {tongue: sorted(found - set(names)) for tongue, found in words.items()}
        self._language: dict[str, str] = {}

    def of(self, said: Said) -> Callable[[int], str]:
        """The text by the number of its telling, as it is where it is told the first time."""
        place, alike = self._told[said.text], self._alike[said.text]
        self._told[said.text] += 1
        # the same words in all languages in which a text is told
        language = self._language.setdefault(said.text, said.language)
        words = self._words[language] or [language]
        first, _, rest = said.text.partition(" ")

        def text(telling: int) -> str:
            number = telling * alike + place
            if not number:
                return said.text
            added = []
            while number:
                number, digit = divmod(number - 1, len(words))
                added.append(words[digit])
            # behind the first word: texts begin and end as they do
            return " ".join((first, *added, rest)).rstrip(" ")

        return text


def _telling(
    said: Said, observed_at: datetime, text: Callable[[int], str]
) -> Callable[[int], Post]:
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
            text=text(telling) if said.text else "",
            **fixed,
        )

    return tell
