"""A built warehouse in which one model at a time can be changed, and what hangs on it rebuilt.

Compiled selects are run by themselves, without dbt: a fault is seen in a second. Everything
happens in one transaction that is rolled back, so each fault meets the warehouse as it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb

from pipeline.models import PROJECT
from tests.sql.fault import Fault


class Stale(AssertionError):
    """A fault that cannot be made any more: the text it changes is gone."""


class Workshop:
    """The models of a built warehouse.

    Args:
        database: the warehouse; dbt's target folder lies beside it. It is written in transactions
            that are rolled back.
    """

    def __init__(self, database: Path) -> None:
        self.connection = duckdb.connect(str(database))
        target = database.parent / "dbt" / "target"
        nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
        models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
        self._nodes: dict[str, dict[str, Any]] = {node["name"]: node for node in models.values()}
        self._compiled = target / "compiled" / "luister" / "models"
        self._above = {
            node["name"]: {
                nodes[key]["name"] for key in node["depends_on"]["nodes"] if key in models
            }
            for node in models.values()
        }
        self._order = list(TopologicalSorter(self._above).static_order())

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()

    def text(self, model: str) -> str:
        """A model as it runs at night."""
        node = self._nodes[model]
        folder = PROJECT / "models" if self._is_python(model) else self._compiled
        return (folder / node["path"]).read_text(encoding="utf-8")

    @contextmanager
    def built_with(self, fault: Fault | None, targets: set[str]) -> Iterator[None]:
        """The warehouse as it would be with this fault in it, as far as these targets go.

        Raises:
            Stale: the text to be changed is not in the model.
        """
        self.connection.execute("begin transaction")
        try:
            if fault is not None:
                self._build(fault, targets)
            yield
        finally:
            self.connection.execute("rollback")

    def _build(self, fault: Fault, targets: set[str]) -> None:
        text = self.text(fault.model)
        if fault.old not in text:
            raise Stale(f"{fault.measure}: {fault.old!r} is not in {fault.model}")
        touched = {fault.model}
        wanted = self._with_all_above(targets)
        for name in self._order:
            if name == fault.model:
                self._create(name, text.replace(fault.old, fault.new))
            elif name in wanted and self._above[name] & touched:
                self._create(name, self.text(name))
                touched.add(name)

    def _with_all_above(self, names: set[str]) -> set[str]:
        found = set(names)
        for name in reversed(self._order):
            if name in found:
                found |= self._above[name]
        return found

    def _is_python(self, model: str) -> bool:
        return str(self._nodes[model]["path"]).endswith(".py")

    def _create(self, model: str, text: str) -> None:
        node = self._nodes[model]
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        name = f"{node['schema']}.{node['name']}"
        if not self._is_python(model):
            self.connection.execute(f"create or replace {kind} {name} as {text}")
            return
        module = ModuleType(model)
        exec(compile(text, model, "exec"), module.__dict__)
        self.connection.register("made", module.model(_Dbt(self), None))
        self.connection.execute(f"create or replace table {name} as select * from made")
        self.connection.unregister("made")

    def relation(self, model: str) -> duckdb.DuckDBPyRelation:
        """The rows of a model."""
        return self.connection.table(f"{self._nodes[model]['schema']}.{model}")


class _Dbt:
    """What a Python model asks of dbt: everything is made again."""

    is_incremental = False

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop

    def config(self, **settings: Any) -> None:
        """Nothing to configure here."""

    def ref(self, model: str) -> duckdb.DuckDBPyRelation:
        return self._workshop.relation(model)
