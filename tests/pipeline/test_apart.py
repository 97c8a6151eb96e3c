"""A statement that somebody typed ends, whatever it asks for, and what it took is gone with it."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import duckdb
import pytest

from pipeline.apart import ask_apart
from pipeline.errors import WarehouseError


@pytest.fixture
def published(tmp_path: Path) -> Path:
    path = tmp_path / "analytics.duckdb"
    with duckdb.connect(path) as database:
        database.execute("create schema marts; create table marts.posts as from range(1000000)")
    return path


def test_every_kind_of_cell_comes_back(published: Path) -> None:
    answer = ask_apart(
        published,
        "select 'é' as t, 1.50::decimal(4, 2) as d, date '2026-11-01' as day, [1, null] as l, "
        "{'a': '2026-11-01 12:00Z'::timestamptz} as s, uuid '6061600c-0000-4000-8000-000000000000'"
        " as u, '\\x00'::blob as b",
    )

    assert answer.columns == ("t", "d", "day", "l", "s", "u", "b")
    text, number, day, several, struct, unique, content = answer.rows[0]
    assert (text, number, day) == ("é", Decimal("1.50"), date(2026, 11, 1))
    assert struct["a"].astimezone(UTC) == datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert (several, unique.version, content) == ([1, None], UUID(int=unique.int).version, b"\0")


@pytest.mark.fault(53)
@pytest.mark.parametrize(
    "query",
    [
        "select repeat('a', 3000000000)",
        "select length(repeat('abcdefgh', 500000000))",
        "select range(400000000)",
    ],
)
def test_one_cell_may_not_take_all_memory(published: Path, query: str) -> None:
    with pytest.raises(WarehouseError, match="more memory than it may") as caught:
        ask_apart(published, query, seconds=60)

    assert caught.value.todo == "ask for less: fewer rows, or a part of a text"


@pytest.mark.fault(53)
@pytest.mark.parametrize(
    "query", ["select lpad('', 2000000000, 'x')", "select * from range(300000000)"]
)
def test_what_does_not_look_for_an_interrupt_is_ended(published: Path, query: str) -> None:
    begun = time.monotonic()

    with pytest.raises(WarehouseError, match=r"stopped after|more memory"):
        ask_apart(published, query, seconds=1)

    assert time.monotonic() - begun < 30


def test_a_statement_that_fails_says_why(published: Path) -> None:
    with pytest.raises(WarehouseError, match='column "nope" not found'):
        ask_apart(published, "select nope from marts.posts")


def test_what_it_spilled_is_gone_though_it_was_killed(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "spill"))
    (tmp_path / "spill").mkdir()

    with pytest.raises(WarehouseError):
        ask_apart(published, "select lpad('', 2000000000, 'x') from marts.posts", seconds=1)

    assert list((tmp_path / "spill").iterdir()) == []
    assert {each.name for each in tmp_path.iterdir()} == {"analytics.duckdb", "spill"}


@pytest.fixture
def spilled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Path]:
    """Where a statement over a published file may spill, as its process is told."""
    interpreter = tmp_path / "python"
    interpreter.write_text(f"#!/bin/sh\ncat > {tmp_path}/told\nexit 3\n")
    interpreter.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(interpreter))

    def asked(path: Path) -> Path:
        with pytest.raises(WarehouseError, match="ended with 3"):
            ask_apart(path, "select 1")
        return Path(json.loads((tmp_path / "told").read_bytes())["spill"])

    return asked


def test_it_spills_beside_the_file_and_clears_what_the_killed_left(
    published: Path, spilled: Callable[[Path], Path]
) -> None:
    left, asking = (published.with_name(f"{published.name}-{each}.tmp") for each in "ab")
    for folder in (left, asking):
        folder.mkdir()
        (folder / "duckdb_temp_block-1.block").write_bytes(b"rows")
    os.utime(left, (0, 0))

    folder = spilled(published)

    assert folder.parent == published.parent
    assert (folder.exists(), left.exists(), asking.exists()) == (False, False, True)


NOWHERE = Path("/proc")
"""Where not even root can make a folder."""


def test_beside_a_file_where_nothing_can_be_written_it_spills_where_the_system_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spilled: Callable[[Path], Path]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    assert spilled(NOWHERE / "analytics.duckdb").parent == tmp_path


def test_where_nothing_can_be_written_at_all_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(NOWHERE))

    with pytest.raises(WarehouseError, match="cannot be asked") as caught:
        ask_apart(NOWHERE / "analytics.duckdb", "select 1")

    assert "TMPDIR" in caught.value.todo


def test_a_statement_that_is_not_utf8_says_so(published: Path) -> None:
    with pytest.raises(WarehouseError, match="not all UTF-8"):
        ask_apart(published, "select '\udcff'")


ASKING = """
import sys
from pathlib import Path
from pipeline.apart import ask_apart
print(ask_apart(Path(sys.argv[1]), "select 42 as answer").rows)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only there is memory bounded")
def test_who_may_take_less_already_may_ask(published: Path) -> None:
    asked = subprocess.run(
        [
            *("sh", "-c", 'ulimit -v 3000000 && exec "$@"', "sh", sys.executable, "-c"),
            ASKING,
            str(published),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (asked.stdout, asked.stderr) == ("[(42,)]\n", "")


def test_it_knows_no_secret_of_who_asks(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpreter = tmp_path / "python"
    interpreter.write_text(f"#!/bin/sh\nset > {tmp_path}/seen\nexit 3\n")
    interpreter.chmod(0o755)
    monkeypatch.setenv("LUISTER_TOKEN", "canary")
    monkeypatch.setattr(sys, "executable", str(interpreter))

    with pytest.raises(WarehouseError, match="ended with 3"):
        ask_apart(published, "select 1")

    assert "canary" not in (tmp_path / "seen").read_text()


def test_the_folder_it_is_asked_in_has_no_say(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("duckdb", "pickle", "pipeline"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)

    assert ask_apart(published, "select 1 as one").rows == [(1,)]
