"""A published night is read by the oldest client that is promised to read it: DuckDB 1.4."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from datetime import timedelta
from pathlib import Path

import pytest

from tests.night.played import TODAY, small_world, staged

pytestmark = pytest.mark.servers
OLDEST = "duckdb>=1.4,<1.5"
QUESTION = """
import json, sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as file:
    tables = file.execute("select table_name from duckdb_tables() order by 1").fetchall()
    counts = {name: file.execute(f"select count(*) from marts.{name}").fetchone()[0]
              for (name,) in tables}
    words = file.execute("select count(meaning) from marts.dictionary").fetchone()[0]
    print(json.dumps({"version": duckdb.__version__, "counts": counts, "words": words}))
"""


def test_duckdb_1_4_reads_every_table_of_a_published_night(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    client = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run([client, "-m", "pip", "install", "--quiet", OLDEST], check=True)
    with staged(tmp_path, small_world()) as stage:
        assert stage.play(TODAY - timedelta(days=1)).status == "completed"
        path = (stage.data / "analytics.duckdb").resolve()
        answer = subprocess.run(
            [client, "-c", QUESTION, path], check=True, capture_output=True, text=True
        )
        told = json.loads(answer.stdout)
        ours = dict(stage.ask("select table_name, estimated_size from duckdb_tables()"))

    assert told["version"].startswith("1.4.")
    assert told["counts"] == ours
    assert told["counts"]["posts"] > 100
    assert told["words"] > 100
