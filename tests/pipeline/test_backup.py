"""A backup and what comes back of it, whole, damaged, cut off and by another Luister."""

from __future__ import annotations

import gzip
import io
import json
import os
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from pipeline import backup as backups
from pipeline.backups_made import DRAFT, known_backups, note_backup, noted_backups, remove_drafts
from pipeline.errors import AlreadyRunning, LuisterError, WarehouseError
from pipeline.live_memory import Places
from pipeline.lock import nightly_lock
from pipeline.warehouse import canonical_export, open_warehouse
from tests.pipeline.landed import load, post

REPOSITORY = Path(__file__).resolve().parents[2]
TOML = 'contact = "mailto:luister@example.nl"\n[organisation]\nname = "Zonneveld"\n'


def knows(data: Path) -> bytes:
    with open_warehouse(data) as warehouse:
        return canonical_export(warehouse)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, bytes]:
    """A data folder, its backup, and what its database knows."""
    folder = tmp_path_factory.mktemp("kept")
    data = folder / "data"
    with open_warehouse(data) as warehouse:
        load(warehouse, "1", post("a"), post("b", author_id="bert", author_handle="@bert"))
    (data / "marks").mkdir()
    (data / "marks" / "labels.jsonl").write_text('{"task": "sentiment"}\n')
    (data / "dbt").mkdir()
    (data / "dbt" / "manifest.json").write_text("made again each night")
    (folder / "luister.toml").write_text(TOML)
    backups.back_up(data, folder / "luister.toml", folder / "kept.tar.gz")
    return data, folder / "kept.tar.gz", knows(data)


def files_of(data: Path) -> dict[str, bytes]:
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in data.rglob("*")
        if path.is_file()
    }


def test_what_comes_back_is_what_was_kept(kept: tuple[Path, Path, bytes], tmp_path: Path) -> None:
    data, archive, before = kept

    restored = backups.restore(archive, tmp_path / "data")

    assert knows(tmp_path / "data") == before
    back = files_of(tmp_path / "data")
    for name, content in files_of(data).items():
        if name.split("/")[0] in {"landing", "keys", "marks"}:
            assert back[name] == content, name
    assert "dbt/manifest.json" not in back
    assert (restored.before, sorted(tmp_path.iterdir())) == (None, [tmp_path / "data"])
    assert backups.restored_configuration(archive).decode() == TOML


def test_an_archive_and_what_comes_of_it_are_for_this_user_alone(
    kept: tuple[Path, Path, bytes], tmp_path: Path
) -> None:
    _, archive, _ = kept
    backups.restore(archive, tmp_path / "data")

    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    for path in (tmp_path / "data").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_damaged_list_of_backups_is_told_before_one_is_written(tmp_path: Path) -> None:
    (tmp_path / "luister.toml").write_text(TOML)
    open_warehouse(tmp_path / "data").close()
    (tmp_path / "data" / "backups.json").write_bytes(b"")

    with pytest.raises(WarehouseError, match="names the backups that were made") as told:
        backups.back_up(tmp_path / "data", tmp_path / "luister.toml", tmp_path / "kept.tar.gz")

    assert told.value.where == str(tmp_path / "data" / "backups.json")
    assert not (tmp_path / "kept.tar.gz").exists()


def test_a_backup_is_never_there_without_being_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is forgotten later must hear of it; the disk of the data folder may be full by then."""
    data, archive = tmp_path / "data", tmp_path / "kept.tar.gz"
    (tmp_path / "luister.toml").write_text(TOML)
    open_warehouse(data).close()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(data / "backups.json"))

    with monkeypatch.context() as patch:
        patch.setattr(backups, "note_backup", full)
        with pytest.raises(WarehouseError, match="No space left"):
            backups.back_up(data, tmp_path / "luister.toml", archive)
    assert not archive.exists()

    backups.back_up(data, tmp_path / "luister.toml", archive)
    assert list(known_backups(data)) == [str(archive)]


def test_after_a_restore_all_copies_are_known(
    kept: tuple[Path, Path, bytes], tmp_path: Path
) -> None:
    """Those that were made of the folder before, what was put back, and the folder itself."""
    _, archive, _ = kept
    older = tmp_path / "older.tar.gz"
    (tmp_path / "luister.toml").write_text(TOML)
    open_warehouse(tmp_path / "data").close()
    backups.back_up(tmp_path / "data", tmp_path / "luister.toml", older)

    restored = backups.restore(archive, tmp_path / "data", may_replace=True)

    known = {str(older), str(archive), restored.before}
    assert known_backups(tmp_path / "data").keys() == known


def test_a_secret_that_stands_in_the_configuration_is_not_kept(tmp_path: Path) -> None:
    open_warehouse(tmp_path / "data").close()
    (tmp_path / "luister.toml").write_text(
        f"{TOML}# https://a.example/?access_token=CANARY0123456789\n"
    )

    backups.back_up(tmp_path / "data", tmp_path / "luister.toml", tmp_path / "kept.tar.gz")

    assert b"CANARY" not in gzip.decompress((tmp_path / "kept.tar.gz").read_bytes())


@pytest.mark.parametrize("place", [0.05, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_damaged_archive_is_refused_and_changes_nothing(
    kept: tuple[Path, Path, bytes], tmp_path: Path, place: float, damage: str
) -> None:
    content = bytearray(kept[1].read_bytes())
    at = int(place * len(content))
    if damage == "cut":
        del content[at:]
    else:
        content[at] ^= 0xFF
    archive = tmp_path / "damaged.tar.gz"
    archive.write_bytes(content)

    with pytest.raises(WarehouseError):
        backups.restore(archive, tmp_path / "data")

    assert files_of(tmp_path / "data").keys() <= {"luister.lock"}
    assert not (tmp_path / "data.restoring").exists()


def repacked(archive: Path, target: Path, **changes: bytes | None) -> Path:
    """The archive with files put in place of others, or left out."""
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz") as new:
        contents = {}
        for member in old.getmembers():
            file = old.extractfile(member)
            assert file is not None
            contents[member.name] = file.read()
        for name, content in (contents | changes).items():
            if content is not None:
                member = tarfile.TarInfo(name)
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return target


def test_another_file_in_place_of_one_or_one_too_many_or_too_few_is_refused(
    kept: tuple[Path, Path, bytes], tmp_path: Path
) -> None:
    marks = "data/marks/labels.jsonl"
    changes: list[dict[str, bytes | None]] = [
        {marks: b'{"task": "complaint"}\n'},
        {marks: None},
        {"data/extra": b"x"},
        {"../../escaped": b"x"},
        {"manifest.json": b"{}"},
    ]
    for number, change in enumerate(changes):
        archive = repacked(kept[1], tmp_path / f"{number}.tar.gz", **change)
        with pytest.raises(WarehouseError):
            backups.restore(archive, tmp_path / "data")
    assert files_of(tmp_path / "data").keys() <= {"luister.lock"}
    assert not (tmp_path.parent / "escaped").exists()


def test_names_that_lead_out_of_the_folder_are_refused_although_the_manifest_names_them(
    kept: tuple[Path, Path, bytes], tmp_path: Path
) -> None:
    manifest = msgspec.to_builtins(backups.read_manifest(kept[1]))
    for name in ("../escaped", "data/../../escaped", "/tmp/escaped-luister"):
        digest = manifest["files"]["data/marks/labels.jsonl"]
        told = json.dumps(manifest | {"files": {name: digest}}).encode()
        archive = tmp_path / "hostile.tar.gz"
        with tarfile.open(archive, "w:gz") as file:
            for each, content in (("manifest.json", told), (name, b'{"task": "sentiment"}\n')):
                member = tarfile.TarInfo(each)
                member.size = len(content)
                file.addfile(member, io.BytesIO(content))

        with pytest.raises(WarehouseError, match="does not name"):
            backups.restore(archive, tmp_path / "data")


@pytest.mark.fault(37)
def test_a_backup_by_a_newer_luister_is_refused(
    kept: tuple[Path, Path, bytes], tmp_path: Path
) -> None:
    manifest = msgspec.to_builtins(backups.read_manifest(kept[1]))
    newer = manifest | {"migrations": [*manifest["migrations"], "9999_from_the_future.sql"]}
    told = {"manifest.json": json.dumps(newer).encode()}
    archive = repacked(kept[1], tmp_path / "newer.tar.gz", **told)

    with pytest.raises(WarehouseError, match=r"newer Luister .*9999_from_the_future"):
        backups.restore(archive, tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_folder_that_holds_something_is_never_overwritten(
    kept: tuple[Path, Path, bytes], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "mine.txt").write_text("mine")

    with pytest.raises(WarehouseError, match="is not empty"):
        backups.restore(kept[1], data)
    assert files_of(data)["mine.txt"] == b"mine"

    restored = backups.restore(kept[1], data, may_replace=True)
    assert restored.before is not None
    assert (Path(restored.before) / "mine.txt").read_text() == "mine"
    assert knows(data) == kept[2]


@pytest.mark.parametrize("held", [(), ("mine.txt",)])
def test_a_data_folder_behind_a_link_stays_behind_it(
    kept: tuple[Path, Path, bytes], tmp_path: Path, held: tuple[str, ...]
) -> None:
    disk = tmp_path / "disk"
    (disk / "luister").mkdir(parents=True)
    for name in held:
        (disk / "luister" / name).write_text("mine")
    (tmp_path / "data").symlink_to(disk / "luister")

    backups.restore(kept[1], tmp_path / "data", may_replace=True)

    assert knows(tmp_path / "data") == kept[2]
    assert (tmp_path / "data").is_symlink()
    assert len(list(disk.iterdir())) == 1 + len(held)


def test_a_data_folder_that_is_a_disk_of_its_own_is_refused_before_anything_is_read(
    kept: tuple[Path, Path, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container: a mount cannot be renamed."""
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(Path, "is_mount", lambda path: path == tmp_path / "data")

    with pytest.raises(WarehouseError, match=r"disk or volume of its own.*the folder above it"):
        backups.restore(kept[1], tmp_path / "data")

    assert list((tmp_path / "data").iterdir()) == []


def test_while_a_night_runs_nothing_is_kept_and_nothing_put_back(
    kept: tuple[Path, Path, bytes], tmp_path: Path
) -> None:
    data, archive, _ = kept
    with nightly_lock(data):
        with pytest.raises(AlreadyRunning):
            backups.back_up(data, data.parent / "luister.toml", tmp_path / "b.tar.gz")
        with pytest.raises(AlreadyRunning):
            backups.restore(archive, data, may_replace=True)
    assert not (tmp_path / "b.tar.gz").exists()


def test_a_name_that_is_taken_and_a_place_inside_are_refused(
    kept: tuple[Path, Path, bytes], tmp_path: Path
) -> None:
    data, archive, _ = kept
    before = archive.read_bytes()
    for target in (archive, data / "inside.tar.gz"):
        with pytest.raises(WarehouseError):
            backups.back_up(data, data.parent / "luister.toml", target)
    with pytest.raises(WarehouseError, match="nothing to keep"):
        backups.back_up(tmp_path / "data", data.parent / "luister.toml", tmp_path / "b.tar.gz")
    assert archive.read_bytes() == before


def test_what_changes_meanwhile_is_noticed(
    kept: tuple[Path, Path, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, _, _ = kept
    written = backups._write

    def changes_first(*given: object) -> None:
        marks = data / "marks" / "labels.jsonl"
        before = marks.read_bytes()
        marks.write_bytes(before.replace(b"sentiment", b"complaint"))
        try:
            written(*given)  # type: ignore[arg-type]
        finally:
            marks.write_bytes(before)

    monkeypatch.setattr(backups, "_write", changes_first)
    with pytest.raises(WarehouseError, match="something changed"):
        backups.back_up(data, data.parent / "luister.toml", tmp_path / "b.tar.gz")
    assert not list(tmp_path.iterdir())


def test_how_far_was_heard_live_may_move_meanwhile(
    kept: tuple[Path, Path, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A listener writes it every minute; what comes back is where it stood at the beginning."""
    archive, data = tmp_path / "kept.tar.gz", tmp_path / "data"
    backups.restore(kept[1], data)
    (tmp_path / "luister.toml").write_text(TOML)
    places = Places(data / "live", "sky")
    places.write({"jetstream": 7})
    written = backups._write

    def hears_more_first(*given: object) -> None:
        places.write({"jetstream": 1_000})
        written(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(backups, "_write", hears_more_first)
    backups.back_up(data, tmp_path / "luister.toml", archive)

    backups.restore(archive, tmp_path / "back")
    assert Places(tmp_path / "back" / "live", "sky").read() == {"jetstream": 7}


def test_how_far_was_heard_live_is_never_ahead_of_what_was_heard(
    kept: tuple[Path, Path, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    backups.restore(kept[1], data)
    (tmp_path / "luister.toml").write_text(TOML)
    places = Places(data / "live", "sky")
    places.write({"jetstream": 7})
    listed = backups.files_of

    def hears_more_behind(folder: Path) -> Iterator[Path]:
        for path in listed(folder):
            yield path
            if path.is_relative_to(data / "landing"):
                places.write({"jetstream": 1_000})

    monkeypatch.setattr(backups, "files_of", hears_more_behind)
    backups.back_up(data, tmp_path / "luister.toml", tmp_path / "kept.tar.gz")

    backups.restore(tmp_path / "kept.tar.gz", tmp_path / "back")
    assert Places(tmp_path / "back" / "live", "sky").read() == {"jetstream": 7}


KILLED = """
import os, sys
from pathlib import Path
from pipeline import backup
def die(*_, **__):
    os.kill(os.getpid(), 9)
what, place, archive, data = sys.argv[1:]
setattr(backup, place, die)
if what == "restore":
    backup.restore(Path(archive), Path(data), may_replace=True)
else:
    backup.back_up(Path(data), Path(data).parent / "luister.toml", Path(archive))
"""


@pytest.mark.fault(28)
def test_killed_on_the_way_there_is_all_of_it_or_nothing(
    kept: tuple[Path, Path, bytes], tmp_path: Path
) -> None:
    data, archive, before = kept

    def killed(what: str, place: str, file: Path, folder: Path) -> None:
        words = [sys.executable, "-c", KILLED, what, place, str(file), str(folder)]
        done = subprocess.run(words, cwd=REPOSITORY, env=os.environ.copy(), check=False)
        assert done.returncode == -9

    killed("backup", "_read_back", tmp_path / "cut.tar.gz", data)
    assert not (tmp_path / "cut.tar.gz").exists()
    # it holds everybody, so that who forgets somebody is told of it
    assert str(tmp_path / f"cut.tar.gz{DRAFT}") in known_backups(data)
    killed("restore", "_exchange", archive, tmp_path / "data")
    assert files_of(tmp_path / "data").keys() <= {"luister.lock"}

    backups.back_up(data, data.parent / "luister.toml", tmp_path / "new.tar.gz")
    backups.restore(tmp_path / "new.tar.gz", tmp_path / "data")
    assert knows(tmp_path / "data") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "new.tar.gz"]


def test_a_backup_may_have_any_name_but_that_of_a_half(
    kept: tuple[Path, Path, bytes], tmp_path: Path
) -> None:
    data, configuration = kept[0], kept[0].parent / "luister.toml"

    backups.back_up(data, configuration, tmp_path / "monday.tmp")
    backups.back_up(data, configuration, tmp_path / "tuesday.tar.gz")
    with pytest.raises(WarehouseError, match="half a backup"):
        backups.back_up(data, configuration, tmp_path / f"wednesday{DRAFT}")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["monday.tmp", "tuesday.tar.gz"]


def test_half_a_backup_stays_known_while_its_disk_is_away(tmp_path: Path) -> None:
    data, disk, now = tmp_path / "data", tmp_path / "disk", datetime(2026, 11, 24, tzinfo=UTC)
    half = disk / f"cut{DRAFT}"
    data.mkdir()
    note_backup(data, half, now)

    note_backup(data, tmp_path / "other.tar.gz", now)
    assert str(half) in noted_backups(data)

    half.mkdir(parents=True)
    remove_drafts(data)
    assert str(half) in known_backups(data)
    half.rmdir()
    note_backup(data, tmp_path / "third.tar.gz", now)
    assert str(half) not in noted_backups(data)


def test_what_is_no_backup_is_said_to_be_none(tmp_path: Path) -> None:
    for content in (b"", b"hello", gzip.compress(b"hello" * 1_000)):
        (tmp_path / "x").write_bytes(content)
        with pytest.raises(LuisterError):
            backups.restore(tmp_path / "x", tmp_path / "data")
    with pytest.raises(LuisterError, match="No such file"):
        backups.restore(tmp_path / "nothing", tmp_path / "data")
