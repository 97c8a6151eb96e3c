"""The page of commands, from the command line's own help."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import typer.main

from flows.cli import app


def commands_page() -> str:
    """docs/commands.md: every command with its arguments, options and example."""
    group: Any = typer.main.get_command(app)
    contents = "".join(_section(name, command) for name, command in _commands(group))
    return (
        "# Commands\n\n`luister COMMAND --help` says the same on your own screen. "
        "`luister --install-completion` lets your shell complete names and options; `--debug`, "
        "before the command, shows where in the code an error arose.\n\n"
        f"{_codes(group)}\n{contents}"
    )


def _commands(group: Any) -> Iterator[tuple[str, Any]]:
    """Every command with its whole name, those inside a group too."""
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from ((f"{name} {inner}", each) for inner, each in _commands(command))
        else:
            yield name, command


def _codes(group: Any) -> str:
    told = str(group.epilog).removeprefix("Exit codes: ").rstrip(".")
    rows = "".join(
        f"| {code} | {meaning} |\n"
        for code, _, meaning in (each.strip().partition(" ") for each in told.split(","))
    )
    return f"| exit code | meaning |\n|---|---|\n{rows}"


def _section(name: str, command: Any) -> str:
    words = inspect.cleandoc(command.help or "")
    text, *examples = words.split("Example: ")
    lines = "".join(f"{' '.join(example.split())}\n" for example in examples)
    shown = f"\n```sh\n{lines}```\n" if lines else ""
    rows = "".join(_row(each) for each in command.params if each.name != "help")
    table = f"\n| option | default | meaning |\n|---|---|---|\n{rows}" if rows else ""
    return f"\n## luister {name}\n\n{text.strip()}\n{shown}{table}"


def _row(parameter: Any) -> str:
    named = parameter.param_type_name == "option"
    names = ", ".join(f"`{each}`" for each in parameter.opts) if named else f"`{parameter.name}`"
    default = "required" if parameter.required else _default(parameter.default)
    meaning = " ".join((parameter.help or "").split()).replace("|", "\\|")
    return f"| {names} | {default} | {meaning} |\n"


def _default(value: object) -> str:
    empty = value is None or value is False or value in ((), []) or callable(value)
    return "" if empty else f"`{value}`"
