"""Write docs/faults.md: what may go wrong at night, what happens then, and which tests show it.

``python -m docs.faults`` writes it; a test fails when it is stale, or when a fault has no test. The
words stand in ``faults.toml``. A test says which faults it is about: ``@pytest.mark.fault(12)``, or
by its own name: ``test_fault_12_…``. Test files are read, not run.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

HERE: Final = Path(__file__).resolve().parent
TESTS: Final = HERE.parent / "tests"
_NAMED: Final = re.compile(r"test_fault_(\d\d)_")
_HEAD: Final = """<!-- Written by `python -m docs.faults`; do not edit. -->

# Faults

A pipeline that runs at night without anyone looking meets all of these sooner or later. Each is
brought about by tests with real parts: a server that misbehaves, a disk that is full, a process
that is killed, another one that holds the file. They run on every change, but for those marked
“kills”: these take minutes, `make test-kills` runs them. What was counted over all of it stands in
[reliability](reliability.md).

"""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What may go wrong and what happens then; ``open`` says what is not handled, and why."""

    number: int
    fault: str
    happens: str
    open: str = ""


def faults() -> list[Fault]:
    """Every fault of the list, in its order."""
    written = tomllib.loads((HERE / "faults.toml").read_text(encoding="utf-8"))
    return sorted(msgspec.convert(written["fault"], list[Fault]), key=lambda each: each.number)


def shown_by() -> Mapping[int, Sequence[str]]:
    """Tests by the fault they are about, each as ``file::name`` below ``tests/`` in Markdown."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        source = path.read_text(encoding="utf-8")
        if "fault" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                seldom = " (kills)" if "pytest.mark.kills" in _marks(node) else ""
                for number in sorted(set(_numbers(node))):
                    found[number].append(f"`{path.relative_to(TESTS)}::{node.name}`{seldom}")
    return found


def _numbers(node: ast.FunctionDef) -> Iterator[int]:
    if named := _NAMED.match(node.name):
        yield int(named[1])
    for each in node.decorator_list:
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "pytest.mark.fault":
            yield from (ast.literal_eval(given) for given in each.args)


def _marks(node: ast.FunctionDef) -> Sequence[str]:
    return [ast.unparse(each) for each in node.decorator_list]


def faults_page() -> str:
    """The page: what is open first, then one row a fault."""
    tests, listed = shown_by(), faults()
    left = [each for each in listed if each.open]
    done = len([each for each in listed if tests.get(each.number) and not each.open])
    parts = [_HEAD, f"**{done} of {len(listed)}** are tested; a test holds us to each sentence."]
    parts.extend(f"\n\nOpen: {each.number}, {each.fault}. {each.open}" for each in left)
    parts.append("\n\n| | what may go wrong | what happens | shown by |\n|---|---|---|---|\n")
    parts.extend(_row(each, tests.get(each.number, ())) for each in listed)
    return "".join(parts)


def _row(fault: Fault, tests: Sequence[str]) -> str:
    shown = "<br>".join(tests)
    happens = f"{fault.happens} **Open:** {fault.open}" if fault.open else fault.happens
    return f"| {fault.number} | {fault.fault} | {happens} | {shown} |\n"


def main() -> None:
    """Write the page."""
    (HERE / "faults.md").write_text(faults_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
