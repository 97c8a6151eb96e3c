"""The page of what comes of every recording is as the connectors are today."""

from tests.real import coverage
from tests.shared import shared


def test_the_page_is_not_stale() -> None:
    shared("payloads")
    told = coverage.PAGE.read_text("utf-8").splitlines()
    now = coverage.page().splitlines()
    changed = [line for line in now if line not in told] or [
        line for line in told if line not in now
    ]
    assert told == now, f"run `python -m tests.real.coverage`; changed: {changed[:5]}"


def test_nothing_of_what_the_recordings_say_is_on_it() -> None:
    for line in coverage.PAGE.read_text("utf-8").splitlines():
        assert len(line) < 160
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4:
            assert all(
                cell.isdigit() or cell in {"", "posts", "rejected"} for cell in cells[1:3]
            ) or (set(line) <= set("|-:"))
