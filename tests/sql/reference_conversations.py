"""Threads, reactions and graphs once more, by plain loops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from tests.sql.reference import Cell, Fact, Town

Parts = list[tuple["Town", list["Fact"]]]
Node = tuple[int, str]


def over(numerator: float, denominator: float) -> Cell:
    return (numerator / denominator if denominator else None, numerator, denominator)


def reactions(parts: Parts) -> dict[str, Cell]:
    """What broadcasts received, as far as the platform tells; and what they asked."""
    sent = [(town, fact) for town, part in parts for fact in part if fact.act == "broadcast"]
    own = sum(fact.role == "outbound" for _, part in parts for fact in part)
    own -= sum(fact.act == "continuation" for _, part in parts for fact in part)
    asking = [(town, fact) for town, fact in sent if "question" in fact.post["intents"]]
    taken_up = sum(
        any(
            town.threads[key] == town.threads[fact.post["post_id"]]
            and town.owned.get(post["author_id"]) != organisation_of(town, fact)
            and town.answers(post, organisation_of(town, fact))
            for key, post in town.posts.items()
        )
        for town, fact in asking
    )
    cells = {
        "question_share": over(len(asking), own),
        "questions_answered_share": over(taken_up, len(asking)),
    }
    for measure, column in (
        ("conversation_rate", "replies_count"),
        ("amplification_rate", "reposts_count"),
        ("applause_rate", "likes_count"),
    ):
        told = [fact.post[column] for _, fact in sent if fact.post[column] is not None]
        cells[measure] = over(sum(told), len(told))
    return cells


def organisation_of(town: Town, fact: Fact) -> str:
    return town.owned[fact.post["author_id"]]


def threads(parts: Parts, everything: Parts, organisation: str) -> dict[str, Cell]:
    """Threads whose first outbound or addressed post is in the period."""
    inside = {id(fact) for _, part in parts for fact in part}
    told = []
    for town, part in everything:
        concerned: dict[str, list[Fact]] = {}
        for fact in part:
            if fact.role in ("outbound", "addressed"):
                concerned.setdefault(town.threads[fact.post["post_id"]], []).append(fact)
        for root, found in concerned.items():
            first = min(found, key=lambda each: each.day)
            if id(first) in inside:
                told.append(thread(town, root, found, organisation))
    exchanges = [each for each in told if each["turns"] > 0]
    answered = [each for each in told if each["returned"] is not None]
    asked = [each for each in told if each["asked"]]
    return {
        "turns_mean": over(sum(each["turns"] for each in exchanges), len(exchanges)),
        "returns_after_answer_share": over(
            sum(each["returned"] for each in answered), len(answered)
        ),
        "last_word_customer_share": over(sum(each["customer_last"] for each in asked), len(asked)),
        "thread_depth_mean": over(sum(each["depth"] for each in told), len(told)),
        "thread_size_mean": over(sum(each["size"] for each in told), len(told)),
        "thread_h_index": over(sum(each["h_index"] for each in told), len(told)),
    }


def thread(town: Town, root: str, found: list[Fact], organisation: str) -> dict[str, Any]:
    """One thread in numbers."""
    posts = sorted(
        (post for key, post in town.posts.items() if town.threads[key] == root),
        key=lambda post: (
            town.time(post),
            depth(town, post),
            number_of(post["platform"], post["post_id"]),
        ),
    )
    sides = [town.owned.get(post["author_id"]) == organisation for post in posts]
    staff = town.employees.get(posts[-1]["author_id"]) == organisation
    levels = Counter(
        depth(town, post)
        for post in posts
        if post["author_id"] is None or town.writer_above(post) != post["author_id"]
    )
    answered = [fact for fact in found if fact.role == "addressed" and fact.answers]
    returned = None
    if answered:
        first = min(
            answered,
            key=lambda each: (
                each.answered,
                town.time(each.post),
                number_of(each.post["platform"], each.post["post_id"]),
            ),
        )
        person = first.post["author_id"]
        returned = any(
            person and post["author_id"] == person and town.time(post) > first.answers[0]
            for post in posts
        )
    return {
        "turns": sum(one != other for one, other in pairwise(sides)),
        "size": len(posts),
        "depth": max(depth(town, post) for post in posts),
        "h_index": max((level for level, count in levels.items() if count >= level), default=0),
        "asked": any(fact.role == "addressed" for fact in found),
        "customer_last": not sides[-1] and not staff,
        "returned": returned,
    }


def depth(town: Town, post: dict[str, Any]) -> int:
    above, steps = post, 0
    while above := town.everything.get(above["parent_id"]):
        steps += 1
    return steps


@cache
def number_of(platform: str, name: str) -> int:
    """The number the models give a post: it decides between two of the same instant."""
    row = duckdb.execute("select hash(?, ?)", [platform, name]).fetchone()
    assert row is not None
    return int(row[0])


def edges(parts: Parts) -> set[tuple[Node, Node]]:
    """Who turned to whom."""
    found = set()
    for place, (town, part) in enumerate(parts):
        for fact in part:
            post, author = fact.post, fact.post["author_id"]
            others = [town.parent_author(post)]
            others.append(town.author_of(post["reposted_id"] or post["quoted_id"]))
            others += post["mentions"] if post["kind"] != "repost" else []
            found |= {
                ((place, author), (place, other)) for other in others if other and author != other
            }
    return {edge for edge in found if edge[0][1]}


def nodes(parts: Parts) -> set[Node]:
    spoken = {
        (place, fact.post["author_id"])
        for place, (_, part) in enumerate(parts)
        for fact in part
        if fact.post["author_id"]
    }
    return spoken | {node for edge in edges(parts) for node in edge}


def network(parts: Parts, before: Parts) -> dict[str, Cell]:
    """The graph of one week; ``before`` holds the same towns, a week earlier."""
    links, who, earlier = edges(parts), nodes(parts), nodes(before)
    count = len(who)
    mutual = sum((v, u) in links for u, v in links)
    pairs = len({frozenset(link) for link in links})

    def is_customer(node: Node) -> bool:
        town = parts[node[0]][0]
        return node[1] not in town.owned and node[1] not in town.employees

    def lacking(degrees: Iterable[Node]) -> int:
        counted = Counter(degrees)
        highest = max(counted.values(), default=0)
        return sum(highest - counted[node] for node in who)

    star = max(count - 1, 0) ** 2
    return {
        "edge_reciprocity": over(mutual, len(links)),
        "dyad_reciprocity": over(mutual / 2, pairs),
        "density": over(len(links), count * (count - 1)),
        "in_centralization": over(lacking(v for _, v in links), star),
        "out_centralization": over(lacking(u for u, _ in links), star),
        "isolate_share": over(len(who - {node for link in links for node in link}), count),
        "customer_to_customer_share": over(
            sum(is_customer(u) and is_customer(v) for u, v in links), len(links)
        ),
        "returning_node_share": over(len(earlier & who), len(earlier)),
    }


def week_before(start: date) -> date:
    return date.fromordinal(start.toordinal() - 7)
