"""Small live landing files become one, and nothing is lost wherever that is killed."""

import stat
from pathlib import Path
from typing import Any

import pytest

from pipeline.http import Usage
from pipeline.landing import Landing, LandingFile, Withdrawn
from pipeline.live_compact import compact
from pipeline.post import Rejected
from pipeline.rewrite import rewrite
from pipeline.warehouse import open_warehouse
from tests.pipeline.landed import NOW, gone, landed, later, one, post, rows

LIVE = "social-live"


def heard(folder: Path, run: str, *posts: Any, **fields: Any) -> LandingFile:
    known = {"source": LIVE, "status": "partial", "asked_from": NOW, "usage": Usage(requests=1)}
    return landed(folder, run, *posts, **known | fields)


def three(folder: Path) -> list[LandingFile]:
    return [
        heard(folder, "1", post("p1", text="first", observed_at=later(0)), post("p2")),
        heard(folder, "2", post("p1", text="second", observed_at=later(1))),
        heard(
            folder, "3", gone("p2"), post("p3"), withdrawn=[Withdrawn(name="a", observed_at=NOW)]
        ),
    ]


def digests(files: list[LandingFile]) -> frozenset[str]:
    return frozenset(file.digest for file in files)


def texts(files: list[LandingFile]) -> list[tuple[str, str]]:
    found = (row for file in files for batch in file.batches() for row in batch.to_pylist())
    return [(row["post_id"], row["text"]) for row in found]


def test_what_was_loaded_becomes_one_file_that_tells_all(tmp_path: Path) -> None:
    rejected = [Rejected(reason="no id", path="$", payload="{}")]
    files = [*three(tmp_path), heard(tmp_path, "4", post("p4"), rejected=rejected)]
    before = texts(files)
    landing = Landing(tmp_path / "landing")

    assert compact(landing.files(), digests(files)) == 4

    (whole,) = landing.files()
    assert texts([whole]) == before
    told = whole.manifest
    assert (told.run_id, told.posts_count, told.left_out_count) == ("4", 6, 1)
    assert (told.usage.requests, len(told.rejected), len(told.withdrawn)) == (4, 1, 1)
    assert whole.digest == files[-1].digest
    kept = sorted(path.name for path in whole.path.parent.iterdir())
    assert kept == ["4-whole.json", "4-whole.parquet"]
    assert stat.S_IMODE(whole.path.stat().st_mode) == 0o600


def test_what_was_not_loaded_and_what_a_night_landed_is_left_alone(tmp_path: Path) -> None:
    first, second, third = three(tmp_path)
    night = [landed(tmp_path, run, post(run)) for run in ("5", "6")]
    landing = Landing(tmp_path / "landing")

    assert compact(landing.files(), digests([first, second, *night])) == 2

    paths = {file.path for file in landing.files()}
    assert {third.path, *(file.path for file in night)} < paths
    assert len(paths) == 4


def test_a_second_time_there_is_nothing_to_do_until_more_was_heard(tmp_path: Path) -> None:
    files = three(tmp_path)
    landing = Landing(tmp_path / "landing")
    compact(landing.files(), digests(files))

    assert compact(landing.files(), digests(files)) == 0

    more = [heard(tmp_path, run, post(f"p{run}")) for run in ("5", "6")]
    assert compact(landing.files(), digests([*files, *more])) == 2
    assert len(landing.files()) == 2


def test_what_was_made_one_is_not_taken_up_again_after_it_was_written_anew(tmp_path: Path) -> None:
    """Its time counts from when it was heard: it does not become as young as what came later."""
    files = three(tmp_path)
    landing = Landing(tmp_path / "landing")
    compact(landing.files(), digests(files))
    (whole,) = landing.files()
    rewrite(whole, lambda table: table.slice(1))

    more = [heard(tmp_path, run, post(f"p{run}")) for run in ("5", "6")]

    assert compact(landing.files(), digests([*files, *more])) == 2
    assert len(landing.files()) == 2


@pytest.mark.parametrize("steps", range(12))
def test_killed_at_any_moment_nothing_is_lost_or_doubled(
    tmp_path: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = three(tmp_path)
    before = texts(files)
    landing = Landing(tmp_path / "landing")
    left = steps

    def counting(act: Any) -> Any:
        def step(*given: Any, **named: Any) -> Any:
            nonlocal left
            if left == 0:
                raise KeyboardInterrupt
            left -= 1
            return act(*given, **named)

        return step

    with monkeypatch.context() as patched:
        for name in ("replace", "unlink"):
            patched.setattr(Path, name, counting(getattr(Path, name)))
        try:
            compact(landing.files(), digests(files))
        except KeyboardInterrupt:
            found = texts(Landing(tmp_path / "landing").files())
            assert set(found) == set(before)

    compact(landing.files(), digests(files))
    assert texts(landing.files()) == before


def test_the_database_does_not_load_it_again_and_a_new_one_is_the_same(tmp_path: Path) -> None:
    data = tmp_path / "data"
    files = three(data)
    landing = Landing(data / "landing")
    query = "select post_id, text, deleted_at from raw.posts order by all"
    versions = "select count(*) from raw.post_versions"
    with open_warehouse(data) as warehouse:
        for file in files:
            warehouse.load(file)
        known, kept = rows(warehouse, query), one(warehouse, versions)
        compact(landing.files(), warehouse.loaded_files())
        assert landing.unloaded(warehouse.loaded_files()) == []
    (data / "luister.duckdb").unlink()
    with open_warehouse(data) as warehouse:
        for file in landing.unloaded(warehouse.loaded_files()):
            warehouse.load(file)
        assert rows(warehouse, query) == known
        assert one(warehouse, versions) == kept
