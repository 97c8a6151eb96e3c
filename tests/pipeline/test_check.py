"""What `luister check` finds wrong before a night finds it out."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from connectors import load
from pipeline.check import check
from pipeline.check_reach import FEW, reach
from pipeline.config import Config
from pipeline.http import Client
from pipeline.source import Access, Connector, Quota, Source
from tests.misbehaving import Misbehaving, answer
from tests.pipeline.landed import CONFIG
from tests.servers.bluesky import free_port


@pytest.mark.parametrize("name", ["luister.duckdb", "analytics.duckdb"])
def test_a_damaged_file_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"damaged" * 1000)
    config = Config.model_validate(CONFIG | {"data": tmp_path})

    found = [each for each in check(config, load, is_online=False) if each.level == "wrong"]

    assert [each.about for each in found] == [str(tmp_path / name)]
    assert "not a valid DuckDB database" in found[0].found
    assert "luister run" in found[0].mend


def test_a_database_in_order_is_not_wrong(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "luister.duckdb")).close()
    config = Config.model_validate(CONFIG | {"data": tmp_path})

    assert not [each for each in check(config, load, is_online=False) if each.level == "wrong"]


def folder(path: Path) -> None:
    path.mkdir()


def another_program(path: Path) -> None:
    with duckdb.connect(str(path)) as database:
        database.execute("create table customers (name varchar)")


def sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("create table customers (name text)")


@pytest.mark.parametrize("name", ["luister.duckdb", "analytics.duckdb"])
@pytest.mark.parametrize(
    ("put", "told"),
    [
        (folder, "is a folder"),
        (os.mkfifo, "is no file"),
        (sqlite, "another program (SQLite)"),
        (another_program, "another program"),
    ],
)
def test_what_stands_in_place_of_a_database_is_found(
    tmp_path: Path, name: str, put: Callable[[Path], None], told: str
) -> None:
    put(tmp_path / name)
    config = Config.model_validate(CONFIG | {"data": tmp_path})

    found = [each for each in check(config, load, is_online=False) if each.level == "wrong"]

    assert [each.about for each in found] == [str(tmp_path / name)]
    assert told in found[0].found
    assert "move it away" in found[0].mend


def wrong(**source: Any) -> list[str]:
    """Findings that are wrong, of a configuration with one source."""
    config = Config.model_validate(CONFIG | {"source": [{"name": "news"} | source]})
    found = check(config, load, is_online=False)
    return [f"{each.about}: {each.found}" for each in found if each.level == "wrong"]


@pytest.mark.fault(57)
@pytest.mark.parametrize(
    "source",
    [
        {"platform": "feed", "urls": ["https://site.example/feed?access_token=CANARY-123"]},
        {"platform": "feed", "urls": ["https://me:CANARY-123@site.example/feed"]},
        {"platform": "discourse", "server": "https://forum.example/?api_key=CANARY-123"},
        {"platform": "mastodon", "options": {"client_secret": "CANARY-123"}},
    ],
)
def test_a_secret_in_the_configuration_is_wrong_and_not_shown(source: dict[str, Any]) -> None:
    told = wrong(**source)

    assert any("a secret stands in luister.toml" in each for each in told)
    assert not any("CANARY" in each for each in told)


@pytest.mark.parametrize(
    "address", ["https://site.example/feed?page_token=2&author=key", "https://site.example/keys"]
)
def test_an_address_without_a_secret_is_not(address: str) -> None:
    assert wrong(platform="feed", urls=[address]) == []


def strangers(**source: Any) -> list[tuple[str, str]]:
    """What is found of the accounts of one source: Acme owns three, and declares an employee."""
    organisation = {
        "name": "Acme",
        "accounts": {"mastodon": ["@acme@social.example"], "x": ["AcmeCare"]},
        "employees": {"x": ["eva"]},
    }
    competitor = [{"name": "Rival", "accounts": {"x": ["rival"]}}]
    config = Config.model_validate(
        CONFIG
        | {"organisation": organisation, "competitor": competitor}
        | {"source": [{"name": "news"} | source]}
    )
    found = check(config, load, is_online=False)
    return [(each.found, each.mend) for each in found if each.about == "news: accounts"]


def test_an_account_that_no_organisation_owns_is_told() -> None:
    ((found, mend),) = strangers(platform="x", accounts=["acmecare", "acmecaer"])

    assert found.startswith("acmecaer is no account of an organisation")
    assert mend.startswith("write `x` with this name under the accounts of whose it is")
    assert mend.endswith("or correct the slip; did you mean 'acmecare'?")


def test_where_a_platform_has_no_accounts_there_is_nothing_to_mean() -> None:
    ((_, mend),) = strangers(platform="bluesky", accounts=["acme.example"])

    assert mend.endswith("or correct the slip")


@pytest.mark.parametrize(
    "source",
    [
        {"platform": "x", "accounts": ["@ACMECare", "rival", "eva"]},
        {"platform": "x"},
        {"platform": "mastodon", "accounts": ["Acme@social.example"]},
        {"platform": "mastodon", "server": "https://social.example", "accounts": ["@acme"]},
    ],
)
def test_an_account_that_somebody_owns_is_no_stranger_however_it_is_written(
    source: dict[str, Any],
) -> None:
    assert strangers(**source) == []


def test_accounts_on_a_platform_that_is_none_are_told() -> None:
    accounts = {"mastadon": ["acme@social.example"], "x": ["acme"], "calls": ["desk"]}
    table = {"name": "calls", "platform": "table", "options": {"platform": "calls"}}
    config = Config.model_validate(
        CONFIG | {"organisation": {"name": "Acme", "accounts": accounts}, "source": [table]}
    )

    told = [each for each in check(config, load, is_online=False) if "Acme" in each.about]

    (found,) = [each for each in told if each.level == "note"]
    assert "unknown platform 'mastadon': did you mean 'mastodon'?" in found.found
    assert "correct the slip" in found.mend


@pytest.mark.parametrize(
    ("source", "told", "mend"),
    [
        (
            {"platform": "table", "urls": ["/nowhere/calls.csv"]},
            "/nowhere/calls.csv: there is no such file",
            "see how it is spelt in luister.toml",
        ),
        (
            {"platform": "feed", "urls": ["nieuws.example/feed.xml"]},
            "an address begins with https:// or http://",
            "mend the address",
        ),
        (
            {"platform": "feed", "urls": ["https://nieuws.invalid/feed.xml"]},
            "https://nieuws.invalid/feed.xml: the name 'nieuws.invalid' is not known",
            "see whether it is written right and this machine is online",
        ),
    ],
)
def test_a_slip_in_an_address_is_told_with_the_address(
    source: dict[str, Any], told: str, mend: str
) -> None:
    config = Config.model_validate(CONFIG | {"source": [{"name": "news"} | source]})

    (found,) = [each for each in check(config, load) if each.level == "wrong"]

    assert told in found.found
    assert mend in found.mend


def test_a_source_that_cannot_be_reached_is_told_with_what_to_look_at() -> None:
    source = {"name": "news", "platform": "feed", "allow_private": True}
    config = Config.model_validate(
        CONFIG | {"source": [source | {"urls": [f"http://127.0.0.1:{free_port()}/feed.xml"]}]}
    )

    (found,) = [each for each in check(config, load) if each.about == "news: feed"]

    assert found.level == "wrong"
    assert found.mend == "see whether this machine is online; the next night tries again"


def test_what_the_first_question_does_not_ask_is_asked_too(
    server: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASTODON_ACCESS_TOKEN", "of-somebody")
    server.on("/api/v2/search", answer(200, b'{"accounts": [], "statuses": [], "hashtags": []}'))
    server.on("/api/v1/notifications", answer(403, b'{"error": "outside the authorized scopes"}'))
    source = {"name": "social", "platform": "mastodon", "allow_private": True}
    config = Config.model_validate(
        CONFIG | {"source": [source | {"server": server.url(""), "verbs": ["mentions", "inbox"]}]}
    )

    found = {each.about: each for each in check(config, load)}

    assert found["social: mastodon"].level == "ok"
    assert found["social: mastodon"].found == "answers (mentions)"
    assert found["social: mastodon: inbox"].level == "wrong"
    assert found["social: mastodon: inbox"].found.endswith(
        "the server refuses (403): outside the authorized scopes"
    )


def test_a_key_that_opens_nothing_is_told_once(
    server: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASTODON_ACCESS_TOKEN", "of-somebody")
    for path in ("/api/v2/search", "/api/v1/notifications"):
        server.on(path, answer(401, b'{"error": "The access token is invalid"}'))
    source = {"name": "social", "platform": "mastodon", "allow_private": True}
    config = Config.model_validate(
        CONFIG | {"source": [source | {"server": server.url(""), "verbs": ["mentions", "inbox"]}]}
    )

    (found,) = [each for each in check(config, load) if each.level == "wrong"]

    assert found.about == "social: mastodon"


def test_an_account_that_is_not_there_is_found(server: Misbehaving) -> None:
    server.on("/api/v1/accounts/lookup", answer(404, b'{"error": "Record not found"}'))
    source = {"name": "social", "platform": "mastodon", "allow_private": True, "terms": []}
    config = Config.model_validate(
        CONFIG | {"source": [source | {"server": server.url(""), "accounts": ["bolt"], "tags": []}]}
    )

    (found,) = [each for each in check(config, load) if each.level == "wrong"]

    assert found.about == "social: mastodon: timeline"
    assert "knows no account bolt" in found.found


def test_where_questions_are_paid_for_one_that_is_answered_is_enough() -> None:
    def gives_one(*_: object) -> list[str]:
        return ["a post"]

    def is_not_asked(*_: object) -> list[str]:
        raise AssertionError("asked for money")

    connector = SimpleNamespace(
        ACCESS=Access(quotas={"posts": Quota(euro=0.005)}),
        mentions=gives_one,
        timeline=is_not_asked,
        inbox=is_not_asked,
    )
    (found,) = reach(
        Config.model_validate(CONFIG),
        Source(name="paid", platform="paid"),
        cast("Connector", connector),
    )

    assert found.found == "can be read (mentions)"


def test_a_walk_that_finds_nothing_new_is_not_walked_to_its_end(server: Misbehaving) -> None:
    server.on("/posts", answer(200, b"[]"))

    def walks_on(_: Source, client: Client, __: datetime) -> Iterator[str]:
        while len(server.asked) < 50:
            client.get(server.url("/posts"))
        yield from ()

    connector = SimpleNamespace(ACCESS=Access(), mentions=walks_on, inbox=walks_on)
    (found,) = reach(
        Config.model_validate(CONFIG),
        Source(name="quiet", platform="quiet", allow_private=True),
        cast("Connector", connector),
    )

    assert (found.level, found.found) == ("ok", "answers (mentions, inbox)")
    assert len(server.asked) == 2 * FEW


def test_what_is_refused_before_enough_was_answered_is_told(server: Misbehaving) -> None:
    server.on("/me", answer(200, b"{}"))
    server.on("/posts", answer(403, b'{"error": "not allowed"}'))

    def is_refused(_: Source, client: Client, __: datetime) -> Iterator[str]:
        client.get(server.url("/me"))
        client.get(server.url("/posts"))
        yield from ()

    connector = SimpleNamespace(ACCESS=Access(), mentions=is_refused)
    (found,) = reach(
        Config.model_validate(CONFIG),
        Source(name="shut", platform="shut", allow_private=True),
        cast("Connector", connector),
    )

    assert found.level == "wrong"
    assert found.found.endswith("the server refuses (403): not allowed")
