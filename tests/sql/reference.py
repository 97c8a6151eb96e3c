"""The measures once more, by plain loops over a few posts: what the SQL must agree with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import sqrt
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.world.hours import OFFICE, Desk
from tests.sql.reference_conversations import depth, number_of, reactions

ZONE = ZoneInfo("Europe/Amsterdam")
DESK = Desk(OFFICE, "Europe/Amsterdam", "NL")
WINDOWS = {"1h": 3600, "4h": 14400, "24h": 86400, "7d": 604800}
VOICES = ("addressed", "mentioned", "peer_to_peer")
Cell = tuple[float | None, float | None, float | None]


@dataclass
class Town:
    """The live posts of one platform and whose accounts are whose."""

    posts: dict[str, dict[str, Any]]
    owned: dict[str, str]
    employees: dict[str, str]
    names: dict[str, set[str]]
    through: datetime
    first_names: dict[str, str] = field(default_factory=dict)
    threads: dict[str, str] = field(default_factory=dict)

    def time(self, post: dict[str, Any]) -> datetime:
        moment: datetime = post["created_at"] or post["first_seen_at"]
        return moment

    def author_of(self, post_id: str | None) -> str | None:
        post = self.posts.get(post_id or "")
        return post["author_id"] if post else None

    def parent_author(self, post: dict[str, Any]) -> str | None:
        if post["parent_id"] in self.posts:
            return self.author_of(post["parent_id"])
        author: str | None = post.get("parent_author_id")
        return author

    def writer_above(self, post: dict[str, Any]) -> str | None:
        """Who wrote the parent, also one that nobody may read any more."""
        above = self.everything.get(post["parent_id"]) or {}
        return self.parent_author(post) or above.get("author_id")

    def is_reply(self, post: dict[str, Any]) -> bool:
        return post["kind"] in ("reply", "comment")

    def role(self, post: dict[str, Any], organisation: str) -> str | None:
        author = post["author_id"]
        if self.owned.get(author) == organisation:
            return "outbound"
        tags = post["mentions"] if post["kind"] != "repost" else []
        addresses = any(self.owned.get(name) == organisation for name in tags) or (
            self.is_reply(post) and self.owned.get(self.parent_author(post)) == organisation
        )
        named = organisation in self.names[post["post_id"]]
        if not addresses and not named:
            return None
        if self.employees.get(author) == organisation:
            return "employee"
        is_placed = any(name in self.owned for name in tags)
        if addresses or (post["kind"] == "review" and not is_placed):
            return "addressed"
        peer = self.parent_author(post)
        if self.is_reply(post) and peer and peer not in self.owned and peer not in self.employees:
            return "peer_to_peer"
        return "mentioned"

    def roles(self, organisation: str) -> dict[str, str]:
        """Every post with a role, the others in the same threads as context."""
        spoken = {key: self.role(post, organisation) for key, post in self.posts.items()}
        threads = {self.threads[key] for key, role in spoken.items() if role}
        return {
            key: role or "context" for key, role in spoken.items() if self.threads[key] in threads
        }

    def act(self, post: dict[str, Any], organisation: str, roles: dict[str, str]) -> str:
        def is_own(author: str | None) -> bool:
            return self.owned.get(author or "") == organisation

        if post["kind"] in ("repost", "quote"):
            shared = self.author_of(post.get("reposted_id") or post.get("quoted_id"))
            if shared is None and post["parent_id"] is None:
                shared = post.get("parent_author_id")
            return "self_relay" if is_own(shared) else "relay"
        if self.is_reply(post):
            if post["parent_id"] not in self.posts or not is_own(self.parent_author(post)):
                return "reply"
            others = [
                self.time(other)
                for key, other in self.posts.items()
                if self.threads[key] == self.threads[post["post_id"]]
                and not is_own(other["author_id"])
            ]
            return "reply" if any(at < self.time(post) for at in others) else "continuation"
        return "outreach" if any(not is_own(name) for name in post["mentions"]) else "broadcast"

    def answers(self, post: dict[str, Any], organisation: str) -> list[datetime]:
        """When owned accounts replied below a post, at or after it."""
        times = []
        for reply in self.posts.values():
            if self.owned.get(reply["author_id"]) != organisation:
                continue
            above = reply
            while above := self.everything.get(above["parent_id"]):
                if above is post and self.time(reply) >= self.time(post):
                    times.append(self.time(reply))
        return sorted(times)

    @property
    def everything(self) -> dict[str, dict[str, Any]]:
        return self._everything

    def keep(self, everything: dict[str, dict[str, Any]]) -> Town:
        self._everything = everything
        for key in everything:
            root = key
            while everything[root]["parent_id"] in everything:
                root = everything[root]["parent_id"]
            self.threads[key] = root
        return self


def needs_response(post: dict[str, Any]) -> bool:
    if post["kind"] == "repost":
        return False
    return bool({"question", "complaint", "request"} & set(post["intents"])) or (
        post["kind"] == "review" and (post.get("rating") or 9) <= 3
    )


@dataclass
class Fact:
    """One post in the eyes of one organisation."""

    post: dict[str, Any]
    day: date
    role: str
    act: str | None = None
    mode: str | None = None
    answers: list[datetime] = field(default_factory=list)
    starts: bool = False

    @property
    def answered(self) -> datetime | None:
        return min(self.answers, default=None)


def facts(town: Town, organisation: str) -> list[Fact]:
    """All posts with a role, acts and answers filled in."""
    roles = town.roles(organisation)
    found = {}
    for key, role in roles.items():
        post = town.posts[key]
        fact = Fact(post, town.time(post).astimezone(ZONE).date(), role)
        if role == "outbound":
            fact.act = town.act(post, organisation, roles)
            if fact.act == "reply":
                asked = roles.get(post["parent_id"] or "") == "addressed"
                fact.mode = "reactive" if asked else "proactive"
        if role == "addressed":
            fact.answers = town.answers(post, organisation)
        found[key] = fact
    for fact in found.values():
        if fact.role != "addressed":
            continue
        mine = [
            other
            for key, other in found.items()
            if other.role == "addressed"
            and town.threads[key] == town.threads[fact.post["post_id"]]
            and (other.post["author_id"] or key) == (fact.post["author_id"] or fact.post["post_id"])
        ]
        fact.starts = _starts(fact, mine, town)
    return list(found.values())


def _starts(fact: Fact, mine: list[Fact], town: Town) -> bool:
    """Whether the organisation has answered since the person last spoke here."""
    asked = town.time(fact.post)
    before = [
        place(town, other.post)
        for other in mine
        if place(town, other.post) < place(town, fact.post)
    ]
    if not before:
        return True
    last = max(before)[0]
    return any(last <= answer < asked for other in mine for answer in other.answers)


def place(town: Town, post: dict[str, Any]) -> tuple[datetime, int, int]:
    """Where a post stands in time; at the same instant a reply comes after its parent."""
    return (town.time(post), depth(town, post), number_of(post["platform"], post["post_id"]))


def survival_quantile(spells: list[tuple[float, bool]], level: float) -> float | None:
    """The first time at which the Kaplan-Meier curve is at or below ``level``."""
    survival = 1.0
    for time in sorted({seconds for seconds, _ in spells}):
        at_risk = sum(seconds >= time for seconds, _ in spells)
        answered = sum(seconds == time and ended for seconds, ended in spells)
        survival *= 1 - answered / at_risk
        if answered and survival <= level + 1e-12:
            return time
    return None


def gini(values: list[int]) -> float | None:
    """Half the mean absolute difference over the mean."""
    total = sum(values)
    if not total:
        return None
    differences = sum(abs(one - other) for one in values for other in values)
    return differences / (2 * len(values) * total)


def wilson(numerator: float, denominator: float) -> tuple[float, float]:
    z = 1.959963984540054
    share = numerator / denominator
    middle = share + z * z / (2 * denominator)
    half = z * sqrt(share * (1 - share) / denominator + z * z / (4 * denominator**2))
    scale = 1 + z * z / denominator
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def period_starts(day: date, last_day: date, first_day: date) -> Iterator[tuple[str, date]]:
    """The periods a day belongs to."""
    yield "day", day
    yield "week", day - timedelta(days=day.weekday())
    yield "month", day.replace(day=1)
    yield "quarter", day.replace(day=1, month=3 * ((day.month - 1) // 3) + 1)
    for back in range(28):
        end = day + timedelta(days=back)
        if end <= last_day:
            yield "rolling_28d", end - timedelta(days=27)
    yield "all", first_day


def measures(parts: list[tuple[Town, list[Fact]]], organisation: str) -> dict[str, Cell]:
    """All measures over the facts of one organisation in one period, one part a platform."""
    everything = [fact for _, part in parts for fact in part]
    count: dict[str, int] = defaultdict(int)
    for fact in everything:
        count[fact.role] += 1
        count[f"act {fact.act}"] += 1
        count[f"mode {fact.mode}"] += 1
        if fact.role in VOICES and fact.post["kind"] != "repost":
            count[f"feels {fact.post['sentiment']}"] += 1
    own = count["outbound"] - count["act continuation"]
    sent = count["act broadcast"] + count["act self_relay"]
    heard = count["act reply"] + count["act relay"] + count["act outreach"]
    feelings = sum(count[f"feels {name}"] for name in ("positive", "neutral", "negative"))
    cells: dict[str, Cell] = {
        "own_posts": plain(count["outbound"]),
        "broadcasts": plain(count["act broadcast"]),
        "replies": plain(count["act reply"]),
        "relays": plain(count["act relay"]),
        "outreach": plain(count["act outreach"]),
        "continuations": plain(count["act continuation"]),
        "conversation_share": over(count["act reply"], own),
        "broadcast_share": over(sent, own),
        "listening_ratio": over(heard, sent),
        "proactive_share": over(count["mode proactive"], count["act reply"]),
        "addressed_posts": plain(count["addressed"]),
        "mentioned_posts": plain(count["mentioned"] + count["peer_to_peer"]),
        "volume": plain(len(everything)),
        "net_sentiment": over(count["feels positive"] - count["feels negative"], feelings),
    }
    return (
        cells
        | _giving(parts, count["act reply"])
        | _uses(parts)
        | _responses(parts)
        | _people(parts, organisation)
        | reactions(parts)
    )


def read_in(post: dict[str, Any], what: str) -> Any:
    """What was read in the words of a post; a repost has none of its own."""
    return None if post["kind"] == "repost" else post["reading"][what]


def _giving(parts: list[tuple[Town, list[Fact]]], replies: int) -> dict[str, Cell]:
    own = [(town, fact) for town, part in parts for fact in part if fact.role == "outbound"]
    given = ["give" if fact.act == "relay" else read_in(fact.post, "giving") for _, fact in own]
    models = [read_in(fact.post, "pr_model") for _, fact in own]
    personal = sum(is_personal(town, fact) for town, fact in own if fact.act == "reply")
    names = ("press_agentry", "public_information", "two_way_asymmetrical", "two_way_symmetrical")
    return {
        "give_share": over(given.count("give"), given.count("give") + given.count("take")),
        "personal_address_share": over(personal, replies),
        **{f"{name}_share": over(models.count(name), len(own)) for name in names},
    }


def is_personal(town: Town, fact: Fact) -> bool:
    """Whether a reply is signed or holds the first name of whom it answers, not as a handle."""
    name = town.first_names.get(town.parent_author(fact.post) or "")
    words = re.findall(r"\w+", re.sub(r"@\w+", "", fact.post["text"]))
    return bool(read_in(fact.post, "is_signed")) or (name is not None and name in words)


def _uses(parts: list[tuple[Town, list[Fact]]]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for use in ("service", "knowledge", "image", "sales", "product", "internal"):
        about = [
            (town, fact)
            for town, part in parts
            for fact in part
            if read_in(fact.post, "purpose") == use
        ]
        cells[f"demand_{use}"] = plain(sum(fact.role in VOICES for _, fact in about))
        cells[f"attention_{use}"] = plain(sum(fact.role == "outbound" for _, fact in about))
        day = timedelta(hours=24)
        matured = [
            (fact, town.time(fact.post))
            for town, fact in about
            if fact.role == "addressed" and town.time(fact.post) + day <= town.through
        ]
        answered = sum(bool(fact.answered) and fact.answered - at <= day for fact, at in matured)
        cells[f"response_rate_24h_{use}"] = over(answered, len(matured))
    return cells


def _responses(parts: list[tuple[Town, list[Fact]]]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    asked = [
        (town, fact, town.time(fact.post))
        for town, part in parts
        for fact in part
        if fact.role == "addressed"
    ]
    for name, seconds in WINDOWS.items():
        window = timedelta(seconds=seconds)
        matured = [(fact, at) for town, fact, at in asked if at + window <= town.through]
        answered = [fact for fact, at in matured if fact.answered and fact.answered - at <= window]
        cells[f"response_rate_{name}"] = over(len(answered), len(matured))
        if name == "24h":
            needing = sum(needs_response(fact.post) for fact, _ in matured)
            helped = sum(needs_response(fact.post) for fact in answered)
            cells["needs_response_rate_24h"] = over(helped, needing)
    waiting = [
        (town.through - at).total_seconds()
        for town, fact, at in asked
        if needs_response(fact.post) and not fact.answered and at <= town.through
    ]
    cells["open_queue"] = plain(len(waiting))
    oldest = max(waiting, default=None)
    cells["oldest_waiting_seconds"] = (oldest, oldest, None)
    spells = []
    open_spells = []
    for town, fact, at in asked:
        if fact.starts and at <= town.through:
            ended = fact.answered is not None and fact.answered <= town.through
            until = fact.answered if ended and fact.answered else town.through
            spells.append(((until - at).total_seconds(), ended))
            open_spells.append((DESK.open_seconds(at, until), ended))
    for name, level in (("median", 0.5), ("p90", 0.1)):
        cells[f"first_response_seconds_{name}"] = (
            survival_quantile(spells, level),
            sum(ended for _, ended in spells),
            len(spells),
        )
    cells["first_response_open_seconds_median"] = (
        survival_quantile(open_spells, 0.5),
        sum(ended for _, ended in open_spells),
        len(open_spells),
    )
    return cells


def _people(parts: list[tuple[Town, list[Fact]]], organisation: str) -> dict[str, Cell]:
    threads: dict[tuple[int, str], set[str]] = defaultdict(set)
    answers: dict[tuple[int, str], int] = defaultdict(int)
    asking, helped = set(), set()
    for place, (town, part) in enumerate(parts):
        for fact in part:
            person = town.parent_author(fact.post)
            if person is None and fact.post["parent_id"] in town.posts:
                person = fact.post["parent_id"]
            if fact.act == "reply" and person:
                is_staff = organisation in (town.owned.get(person), town.employees.get(person))
                if not is_staff:
                    threads[place, person].add(town.threads[fact.post["post_id"]])
                    answers[place, person] += 1
            if fact.role == "addressed":
                asker = (place, fact.post["author_id"] or fact.post["post_id"])
                asking.add(asker)
                if fact.answered is not None:
                    helped.add(asker)
    repeated = sum(len(seen) >= 2 for seen in threads.values())
    given = [answers[person] for person in asking]
    return {
        "people_answered": plain(len(threads)),
        "repeat_converser_share": over(repeated, len(threads)),
        "people_answered_share": over(len(helped), len(given)),
        "answer_gini": (gini(given), sum(given), len(given)),
    }


def plain(number: int) -> Cell:
    return (number, number, None)


def over(numerator: int, denominator: int) -> Cell:
    return (numerator / denominator if denominator else None, numerator, denominator)
