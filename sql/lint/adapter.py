"""For sqlfluff only: shows a dispatched macro as a plain function call of the same name."""

from __future__ import annotations

from collections.abc import Callable


def dispatch(name: str, _package: str) -> Callable[..., str]:
    """Stand in for dbt's ``adapter.dispatch`` while linting; arguments are SQL texts."""

    def call(*arguments: object) -> str:
        return f"{name}({', '.join(str(argument) for argument in arguments)})"

    return call
