"""Types are worked out before threads read them: half made ones end the process."""

from __future__ import annotations

import subprocess
import sys

import msgspec

import connectors
from pipeline.typed import settle_types, waiting

AT_ONCE = """
import sys
import threading

import msgspec

from pipeline.typed import settle_types

FIELDS = 30
BODY = msgspec.json.encode({f"f{n}": {f"a{n}": 1, "b": ["x"]} for n in range(FIELDS)})
sys.setswitchinterval(1e-6)


def fresh():
    parts = [
        msgspec.defstruct(f"Part{n}", [(f"a{n}", int, 0), ("b", list[str] | None, None)])
        for n in range(FIELDS)
    ]
    return msgspec.defstruct(
        "Whole", [(f"f{n}", part | None, None) for n, part in enumerate(parts)]
    )


def read(kind, barrier):
    barrier.wait()
    assert msgspec.json.decode(BODY, type=kind).f3.b == ["x"]


for _ in range(60):
    kind, barrier = fresh(), threading.Barrier(4)
    settle_types()
    readers = [threading.Thread(target=read, args=(kind, barrier)) for _ in range(4)]
    for each in readers:
        each.start()
    for each in readers:
        each.join()
"""


def test_threads_may_read_a_type_for_the_first_time_together() -> None:
    done = subprocess.run([sys.executable, "-c", AT_ONCE], check=False, capture_output=True)

    assert (done.returncode, done.stderr) == (0, b"")


def test_the_types_of_a_connector_are_settled_when_it_is_loaded() -> None:
    connectors.load("mastodon")

    assert [each for each in waiting() if each.__module__.startswith("connectors")] == []


class Unreadable(msgspec.Struct):
    """Names a type that nobody knows."""

    value: Nowhere  # type: ignore[name-defined]  # noqa: F821


def test_a_type_that_cannot_be_read_stops_nobody() -> None:
    settle_types()

    assert waiting() == []
