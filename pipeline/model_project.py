"""The SQL project: where it stands, and names for all that decides what it makes."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Iterable
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parent.parent / "sql"
MIGRATIONS: Final = Path(__file__).resolve().parent / "migrations"
RENDERERS: Final = ("dbt-core", "dbt-adapters", "dbt-duckdb", "duckdb")
"""What makes statements of the models."""
ENGINES: Final = (
    "dbt-core",
    "dbt-duckdb",
    "duckdb",
    "holidays",
    "numpy",
    "pyarrow",
    "scipy",
    "scikit-network",
)
"""What decides which rows the models make."""
_MEANING: Final = (".sql", ".py", ".yml", ".csv")


def fingerprint() -> str:
    """A name for all that decides what the models make of the same data.

    SHA-256 over the SQL project, the schema of the private database and the versions of what runs.
    """
    return _digest(ENGINES)


def rendering() -> str:
    """A name for all that decides by which statements dbt makes them, whatever the data."""
    return _digest(RENDERERS)


def _digest(packages: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for folder in (PROJECT, MIGRATIONS):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in _MEANING):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder)} {len(content)}\n".encode() + content)
    for name in packages:
        digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    return digest.hexdigest()
