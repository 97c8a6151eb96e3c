"""What is added to a source is asked for over the days of a first night, and only once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from pipeline.asked import names_of, new_names
from pipeline.config import Config, resolve_sources
from pipeline.errors import BudgetSpent, LuisterError, PayloadError, SourceUnavailable
from pipeline.post import Gap, Post, Read
from pipeline.relevance.push import Syntax
from pipeline.relevance.tree import All, Text
from pipeline.source import Access, Source
from pipeline.warehouse import open_warehouse
from tests.misbehaving import Misbehaving, answer
from tests.night.test_unasked import asking, days_asked_back, night_of, planned
from tests.pipeline.landed import CONFIG, later, one

BACKFILL_DAYS = 30
WINDOW_DAYS = 7
AGAIN = 1 + WINDOW_DAYS
ACME = {"name": "Acme", "accounts": {"fake": ["acme"]}}
CONNECTOR: Any = SimpleNamespace(
    ACCESS=Access(lists=("groups",)), timeline=asking("/timeline"), mentions=asking("/search")
)


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as running:
        running.on("/search", answer(200, b"[]"))
        running.on("/timeline", answer(200, b"[]"))
        yield running


def configured(tmp_path: Path, server: Misbehaving, **changes: Any) -> Config:
    source = {"name": "src", "platform": "fake", "urls": [server.url("")], "allow_private": True}
    told = {"data": tmp_path, "source": [source | changes.pop("source", {})]}
    return Config.model_validate(CONFIG | told | {"organisation": ACME | changes})


@pytest.mark.parametrize(
    ("added", "searched", "read"),
    [
        ({"aliases": ["Acme Fietsen"]}, BACKFILL_DAYS, AGAIN),
        ({"tags": ["#acmefietst"]}, BACKFILL_DAYS, AGAIN),
        ({"accounts": {"fake": ["acme", "acme_helpt"]}}, BACKFILL_DAYS, BACKFILL_DAYS),
        ({"source": {"options": {"groups": ["fietsers"]}}}, BACKFILL_DAYS, BACKFILL_DAYS),
        ({"source": {"server": "https://elsewhere.example"}}, BACKFILL_DAYS, BACKFILL_DAYS),
        ({"query": "Acme NOT cartoon"}, AGAIN, AGAIN),
        ({"source": {"options": {"without": ["reactions"]}}}, AGAIN, AGAIN),
        ({"name": "ACME", "accounts": {"fake": ["@Acme"]}}, AGAIN, AGAIN),
    ],
    ids=[
        "word",
        "tag",
        "account",
        "list among the options",
        "server",
        "exclusion",
        "other option",
        "spelling",
    ],
)
def test_what_is_added_is_asked_for_further_back_by_the_verbs_that_ask_for_it(
    tmp_path: Path, server: Misbehaving, added: dict[str, Any], searched: int, read: int
) -> None:
    night_of(configured(tmp_path, server), CONNECTOR, 0)

    night_of(configured(tmp_path, server, **added), CONNECTOR, 24)

    assert days_asked_back(server, "/search", 24)[-1] == searched
    assert days_asked_back(server, "/timeline", 24)[-1] == read


@pytest.mark.parametrize("added", ["accounts", "tags"])
def test_names_of_one_spelling_are_names_of_their_own(added: str) -> None:
    alike = {"terms": ("zonneveld",), "tags": ("zonneveld",), "accounts": ("@Zonneveld",)}
    source = Source(name="src", platform="fake", **alike)
    before = msgspec.structs.replace(source, **{added: ()})

    noted = {"mentions": names_of(before, "mentions", CONNECTOR)}

    assert new_names(source, CONNECTOR, noted) == {"mentions": [alike[added][0].removeprefix("@")]}
    assert new_names(before, CONNECTOR, {"mentions": names_of(source, "mentions", CONNECTOR)}) == {}


SEARCHING: Any = SimpleNamespace(
    ACCESS=Access(narrows={"mentions": {"language": "", "region": "world"}}),
    SYNTAX=Syntax(fields={"author": "from:{}"}, denies=("author",)),
    timeline=asking("/timeline"),
    mentions=asking("/search"),
)


@pytest.mark.parametrize(
    ("before", "now", "searched"),
    [
        ({"source": {"language": "nl"}}, {}, BACKFILL_DAYS),
        ({"source": {"language": "nl"}}, {"source": {"language": "en"}}, BACKFILL_DAYS),
        ({}, {"source": {"language": "nl"}}, AGAIN),
        ({"source": {"options": {"region": "nl"}}}, {}, BACKFILL_DAYS),
        ({}, {"source": {"options": {"region": "nl"}}}, BACKFILL_DAYS),
        ({"query": "Acme AND bike"}, {"query": "Acme"}, BACKFILL_DAYS),
        ({"query": "Acme AND bike"}, {"query": "Acme AND (bike OR shop)"}, BACKFILL_DAYS),
        ({"query": "Acme AND bike"}, {}, BACKFILL_DAYS),
        ({"query": "Acme NOT author:robot"}, {"query": "Acme"}, BACKFILL_DAYS),
        ({"query": "Acme"}, {"query": "Acme AND bike"}, AGAIN),
        ({}, {"query": "Acme AND bike NOT author:robot"}, AGAIN),
        ({"query": "bike AND Acme"}, {"query": "Acme AND bike"}, AGAIN),
        ({"query": "Acme NOT cartoon"}, {"query": "Acme"}, AGAIN),
    ],
    ids=[
        "any language",
        "another language",
        "one language",
        "default region",
        "another region",
        "one word of two",
        "another second word",
        "no query",
        "nobody left out",
        "a second word",
        "a first query",
        "another order",
        "a word only we leave out",
    ],
)
def test_what_is_left_out_no_more_is_asked_for_further_back_where_the_platform_left_it_out(
    tmp_path: Path,
    server: Misbehaving,
    before: dict[str, Any],
    now: dict[str, Any],
    searched: int,
) -> None:
    night_of(configured(tmp_path, server, **before), SEARCHING, 0)

    for hours in (24, 48):
        night_of(configured(tmp_path, server, **now), SEARCHING, hours)

    read_back = [searched] if searched == BACKFILL_DAYS else []
    assert days_asked_back(server, "/search", 24)[1:-1] == [AGAIN, *read_back]
    assert days_asked_back(server, "/search", 48)[-1] == AGAIN
    assert days_asked_back(server, "/timeline", 48)[-1] == AGAIN


def test_the_rehearsal_tells_that_less_is_left_out(tmp_path: Path, server: Misbehaving) -> None:
    night_of(configured(tmp_path, server, source={"language": "nl"}), SEARCHING, 0)

    (plan,) = planned(configured(tmp_path, server), 24, SEARCHING)

    assert plan.new_names == {"mentions": ["what was left out until now"]}


def test_a_search_of_many_words_is_looked_up_at_once() -> None:
    words = tuple(Text(f"word{number}") for number in range(60))
    connector = SimpleNamespace(
        ACCESS=Access(), SYNTAX=Syntax(either="anywhere", longest=999, words=99)
    )
    source = Source(name="src", platform="fake", query=All(words))

    assert len(new_names(source, connector, {"mentions": ()})["mentions"]) == 2


def test_it_is_read_back_once(tmp_path: Path, server: Misbehaving) -> None:
    night_of(configured(tmp_path, server), CONNECTOR, 0)
    more = configured(tmp_path, server, aliases=["Acme Fietsen"])

    for hours in (24, 48):
        night_of(more, CONNECTOR, hours)

    assert days_asked_back(server, "/search", 48)[-1] == AGAIN


def test_a_night_that_failed_leaves_it_to_the_next(tmp_path: Path, server: Misbehaving) -> None:
    night_of(configured(tmp_path, server), CONNECTOR, 0)
    more = configured(tmp_path, server, aliases=["Acme Fietsen"])
    server.on("/search", answer(403, b"no"))
    night_of(more, CONNECTOR, 24)
    server.on("/search", answer(200, b"[]"))

    night_of(more, CONNECTOR, 48)

    assert days_asked_back(server, "/search", 48)[-1] == BACKFILL_DAYS


def broke_off(_source: Source, _client: Any, _post: Post) -> Iterator[Read]:
    raise BudgetSpent("no more of it")
    yield


def talking(source: Source, client: Any, since: datetime) -> Iterator[Read]:
    yield from asking("/search")(source, client, since)
    yield Post(platform="fake", post_id="p1", kind="post", observed_at=later(0), replies_count=1)


BROKEN: Any = SimpleNamespace(ACCESS=Access(), mentions=talking, thread=broke_off)


def test_what_is_added_after_a_first_night_that_heard_all_is_read_back(
    tmp_path: Path, server: Misbehaving
) -> None:
    """Its conversations broke off: that is no reason to forget what was asked for."""
    night_of(configured(tmp_path, server), BROKEN, 0)
    more = configured(tmp_path, server, aliases=["Acme Fietsen"])

    night_of(more, CONNECTOR, 24)

    assert days_asked_back(server, "/search", 24)[-1] == BACKFILL_DAYS


def test_what_was_not_read_back_yet_is_new_until_it_is(tmp_path: Path, server: Misbehaving) -> None:
    night_of(configured(tmp_path, server), CONNECTOR, 0)
    more = configured(tmp_path, server, aliases=["Acme Fietsen"])
    night_of(more, BROKEN, 24)

    night_of(more, CONNECTOR, 48)

    assert days_asked_back(server, "/search", 48)[-2:] == [AGAIN, BACKFILL_DAYS]


def short_of(days: int, then: Gap | LuisterError) -> Any:
    """A connector whose search reaches so many days back, and says or raises ``then`` beyond."""

    def mentions(source: Source, client: Any, since: datetime) -> Iterator[Read]:
        yield from asking("/search")(source, client, since)
        if since >= later(24) - timedelta(days=days):
            return
        if isinstance(then, LuisterError):
            raise then
        yield then

    return SimpleNamespace(ACCESS=Access(), mentions=mentions)


@pytest.mark.parametrize(
    "then",
    [
        Gap(gap_from=later(-700), gap_to=later(-200), reason="only nine days are given"),
        BudgetSpent("no more of it"),
        PayloadError("not understood"),
    ],
    ids=["gap", "budget", "payload"],
)
def test_what_a_platform_does_not_give_of_it_stops_nobody_and_leaves_no_gap(
    tmp_path: Path, server: Misbehaving, then: Gap | LuisterError
) -> None:
    connector = short_of(9, then)
    night_of(configured(tmp_path, server), CONNECTOR, 0)
    more = configured(tmp_path, server, aliases=["Acme Fietsen"])

    assert night_of(more, connector, 24) == ()
    assert night_of(more, connector, 48) == ()

    assert days_asked_back(server, "/search", 48)[-2:] == [BACKFILL_DAYS + 1, AGAIN]
    with open_warehouse(tmp_path) as warehouse:
        assert warehouse.progress("src") == later(48)
        assert one(warehouse, "select count(*) from ops.gaps") == 0


def test_a_platform_that_was_away_is_asked_for_it_again(
    tmp_path: Path, server: Misbehaving
) -> None:
    night_of(configured(tmp_path, server), CONNECTOR, 0)
    more = configured(tmp_path, server, aliases=["Acme Fietsen"])
    night_of(more, short_of(9, SourceUnavailable("away")), 24)

    night_of(more, CONNECTOR, 48)

    assert days_asked_back(server, "/search", 48)[-2:] == [AGAIN, BACKFILL_DAYS]


def test_a_name_that_was_away_for_a_while_is_asked_for_again(
    tmp_path: Path, server: Misbehaving
) -> None:
    more = configured(tmp_path, server, aliases=["Acme Fietsen"])
    night_of(more, CONNECTOR, 0)
    night_of(configured(tmp_path, server), CONNECTOR, 24)

    night_of(more, CONNECTOR, 48)

    assert days_asked_back(server, "/search", 48)[-1] == BACKFILL_DAYS


def test_the_rehearsal_tells_for_what_a_verb_goes_back(tmp_path: Path, server: Misbehaving) -> None:
    night_of(configured(tmp_path, server), CONNECTOR, 0)

    (plan,) = planned(configured(tmp_path, server, tags=["#acmefietst"]), 24, CONNECTOR)

    assert plan.new_names == {"mentions": ["acmefietst"]}
    assert plan.first_since == later(24 - BACKFILL_DAYS * 24)


def test_a_source_that_was_read_before_this_was_noted_goes_on(
    tmp_path: Path, server: Misbehaving
) -> None:
    config = configured(tmp_path, server)
    night_of(config, CONNECTOR, 0)
    with open_warehouse(tmp_path) as warehouse:
        warehouse.database.execute("delete from ops.asked_names")

    night_of(config, CONNECTOR, 24)

    assert days_asked_back(server, "/search", 24)[-1] == AGAIN


def test_the_ledger_holds_no_name(tmp_path: Path, server: Misbehaving) -> None:
    config = configured(tmp_path, server)
    night_of(config, CONNECTOR, 0)

    with open_warehouse(tmp_path) as warehouse:
        noted = warehouse.asked_names("src")

    assert new_names(resolve_sources(config)[0], CONNECTOR, noted) == {}
    assert {verb: len(digests) for verb, digests in noted.items()} == {
        "mentions": 5,
        "timeline": 3,
    }
    assert not any("acme" in digest for digests in noted.values() for digest in digests)
