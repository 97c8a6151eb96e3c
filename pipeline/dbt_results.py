"""What dbt tells of a build: the relations it made, and what went wrong, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from pipeline.errors import ModelError

RELATIONS: Final = ("model", "seed")
TESTS: Final = ("test", "unit_test")
CHANGES_LITTLE: Final = "changes_little"
"""The test that ends a night that adds, where it is quicker to make everything again."""
FAILED: Final = ("error", "fail", "runtime error")


class BuiltModel(msgspec.Struct, frozen=True, kw_only=True):
    """One model that was built.

    ``name`` is ``schema.model``; ``rows`` is None for a view, which holds none.
    """

    name: str
    seconds: float
    rows: int | None


def results_of(outcome: Any) -> list[Any]:
    """What dbt tells of each node it ran.

    Raises:
        ModelError: it came to none.
    """
    results = list(getattr(outcome.result, "results", None) or [])
    if not results:
        raise_exception(outcome)
        raise ModelError(
            "no model was chosen",
            where="--select",
            todo="name one as `from marts.dictionary` does: `luister build --select scorecard`",
        )
    return results


def raise_exception(outcome: Any) -> None:
    """Raise for what kept dbt from doing its work at all."""
    if outcome.exception is not None:
        raise ModelError(first_line(str(outcome.exception))) from outcome.exception


def built_model(result: Any, rows: Mapping[str, int]) -> BuiltModel:
    """A relation that dbt made, and how many of ``rows`` by name it has."""
    name = f"{result.node.schema}.{result.node.name}"
    return BuiltModel(name=name, seconds=float(result.execution_time), rows=rows.get(name))


def failures_of(results: list[Any]) -> list[Any]:
    """What did not go well."""
    return [result for result in results if str(result.status) in FAILED]


def changes_much(results: list[Any]) -> bool:
    """Whether a build ended because there was more to change than a night adds."""
    return any(each.node.name.startswith(CHANGES_LITTLE) for each in failures_of(results))


def raise_first(results: list[Any]) -> None:
    """Raise for the first failure; what was skipped because of it is only counted."""
    failures = failures_of(results)
    if not failures:
        return
    first = failures[0]
    skipped = sum(str(result.status) == "skipped" for result in results)
    others = f"; {len(failures) - 1} more failed" if len(failures) > 1 else ""
    left_out = f"; {skipped} not built because of it" if skipped else ""
    raise ModelError(
        f"{_complaint(first)}{others}{left_out}",
        where=_model_of(first.node),
        todo=f"run `luister build --select {_model_of(first.node)}`",
    )


def _complaint(result: Any) -> str:
    if str(result.status) == "fail" and result.node.resource_type == "test":
        return f"test {result.node.name} found {result.failures or 0} bad rows"
    if str(result.status) == "fail" and result.node.resource_type == "unit_test":
        return f"unit test {result.node.name} got other rows than it expects"
    return f"{result.node.name} cannot be built: {first_line(result.message or '')}"


def _model_of(node: Any) -> str:
    """The model a node is, or tests."""
    attached = getattr(node, "attached_node", None) or getattr(node, "tested_node_unique_id", None)
    if attached:
        return str(attached).rsplit(".", 1)[-1]
    return str(getattr(node, "model", None) or node.name)


def first_line(message: str) -> str:
    """The first line of a message that says anything."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    # dbt's first line only says in which file; the second says what
    return " ".join(lines[:2])
