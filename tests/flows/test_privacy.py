"""People's rights on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from connectors import platforms
from flows.cli import app
from pipeline.config import load
from pipeline.errors import ConfigError
from pipeline.retention import retain
from tests.pipeline.test_retention import at, never, night, said

TOML = """
contact = "desk@acme.example"
[organisation]
name = "Acme"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "luister.toml"
    path.write_text(TOML)
    anna = {"author_id": "1", "author_handle": "@anna_b", "text": "odd \x1b[31m words"}
    night(tmp_path / "data", 0, said("p1", -1, **anna), said("p2", -1, author_id="2"))
    return path


def test_what_is_held_about_somebody_is_shown_for_people_and_programs(path: Path) -> None:
    asked = ["show-person", "mastodon", "anna_b", "-c", str(path)]

    shown = CliRunner().invoke(app, asked)
    told = CliRunner().invoke(app, [*asked, "--json"])

    assert shown.exit_code == told.exit_code == 0
    assert "posts: 1" in shown.stdout
    assert "\x1b" not in shown.stdout
    assert [post["post_id"] for post in json.loads(told.stdout)["posts"]] == ["p1"]


def test_who_is_not_sure_forgets_nobody(path: Path) -> None:
    done = CliRunner().invoke(app, ["forget", "mastodon", "anna_b", "-c", str(path)], input="n\n")

    assert done.exit_code == 1
    assert not (path.parent / "data" / "receipts").exists()
    assert not (path.parent / "data" / "keys" / "suppressed.json").exists()


def test_before_the_first_night_somebody_is_forgotten_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "luister.toml"
    path.write_text(TOML)

    done = CliRunner().invoke(app, ["forget", "mastodon", "anna_b", "-c", str(path), "-y"])

    assert done.exit_code == 0, done.output
    assert len(list((tmp_path / "data" / "receipts").glob("*.json"))) == 1
    assert not (tmp_path / "data" / "analytics.duckdb").exists()


def test_an_unknown_platform_is_told_of(path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean 'mastodon'"):
        CliRunner().invoke(
            app, ["forget", "mastodom", "x", "-c", str(path), "-y"], catch_exceptions=False
        )


def test_the_papers_are_written_where_asked(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "papers"

    done = CliRunner().invoke(app, ["privacy", "record", "-f", str(folder), "-c", str(path)])

    assert done.exit_code == 0
    assert len(list(folder.glob("*.md"))) == len(done.stdout.splitlines()) == 8


def test_status_tells_how_long_things_are_kept(path: Path) -> None:
    retain(load(path, platforms()), at(1), never)
    done = CliRunner().invoke(app, ["status", "-c", str(path)])

    assert "text                 kept 90 days; 0 removed" in done.stdout


def test_what_was_published_is_made_again_after_the_database_was_lost(path: Path) -> None:
    data = path.parent / "data"
    (data / "analytics.duckdb").symlink_to("publish/of-a-night-before.duckdb")
    (data / "luister.duckdb").unlink()

    done = CliRunner().invoke(app, ["forget", "mastodon", "anna_b", "-c", str(path), "-y"])

    assert done.exit_code == 0, done.output
    with duckdb.connect(str(data / "analytics.duckdb"), read_only=True) as published:
        assert published.execute("select organisation from marts.organisations").fetchall() == [
            ("Acme",)
        ]
