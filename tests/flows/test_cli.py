"""The command line as a person meets it: what it prints and how it exits."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from flows.cli import main

MASTODON = {
    "id": "1",
    "uri": "https://social.example/users/anna/statuses/1",
    "url": "https://social.example/@anna/1",
    "created_at": "2026-11-20T10:00:00.000Z",
    "visibility": "public",
    "content": "<p>Is er een storing?</p>",
    "account": {
        "id": "2",
        "acct": "anna",
        "username": "anna",
        "url": "https://social.example/@anna",
        "display_name": "Anna",
    },
}


def luister(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit code of one command."""
    monkeypatch.setattr(sys, "argv", ["luister", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_init_then_check_offline(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert luister(monkeypatch, "init", "Zonneveld Energie") == 0
    assert '"Zonneveld Energie"' in (here / "luister.toml").read_text()
    assert json.loads((here / "luister.schema.json").read_text())["title"] == "Config"

    assert luister(monkeypatch, "check", "--offline") == 0
    told = capfd.readouterr().out
    assert "ok    configuration: 4 sources for Zonneveld Energie" in told
    assert "MASTODON_ACCESS_TOKEN: is not set" in told
    assert "note  contact: webcare@example.org is the address of the example" in told
    assert "note  accounts of Zonneveld Energie: none" in told


def test_init_never_overwrites_by_itself(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "luister.toml").write_text("mine")

    assert luister(monkeypatch, "init", "Zonneveld") == 2
    assert (here / "luister.toml").read_text() == "mine"


def test_a_secret_that_is_set_is_never_shown(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MASTODON_ACCESS_TOKEN", "canary-1234567890")
    luister(monkeypatch, "init", "Zonneveld")

    luister(monkeypatch, "check", "--offline", "--json")

    told = capfd.readouterr()
    assert "canary" not in told.out + told.err
    assert "is set" in told.out


def test_a_dry_run_says_what_would_be_asked_and_the_budget(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    luister(monkeypatch, "init", "Zonneveld")
    path = here / "luister.toml"
    path.write_text(path.read_text() + "\n[budget.hackernews]\nrequests = 40\n")

    assert luister(monkeypatch, "run", "--dry-run") == 0
    told = capfd.readouterr().out
    assert "(hackernews): mentions" in told
    assert "requests: 40 left of 40 a day (0 taken)" in told
    assert not (here / "data" / "luister.duckdb").exists()

    assert luister(monkeypatch, "status", "--json") == 0
    (budget,) = json.loads(capfd.readouterr().out)["budgets"]["hackernews"]
    assert budget == {"quota": "requests", "per": "day", "limit": 40, "spent": 0, "left": 40}


ONLY_BLUESKY = """
contact = "webcare@zonneveld.example"
[organisation]
name = "Zonneveld"
[[source]]
name = "sky"
platform = "bluesky"
"""


def test_a_night_with_nothing_to_ask_is_no_failure_and_status_says_so(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = here / "luister.toml"
    path.write_text(ONLY_BLUESKY)

    assert luister(monkeypatch, "run", "--direct", "--quiet") == 0
    assert luister(monkeypatch, "status") == 0

    told = capfd.readouterr().out
    assert "sky                  unasked    through nothing yet → nothing to ask" in told


def test_a_budget_of_an_unknown_platform_is_a_slip(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    luister(monkeypatch, "init", "Zonneveld")
    path = here / "luister.toml"
    path.write_text(path.read_text() + "\n[budget.hackernew]\nrequests = 40\n")

    assert luister(monkeypatch, "run", "--dry-run") == 2
    assert "did you mean 'hackernews'?" in capfd.readouterr().err


@pytest.mark.fault(59)
def test_a_slip_in_the_configuration_ends_with_two_before_anything_is_fetched(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    luister(monkeypatch, "init", "Zonneveld")
    path = here / "luister.toml"
    path.write_text(path.read_text().replace("aliases = []", "alias = []", 1))

    assert luister(monkeypatch, "run", "--direct") == 2
    told = capfd.readouterr().err
    assert "organisation.alias: unknown key; did you mean 'aliases'?" in told
    assert "Traceback" not in told
    assert not (here / "data").exists()


def test_inspect_prints_one_object_a_post(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (here / "reply.json").write_text(json.dumps([MASTODON]))

    assert luister(monkeypatch, "inspect", "mastodon", "reply.json") == 0
    (line,) = capfd.readouterr().out.splitlines()
    post = json.loads(line)
    assert post["text"] == "Is er een storing?"
    assert post["author_handle"] == "anna@social.example"
    assert post["likes_count"] is None


def test_inspect_tells_the_path_of_what_it_cannot_understand(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    odd = {**MASTODON, "uri": "https://social.example/2", "account": {"id": "2"}}
    (here / "reply.json").write_text(json.dumps([MASTODON, odd]))

    assert luister(monkeypatch, "inspect", "mastodon", "reply.json") == 1
    told = capfd.readouterr()
    assert len(told.out.splitlines()) == 1
    assert "$[1].account" in told.err


def test_an_unknown_platform_is_a_slip_of_the_pen(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert luister(monkeypatch, "inspect", "mastodn", "reply.json") == 2
    told = capfd.readouterr().err
    assert "did you mean 'mastodon'?" in told
    assert "`luister connectors` lists them" in told


def test_one_source_is_told_of_as_one(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (here / "luister.toml").write_text(
        """
        contact = "desk@acme.example"
        [organisation]
        name = "Acme"
        [[source]]
        name = "talk"
        platform = "hackernews"
        """
    )

    luister(monkeypatch, "check", "--offline")

    assert "configuration: 1 source for Acme" in capfd.readouterr().out


def test_a_backup_that_is_not_there_is_no_matter_of_rights(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    luister(monkeypatch, "init", "Zonneveld")

    assert luister(monkeypatch, "restore", "nothing.tar.gz") == 1

    told = capfd.readouterr().err
    assert "nothing.tar.gz" in told
    assert "see how the path is spelt" in told


def test_sql_before_the_first_night_says_what_to_do(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    luister(monkeypatch, "init", "Zonneveld")

    assert luister(monkeypatch, "sql", "select 1") == 1
    assert "`luister run` first" in capfd.readouterr().err


@pytest.mark.parametrize("is_there", [False, True], ids=["no database", "an empty database"])
def test_building_before_the_first_night_says_what_to_do(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], is_there: bool
) -> None:
    luister(monkeypatch, "init", "Zonneveld")
    if is_there:
        luister(monkeypatch, "show-person", "mastodon", "anna")
    capfd.readouterr()

    assert luister(monkeypatch, "build") == 1

    told = capfd.readouterr().err
    assert "no night has begun" in told
    assert "`luister run` first" in told


@pytest.mark.parametrize("command", [("label", "complaint"), ("sample",)])
def test_before_the_first_night_nothing_is_called_finished(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    command: tuple[str, ...],
) -> None:
    luister(monkeypatch, "init", "Zonneveld")

    assert luister(monkeypatch, *command) == 0

    assert "`luister run` first" in capfd.readouterr().out


def test_status_before_the_first_night(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    luister(monkeypatch, "init", "Zonneveld")

    assert luister(monkeypatch, "status") == 0
    assert "no night has run yet" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("rows", "more", "told"),
    [
        ("", (), "the file is empty → give the path of a CSV"),
        ("nummer;tekst\n1;Dag\n", (), "no column for post_id and created_at"),
        (
            "post_id,created_at,text\n1,gisteren,Dag\n",
            (),
            "'gisteren' is not a time that is understood → mend the file, or --map",
        ),
        (
            "post_id,created_at,text\n1,2026-03-01,Dag\n",
            ("--name", "hackernews"),
            "give what is imported a name of its own",
        ),
    ],
)
def test_an_import_that_cannot_be_leaves_nothing_behind(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    rows: str,
    more: tuple[str, ...],
    told: str,
) -> None:
    luister(monkeypatch, "init", "Zon")
    (here / "posts.csv").write_text(rows)

    assert luister(monkeypatch, "import", "posts.csv", *more) in {1, 2}
    assert told in capfd.readouterr().err
    assert not (here / "data" / "luister.duckdb").exists()


def test_a_folder_is_no_file_of_posts(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    luister(monkeypatch, "init", "Zon")

    assert luister(monkeypatch, "import", ".") == 2
    assert "is a folder, not a file → give the path of a CSV" in capfd.readouterr().err
    assert not (here / "data" / "luister.duckdb").exists()


@pytest.mark.parametrize(("odd", "good"), [(1, 2), (300, 900)])
def test_odd_rows_keep_no_others_of_a_file_from_being_imported(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    odd: int,
    good: int,
) -> None:
    luister(monkeypatch, "init", "Zon")
    times = ["gisteren"] * odd + ["2026-03-01"] * good
    rows = [f"{number},{time},Dag" for number, time in enumerate(times)]
    (here / "posts.csv").write_text("\n".join(["post_id,created_at,text", *rows]))

    luister(monkeypatch, "import", "posts.csv")

    told = capfd.readouterr()
    assert f"{good} posts read, {good} new" in told.out
    assert "not understood" in told.out + told.err


@pytest.mark.parametrize("own", ["luister.toml", "data/sales.csv"])
def test_a_demo_takes_away_nothing_of_somebody_else(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], own: str
) -> None:
    (here / own).parent.mkdir(exist_ok=True)
    (here / own).write_bytes(b"of somebody \xff")

    assert luister(monkeypatch, "demo", "--direct", "--folder", ".") == 2
    assert "of your own here → give the demo a folder of its own" in capfd.readouterr().err
    assert (here / own).exists()
