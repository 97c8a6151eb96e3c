"""What is asked for while a night is at work is not done, and whoever asked can tell."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from flows.cli import main
from pipeline.lock import nightly_lock

CONFIG = """
contact = "desk@acme.example"
[organisation]
name = "Acme"
[[source]]
name = "news"
platform = "feed"
urls = ["https://news.example/feed"]
"""


@pytest.mark.fault(34)
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["run", "--direct", "--quiet"], 0),
        (["forget", "mastodon", "@anna", "--yes"], 75),
        (["show-person", "mastodon", "@anna"], 75),
        (["backup", "backup.tar.gz"], 75),
    ],
)
def test_only_a_second_night_is_content_that_there_is_one(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
) -> None:
    (tmp_path / "luister.toml").write_text(CONFIG)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "luister.duckdb").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["luister", *words])

    with nightly_lock(tmp_path / "data"), pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == code
    assert "already running (pid" in capsys.readouterr().err
