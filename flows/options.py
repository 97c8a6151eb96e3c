"""The command line itself and the options its commands share; the commands register on it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

_ORDER: Final = (
    *("init", "check", "connectors", "run", "schedule", "listen", "status", "health"),
    *("report", "inbox", "alert", "explore", "sql", "build"),
    *("import", "inspect", "evaluate", "sample", "label", "learn"),
)
"""Commands as a newcomer meets them; others follow in the order of their modules."""


class _InOrder(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        names = super().list_commands(ctx)
        return sorted(names, key=_place)


def _place(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


app = typer.Typer(
    name="luister",
    cls=_InOrder,
    help="""Luister: what people say about your company, and how well you listen.

Begin with `luister demo`, or with `luister init "Company name"`.""",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 failed, 2 configuration, 3 completed with failures, "
    "75 try again later.",
)

ConfigFile = Annotated[
    Path, typer.Option("--config", "-c", help="The configuration.", envvar="LUISTER_CONFIG")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
DEFAULT = Path("luister.toml")
