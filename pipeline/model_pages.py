"""The documentation of the models as dbt writes it: one page that needs no network."""

from __future__ import annotations

from pathlib import Path

from pipeline.dbt_results import raise_exception
from pipeline.errors import ModelError
from pipeline.models import connections, dbt_options, project, surroundings


def document(database: Path, page: Path) -> Path:
    """Write dbt's documentation of the models as one page that needs no network.

    Args:
        database: a private DuckDB file in which the models were built; nobody else may have it
            open.
        page: where to write the page.

    Raises:
        ModelError: the models cannot be documented.
    """
    from dbt.cli.main import dbtRunner

    if not database.is_file():
        raise ModelError("there is no database to document", where=str(database))
    folder = database.parent / "dbt"
    arguments = ["docs", "generate", "--static", *dbt_options(folder)]
    with surroundings(database), connections():
        raise_exception(dbtRunner(manifest=project(database)).invoke(arguments))
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_bytes((folder / "target" / "static_index.html").read_bytes())
    return page
