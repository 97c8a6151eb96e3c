"""How conversations run and whom they reach (measures.md, sections 3.1 and 3.3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from pipeline.world.shape import Said
from pipeline.world.truth.acts import act
from pipeline.world.truth.answers import Asked
from pipeline.world.truth.scope import Scope

Measures = dict[str, tuple[float | None, float | None]]


def thread_measures(scope: Scope, chosen: Sequence[Asked], platform: str) -> Measures:
    """Turns, returns, last word, depth, size and h-index over the organisation's threads."""
    threads = _threads(scope, platform)
    spoken = [each for each in threads if _both_spoke(scope, each)]
    asked_in: dict[int, list[Asked]] = defaultdict(list)
    for each in chosen:
        asked_in[scope.seen.root(each.said).number].append(each)
    answered = [
        each for each in asked_in.values() if any(one.answered_at is not None for one in each)
    ]
    returned = sum(_comes_back(scope, each) for each in answered)
    last_words = [scope.seen.threads[number][-1] for number in asked_in]
    customer_last = sum(scope.is_person(each.author) for each in last_words)
    return {
        "turns_mean": (sum(turns(scope, each) for each in spoken), len(spoken)),
        "returns_after_answer_share": (returned, len(answered)),
        "last_word_customer_share": (customer_last, len(asked_in)),
        "thread_depth_mean": (
            sum(max(scope.seen.depth(one) for one in each) for each in threads),
            len(threads),
        ),
        "thread_size_mean": (sum(len(each) for each in threads), len(threads)),
        "thread_h_index": (sum(h_index(scope, each) for each in threads), len(threads)),
    }


def _threads(scope: Scope, platform: str) -> list[list[Said]]:
    """Threads with an outbound or addressed post of the organisation."""
    numbers = {
        scope.seen.root(each).number
        for each in scope.having("outbound", "addressed")
        if platform in {"all", each.platform}
    }
    return [scope.seen.threads[number] for number in sorted(numbers)]


def _both_spoke(scope: Scope, thread: Sequence[Said]) -> bool:
    return len({scope.is_owned(each.author) for each in thread}) == 2


def turns(scope: Scope, thread: Sequence[Said]) -> int:
    """How often the word passed between the organisation and others."""
    sides = [scope.is_owned(each.author) for each in thread]
    return sum(one != other for one, other in pairwise(sides))


def _comes_back(scope: Scope, asked_in_thread: Sequence[Asked]) -> bool:
    """Whether the person answered first speaks again after that answer."""
    answered = [each for each in asked_in_thread if each.answered_at is not None]
    first = min(answered, key=lambda each: each.answered_at or each.said.at)
    thread = scope.seen.threads[scope.seen.root(first.said).number]
    return any(
        each.author is first.said.author and first.answered_at and each.at > first.answered_at
        for each in thread
    )


def h_index(scope: Scope, thread: Sequence[Said]) -> int:
    """Largest level that holds at least that many posts; replies to oneself are dropped."""
    levels: Counter[int] = Counter()
    for each in thread:
        parent = scope.seen.parent(each)
        if parent is not None and parent.author is not each.author:
            levels[scope.seen.depth(each)] += 1
    return max((level for level, count in levels.items() if count >= level), default=0)


def people_measures(scope: Scope, outbound: Sequence[Said], chosen: Sequence[Asked]) -> Measures:
    """Who got an answer, how often, and how unevenly."""
    answers: dict[int, list[Said]] = defaultdict(list)
    for each in outbound:
        if each.parent is not None and scope.is_person(each.parent.author):
            answers[each.parent.author.number].append(each)
    addressing = {
        number: len(answers.get(number, ()))
        for number in {one.said.author.number for one in chosen}
    }
    answered = {one.said.author.number for one in chosen if one.answered_at is not None}
    in_threads = {
        person: {scope.seen.root(each).number for each in given}
        for person, given in answers.items()
    }
    repeated = sum(len(each) >= 2 for each in in_threads.values())
    return {
        "people_answered": (len(answers), None),
        "people_answered_share": (len(answered), len(addressing)),
        "repeat_converser_share": (repeated, len(answers)),
        "answer_gini": (gini(list(addressing.values())), None),
    }


def gini(values: Sequence[float]) -> float | None:
    """Gini coefficient: half the mean absolute difference over the mean; None without answers."""
    total = sum(values)
    if not values or total == 0:
        return None
    ordered = sorted(values)
    count = len(ordered)
    weighted = sum((2 * rank - count - 1) * each for rank, each in enumerate(ordered, start=1))
    return weighted / (count * total)


def reaction_measures(scope: Scope, outbound: Sequence[Said]) -> Measures:
    """Replies, reposts and likes received a broadcast, as far as the platform tells them."""
    view = scope.seen.view
    sent = [each for each in outbound if act(scope, each) == "broadcast"]
    replies = [count for each in sent if (count := _replies_told(scope, each)) is not None]
    counted = [each for each in sent if each.platform in {"mastodon", "bluesky"}]
    liked = [each for each in sent if each.platform != "feed"]
    return {
        "conversation_rate": (sum(replies), len(replies)),
        "amplification_rate": (sum(len(view.reposts(each)) for each in counted), len(counted)),
        "applause_rate": (sum(_likes(scope, each) for each in liked), len(liked)),
    }


def _replies_told(scope: Scope, said: Said) -> int | None:
    """How many replies the platform says there are; None where it does not say."""
    view = scope.seen.view
    if said.platform == "mastodon":
        return len(view.public_children(said))
    if said.platform == "bluesky":
        return len(view.children(said))
    if said.platform == "feed" and scope.organisation.blog != "feed/":
        return None
    return sum(1 for _ in view.descendants(said))


def _likes(scope: Scope, said: Said) -> int:
    likes = said.likes_at(scope.seen.as_of)
    return likes + 1 if said.platform == "hackernews" else likes
