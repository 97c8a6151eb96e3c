"""Readers at work while the night publishes; `python -m benchmarks.readers` does it longer."""

from __future__ import annotations

from pathlib import Path

from benchmarks.readers import measure


def test_fifty_readers_see_whole_files_while_it_is_published(tmp_path: Path) -> None:
    told = measure(tmp_path / "data", opens=200, processes=2, threads=25, publications=3)

    assert not told.errors
    assert told.inconsistent == 0
    assert told.opens >= 200
    assert len(told.seen) >= 3
