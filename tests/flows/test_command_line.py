"""The command line as a whole: every command explains itself, and how it ends is documented."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
import typer.main
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from flows import unexpected
from flows.cli import app, main
from flows.commands.progress import Bars, pace_of
from pipeline.dbt_results import results_of
from pipeline.errors import ModelError
from pipeline.secrets import EVERYWHERE
from tests.flows.test_cli import luister


def whole(group: Any, before: str = "") -> dict[str, Any]:
    """Every command by its whole name, those inside a group too."""
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        inner = hasattr(command, "commands")
        found |= whole(command, f"{before}{name} ") if inner else {f"{before}{name}": command}
    return found


COMMANDS = whole(typer.main.get_command(app))
PRINTS_NO_DATA = {"schedule", "label"}
"""They serve, or ask: nothing for a program to read."""

ALWAYS_JSON = {"inspect"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    told = COMMANDS[name].help or ""

    assert re.search(rf"Example: luister {name}\b", told), told
    assert len(told.split("Example:")[0].strip()) > 15


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_list_of_commands_cuts_no_line_short(name: str) -> None:
    """A screen is 80 columns wide, and the longest name takes 15 of them."""
    assert len((COMMANDS[name].help or "").split("\n")[0]) <= 64


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_says_what_it_is(name: str) -> None:
    for parameter in COMMANDS[name].params:
        assert parameter.help, (name, parameter.name)


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - PRINTS_NO_DATA - ALWAYS_JSON))
def test_every_command_that_tells_something_can_tell_it_to_a_program(name: str) -> None:
    assert "--json" in {option for each in COMMANDS[name].params for option in each.opts}


def test_version_and_connectors_are_json(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert luister(monkeypatch, "version", "--json") == 0
    assert json.loads(capfd.readouterr().out)["version"]

    assert luister(monkeypatch, "connectors", "--json") == 0
    assert {"platform", "verbs"} <= set(json.loads(capfd.readouterr().out)[0])


def test_the_exit_codes_are_those_that_help_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert luister(monkeypatch, "--help") == 0
    named = {int(code) for code in re.findall(r"\b(\d+)\s+[a-z]", capfd.readouterr().out[-200:])}
    assert named == {0, 1, 2, 3, 75}

    assert luister(monkeypatch, "version") == 0
    assert luister(monkeypatch, "no-such-command") == 2
    assert luister(monkeypatch, "status", "--no-such-option") == 2
    assert luister(monkeypatch, "status") == 2  # no configuration
    luister(monkeypatch, "init", "Zonneveld")
    assert luister(monkeypatch, "sql", "select 1") == 1  # nothing is published
    assert luister(monkeypatch, "alert") == 2  # no place to send to


def test_an_alert_that_does_not_arrive_ends_with_three(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    luister(monkeypatch, "init", "Zonneveld")
    path = tmp_path / "luister.toml"
    place = '\n[[alerts.place]]\nname = "team"\naddress = "ALERT_TEAM"\n'
    path.write_text(path.read_text() + place)
    monkeypatch.setenv("ALERT_TEAM", "json://127.0.0.1:9/canary-path-31337")
    capfd.readouterr()

    assert luister(monkeypatch, "alert", "--test") == 3
    told = capfd.readouterr()
    assert "was not delivered" in told.out
    assert "canary" not in told.out + told.err


@pytest.mark.fault(33)
def test_a_database_that_is_held_is_worth_trying_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    luister(monkeypatch, "init", "Zonneveld")
    (tmp_path / "data").mkdir()
    held = tmp_path / "data" / "luister.duckdb"
    duckdb.connect(str(held)).close()
    script = f"import duckdb; c = duckdb.connect({str(held)!r}); print('held', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        code = luister(monkeypatch, "status")
        holder.communicate("\n")

    assert code == 75
    assert "another program holds the database" in capfd.readouterr().err


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """`luister version` meets an error nobody foresaw; the log is in the returned folder."""

    def fails(name: str) -> str:
        raise ZeroDivisionError("canary-secret-5150")

    EVERYWHERE.learn("canary-secret-5150")
    monkeypatch.setattr("importlib.metadata.version", fails)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("LUISTER_DEBUG", raising=False)
    return tmp_path / "luister"


def test_an_error_nobody_foresaw_is_one_line_that_names_the_log(
    broken: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert luister(monkeypatch, "version") == 1

    told = capfd.readouterr()
    log = broken / "luister.log"
    (line,) = told.err.splitlines()
    assert line == (
        "Unexpected: ZeroDivisionError: this is a fault in Luister → the details are in "
        f"{log}; `luister --debug` shows them"
    )
    assert "Traceback" in log.read_text()
    assert "canary" not in log.read_text() + told.err
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("number", "told", "exit_code"),
    [
        (errno.ENOSPC, "DiskFull: /data/x: there is no room left on the disk", 75),
        (errno.EROFS, "LandingError: /data/x: cannot be read or written: Read-only file system", 1),
        (errno.EACCES, "LandingError: /data/x: cannot be read or written: Permission denied", 1),
    ],
)
def test_what_the_disk_does_not_let_us_do_is_no_fault_of_ours(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    number: int,
    told: str,
    exit_code: int,
) -> None:
    def refused(**_: Any) -> None:
        raise OSError(number, os.strerror(number), "/data/x")

    monkeypatch.setattr("flows.commands.setup.connectors", refused)

    assert luister(monkeypatch, "connectors") == exit_code
    assert capfd.readouterr().err.startswith(told)


def test_debug_shows_where_it_arose(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUISTER_DEBUG", "1")
    monkeypatch.setattr(sys, "argv", ["luister", "version"])

    with pytest.raises(ZeroDivisionError):
        main()


def test_a_log_that_cannot_be_written_is_put_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "luister").write_text("a file is in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    told = unexpected.tell(ValueError("x"))

    path = re.search(r"details are in (\S+);", told)
    assert path is not None
    assert "ValueError" in Path(path[1]).read_text()


def test_the_shell_completes_commands() -> None:
    environment = {
        **os.environ,
        "_LUISTER_COMPLETE": "complete_bash",
        "COMP_WORDS": "luister in",
        "COMP_CWORD": "1",
    }
    program = Path(sys.executable).with_name("luister")
    done = subprocess.run([program], env=environment, capture_output=True, text=True)

    assert set(done.stdout.split()) >= {"init", "inspect", "inbox"}


def test_the_order_of_commands_is_that_of_a_newcomer(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert luister(monkeypatch, "--help") == 0
    told = capfd.readouterr().out

    places = [told.index(f"\n  {name} ") for name in ("init", "check", "run", "report", "inbox")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("posts", "seconds", "usual", "told"),
    [
        (0, 5.0, 100, "0 posts"),
        (50, 0.5, 100, "50 posts"),
        (50, 5.0, 100, "50 posts, 10/s, about 5 s left"),
        (50, 5.0, 0, "50 posts, 10/s"),
        (120, 10.0, 100, "120 posts, 12/s"),
        (2, 60.0, 20, "2 posts, 2/min, about 9 min left"),
    ],
)
def test_progress_tells_the_rate_and_the_time_left(
    posts: int, seconds: float, usual: int, told: str
) -> None:
    assert pace_of(posts, seconds, usual) == told


def test_a_night_is_seen_to_go_by() -> None:
    clock = iter((0.0, 0.0, 10.0, 20.0))
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
        console=Console(file=io.StringIO(), force_terminal=True, width=120),
    ) as progress:
        bars = Bars(progress, {"news": 400}, clock=lambda: next(clock))
        bars.step("collect")
        bars.source("news", 0, "running")
        bars.source("news", 100, "running")
        night, news = progress.tasks
        assert night.fields["told"] == "collect (2 of 8)"
        assert news.fields["told"] == "100 posts, 10/s, about 30 s left"
        assert news.total == 400

        bars.source("news", 380, "complete")
        assert news.fields["told"] == "380 posts, 19/s, complete"
        assert news.finished


@pytest.mark.parametrize(
    ("told", "step"),
    [
        (("init", "Zon", "--config", "/proc/nowhere/luister.toml"), "--config where you may write"),
        (("run", "--record", "answers"), "add --direct"),
        (("listen", "--every", "0"), "--every 60"),
        (("listen", "--every", "nan"), "--every 60"),
        (("sample", "--format", "csv", "--json"), "leave it or --json out"),
        (("import", "nowhere.csv"), "path of a CSV"),
        (("inspect", "mastodon", "nowhere.json"), "path of a payload"),
        (("demo", "--folder", "luister.toml"), "a folder of its own"),
        (("forget", "mastodon", " "), "name the account"),
        (("privacy", "record", "--folder", "/proc/nowhere"), "--folder where you may write"),
        (("run", "--direct", "--source", "nowhere"), "name a source as luister.toml does"),
        (("status", "--config", "."), "--config that you may read"),
        (("report", "--day", "yesterday"), "write it as 2026-03-10"),
        (("report", "--period", "week", "--day", "9999-12-31"), "write it as 2026-03-10"),
        (("inbox", "--webhook", ""), "the environment variable that holds it"),
        (("run", "--direct", "--replay", "nowhere"), "the folder that --record was given"),
        (("label", "complaint", "--count", "0"), "greater than or equal to 1"),
    ],
)
def test_a_wrong_word_on_the_command_line_says_what_to_write(
    told: tuple[str, ...],
    step: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    if told[0] != "init":
        luister(monkeypatch, "init", "Zon")

    assert luister(monkeypatch, *told) == 2
    assert step in capfd.readouterr().err


def test_models_that_are_not_there_are_told_as_such() -> None:
    with pytest.raises(ModelError, match="no model was chosen"):
        results_of(SimpleNamespace(result=None, exception=None))
