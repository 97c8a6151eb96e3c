"""The models as dbt writes them for Spark, made without dbt and without Spark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader

from pipeline.models import PROJECT

VARIABLES = {
    "peak_k": 3,
    "shape_hub": 0.4,
    "shape_isolates": 0.5,
    "shape_groups": 0.4,
    "shape_two_groups": 0.8,
    "shape_tight": 0.05,
}
NO_MACROS = ("{% materialization", "{% test")


class Dispatch:
    """dbt's ``adapter``: the macro of Spark, or the one that holds for all."""

    def __init__(self, macros: dict[str, Any]) -> None:
        self.macros = macros

    def dispatch(self, name: str, _package: str) -> Callable[..., str]:
        return self.macros.get(f"spark__{name}") or self.macros[f"default__{name}"]


def models() -> list[Path]:
    return sorted((PROJECT / "models").glob("*/*.sql"))


def environment() -> Environment:
    """Jinja with all of dbt that the models use, and the macros of the project."""
    made = Environment(
        loader=FileSystemLoader(PROJECT),
        extensions=["jinja2.ext.do"],
        trim_blocks=False,
    )
    made.globals.update(
        adapter=Dispatch(made.globals),
        ref=lambda name: name,
        source=lambda schema, table: f"{schema}.{table}",
        config=lambda **_: "",
        var=VARIABLES.__getitem__,
        execute=True,
        flags=SimpleNamespace(FULL_REFRESH=True),
        target=SimpleNamespace(type="spark"),
        this="this",
        none=None,
    )
    texts = [path.read_text() for path in sorted((PROJECT / "macros").glob("*.sql"))]
    plain = [text for text in texts if not any(mark in text for mark in NO_MACROS)]
    module = made.from_string("\n".join(plain)).module
    made.globals.update(
        {name: macro for name, macro in vars(module).items() if not name.startswith("_")}
    )
    return made


def rendered(made: Environment, path: Path) -> str:
    """One model as SQL; its name stands for what it makes."""
    sql = made.from_string(path.read_text()).render()
    return f"create table {path.stem} as\n{sql}"
