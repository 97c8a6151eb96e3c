"""Write sql/recorded.json, the statements of both builds: ``python -m docs.recorded``.

To be run whenever a model, a macro or a test of data has changed; a test fails when it is stale.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec

from pipeline.config import Config
from pipeline.models import PROJECT, build, shipped_key
from pipeline.recorded import Recording
from pipeline.shipped import PATH, written
from pipeline.warehouse import open_warehouse


def page() -> bytes:
    """What the file should hold: a warehouse without posts is built twice by dbt."""
    with tempfile.TemporaryDirectory() as folder:
        database = without_posts(Path(folder))
        for _ in ("full", "adding"):
            build(database, by_dbt=True)
        return written(
            recorded(database, "full"), recorded(database, "adding"), shipped_key(database)
        )


def without_posts(folder: Path) -> Path:
    """The private database of a company that has not listened yet."""
    told = {"contact": "mail@example.org", "organisation": {"name": "Example"}}
    with open_warehouse(folder) as warehouse:
        warehouse.write_configuration(Config.model_validate(told))
    return folder / "luister.duckdb"


def recorded(database: Path, kind: str) -> Recording:
    """What dbt left of a build of this kind."""
    path = database.parent / "dbt" / f"recorded-{kind}.json"
    return msgspec.json.decode(path.read_bytes(), type=Recording)


def main() -> None:
    """Write the file."""
    PATH.write_bytes(page())
    print(PATH.relative_to(PROJECT.parent))  # noqa: T201


if __name__ == "__main__":
    main()
