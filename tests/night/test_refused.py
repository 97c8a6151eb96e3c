"""A source that refuses: the night, its status and its database name the variable to look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.commands import nights
from pipeline.config import Config
from pipeline.source import Access
from pipeline.warehouse import open_warehouse, read_status
from tests.misbehaving import Misbehaving, answer
from tests.night.test_unasked import asking, night_of
from tests.pipeline.landed import CONFIG, rows

CANARY = "canary-31337-value"


def asking_with_key(address: str) -> Any:
    verb = asking(address)

    def listen(source: Any, client: Any, since: Any) -> Any:
        client.secret("SEARCH_KEY")
        return verb(source, client, since)

    return listen


OPEN_OR_WITH_KEY: Any = SimpleNamespace(
    ACCESS=Access(secrets=("SEARCH_KEY",)), mentions=asking_with_key("/search")
)


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving() as running:
        running.on("/search", answer(401, f"token {CANARY} is no good".encode()))
        yield running


@pytest.fixture
def config(tmp_path: Path, server: Misbehaving) -> Config:
    source = {
        "name": "src",
        "platform": "feed",
        "urls": [server.url("")],
        "allow_private": True,
        "secrets": {"SEARCH_KEY": "OUR_SEARCH_KEY"},
    }
    return Config.model_validate(CONFIG | {"data": tmp_path, "source": [source]})


@pytest.mark.fault(4)
def test_a_refused_secret_is_named_by_its_variable_and_never_shown(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUR_SEARCH_KEY", CANARY)

    (failure,) = night_of(config, OPEN_OR_WITH_KEY, 0)

    assert failure.endswith("(asked with OUR_SEARCH_KEY)")
    assert "/search?…:" in failure
    assert "since=" not in failure
    (source,) = read_status(config.data)["sources"]
    assert "/search?since=" in source["error"]
    assert nights._trouble(source).endswith("(asked with OUR_SEARCH_KEY)")
    with open_warehouse(config.data) as warehouse:
        told = "select secrets_used, secrets_missing from ops.collections"
        assert rows(warehouse, told) == [("OUR_SEARCH_KEY", "")]
    written = [path.read_bytes() for path in config.data.rglob("*") if path.is_file()]
    assert not [each for each in written if CANARY.encode() in each]


@pytest.mark.fault(4)
def test_where_no_secret_was_given_the_variable_to_set_is_named(config: Config) -> None:
    (failure,) = night_of(config, OPEN_OR_WITH_KEY, 0)

    assert failure.endswith("(not there: OUR_SEARCH_KEY)")


@pytest.mark.fault(4)
def test_a_secret_that_cannot_be_read_ends_its_source_alone(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUR_SEARCH_KEY_FILE", CANARY)

    (failure,) = night_of(config, OPEN_OR_WITH_KEY, 0)

    assert failure.startswith("src: OUR_SEARCH_KEY_FILE: the secret's file cannot be read")
    assert CANARY not in failure
    (source,) = read_status(config.data)["sources"]
    assert (source["error_code"], source["secrets_missing"]) == (
        "SecretError",
        "OUR_SEARCH_KEY_FILE",
    )


def test_status_names_what_a_verb_lacks(tmp_path: Path, config: Config) -> None:
    needing: Any = SimpleNamespace(
        ACCESS=Access(secrets=("SEARCH_KEY",), needs={"mentions": ("SEARCH_KEY",)}),
        mentions=asking("/search"),
    )
    night_of(config, needing, 0)
    path = tmp_path / "luister.toml"
    path.write_text(
        f'contact = "desk@acme.example"\ndata = "{config.data}"\n[organisation]\nname = "Acme"\n'
    )

    told = CliRunner().invoke(app, ["status", "-c", str(path)])

    assert "or no access (not there: OUR_SEARCH_KEY); see `luister check`" in told.stdout
