"""A disk that is really full: a small file system in memory, filled to its last byte."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
MEGABYTES = 40

INSIDE = """
import json, sys
from pathlib import Path
from pipeline.errors import LuisterError
from pipeline.landing import Landing
from pipeline.room import require_room
from pipeline.hardened import ask_hardened
from pipeline.warehouse import canonical_export, open_warehouse
from tests.pipeline.landed import NOW, collected, landed, load, post
from tests.pipeline.test_publish import MARTS

disk = Path(sys.argv[1])
data, filler = disk / "data", disk / "filler"
texts = [post(f"b{number}", text=str(number) * 2_000) for number in range(1_500)]
told = {}

def attempt(name, do):
    try:
        do()
        told[name] = "done"
    except LuisterError as error:
        told[name] = f"{error.code} {error.exit_code} {error}"

def published():
    return ask_hardened(data / "analytics.duckdb", "select run_id from marts.publication",
                        seconds=20)[1][0][0]

def fill():
    with filler.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                pass

def load_all():
    with open_warehouse(data) as warehouse:
        for file in Landing(data / "landing").unloaded(warehouse.loaded_files()):
            warehouse.load(file)

def publish():
    with open_warehouse(data) as warehouse:
        warehouse.publish("3", NOW)

with open_warehouse(data) as warehouse:
    load(warehouse, "1", post("a"))
    warehouse.database.execute(MARTS)
    warehouse.publish("1", NOW)
with open_warehouse(data) as warehouse:
    before = canonical_export(warehouse)
landed(data, "2", *texts)
attempt("room", lambda: require_room(data, data / "luister.duckdb"))
fill()
attempt("no room", lambda: require_room(data, data / "luister.duckdb"))
attempt("land", lambda: Landing(data / "landing").write(collected("3", *texts)))
attempt("load", load_all)
attempt("publish", publish)
told["published meanwhile"] = published()
filler.unlink()
with open_warehouse(data) as warehouse:
    told["kept"] = canonical_export(warehouse) == before
attempt("load again", load_all)
attempt("publish again", publish)
with open_warehouse(data) as warehouse:
    told["posts"] = warehouse.database.execute("select count(*) from raw.posts").fetchall()[0][0]
told["published"] = published()
told["left over"] = [path.name for path in data.rglob("*.tmp")]
print(json.dumps(told))
"""


def in_a_small_disk(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script with a folder that is a file system of its own; skips where none may be made."""
    folder.mkdir()
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("no unshare: a file system of our own cannot be made")
    mount = f"mount -t tmpfs -o size={MEGABYTES}m tmpfs {folder}"
    own = [unshare, "--map-root-user", "--mount", "sh", "-c"]
    if subprocess.run([*own, mount], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a file system of their own")
    return subprocess.run(
        [*own, f'{mount} && exec "$0" -c "$1" "$2"', sys.executable, script, str(folder)],
        cwd=REPOSITORY,
        env=os.environ.copy(),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def test_fault_31_a_full_disk_loses_nothing_and_the_same_run_goes_through_after(
    tmp_path: Path,
) -> None:
    done = in_a_small_disk(tmp_path / "disk", INSIDE)

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["room"] == "done"
    assert told["no room"].startswith("WarehouseBusy 75")
    assert "a night wants" in told["no room"]
    assert told["land"].startswith("DiskFull 75")
    assert told["load"].startswith("WarehouseBusy 75")
    assert "free some space" in told["load"]
    assert told["publish"].startswith("WarehouseBusy 75")
    assert told["published meanwhile"] == "1"
    assert told["kept"] is True
    assert (told["load again"], told["publish again"]) == ("done", "done")
    assert (told["posts"], told["published"], told["left over"]) == (1_501, "3", [])
