"""Put one fault in every measure and see that a comparison with the plain loops fails.

``python -m tests.sql.mutations`` builds the random towns, tries every fault and writes
``tests/sql/mutations.md``; it ends with 1 when a fault went unnoticed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.sql.comparisons import COMPARISONS
from tests.sql.fault import Fault
from tests.sql.faults import FAULTS
from tests.sql.towns import build_into
from tests.sql.workshop import Workshop

PAGE = Path(__file__).with_suffix(".md")


def is_noticed(workshop: Workshop, fault: Fault) -> bool:
    """Whether the comparison that must see a fault fails with it."""
    compare, targets = COMPARISONS[fault.seen_in]
    with workshop.built_with(fault, targets):
        try:
            compare(workshop.connection, fault.measure)
        except AssertionError:
            return True
    return False


def check_sound(workshop: Workshop, faults: Iterable[Fault]) -> None:
    """Without a fault the comparisons of these faults hold: a failure later is the fault's.

    Raises:
        AssertionError: one does not.
    """
    for seen_in, measure in sorted(
        {(each.seen_in, each.measure if each.seen_in == "scorecard" else "") for each in faults}
    ):
        COMPARISONS[seen_in][0](workshop.connection, measure)


def page(faults: Sequence[Fault] = FAULTS) -> str:
    """tests/sql/mutations.md: what was done to which measure, and what saw it."""
    lines = [
        "<!-- Written by `python -m tests.sql.mutations`; do not edit. -->",
        "",
        "# One fault a measure",
        "",
        "Each line was tried: the fault was put into the compiled model, what hangs on it was",
        "rebuilt over the random towns, and the comparison with plain loops in Python failed.",
        "",
        "| measure | the slip | in the model | seen by comparing |",
        "|---|---|---|---|",
        *(
            f"| `{each.measure}` | {each.slip} | `{each.model}` | `{each.seen_in}` |"
            for each in faults
        ),
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Try every fault; the path of a built warehouse of the towns spares its building."""
    folder = Path(arguments[0]) if arguments else Path(tempfile.mkdtemp())
    database = folder / "luister.duckdb"
    workshop = Workshop(database if database.exists() else build_into(folder))
    check_sound(workshop, FAULTS)
    unnoticed = []
    for fault in FAULTS:
        noticed = is_noticed(workshop, fault)
        unnoticed += [] if noticed else [fault.measure]
        print(f"{'seen' if noticed else 'NOT SEEN':10}{fault.measure:40}{fault.slip}", flush=True)  # noqa: T201
    if unnoticed:
        return 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
